"""Help while writing, over the API: the words that `ccr lsp` gives, and nothing of a key."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.running import running, write


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    write(tmp_path, "rules/10.ccr", "alias quick = demo/m\ndefault route quick\n")
    with running(tmp_path) as ccr:
        yield logged_in(ccr)


def asked(visitor: Visitor, what: str, text: str) -> dict[str, object]:
    """`|` is the cursor."""
    body = {"name": "20.ccr", "text": text.replace("|", ""), "offset": text.index("|")}
    found: dict[str, object] = visitor.send("POST", f"/rules/{what}", body).json
    return found


def test_the_words_that_may_stand_there_come_with_what_is_known_of_them(visitor: Visitor) -> None:
    said = asked(visitor, "complete", "# é𝄞\nwhen tok| > 60k route quick\n")
    assert said["start"] == len("# é𝄞\nwhen ")
    words = said["words"]
    assert isinstance(words, list) and words[0]["text"] == "tokens"
    assert words[0]["kind"] == "property" and "**tokens**" in words[0]["about"]


def test_own_names_of_other_files_are_offered_where_a_target_stands(visitor: Visitor) -> None:
    words = asked(visitor, "complete", "when agent route |")["words"]
    assert isinstance(words, list) and words[0]["text"] == "quick" and "demo/m" in words[0]["detail"]


def test_in_a_comment_nothing_is_offered(visitor: Visitor) -> None:
    assert asked(visitor, "complete", "# when tok|")["words"] == []


def test_a_word_is_explained_and_a_code_gives_its_page(visitor: Visitor) -> None:
    said = asked(visitor, "hover", "when to|kens > 60k route quick\n")
    assert (said["start"], said["end"]) == (5, 11) and str(said["text"]).startswith("**tokens**")
    assert "unknown-attribute" in str(asked(visitor, "hover", "# CCR1|01\n")["text"])
    assert asked(visitor, "hover", "when agent   |  route quick\n")["text"] == ""


def test_a_place_outside_of_the_text_is_its_end(visitor: Visitor) -> None:
    assert visitor.send("POST", "/rules/complete", {"name": "2.ccr", "text": "", "offset": 99}).json["start"] == 0
