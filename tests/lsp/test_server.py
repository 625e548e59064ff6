"""A whole `ccr lsp`, asked by an editor over a pipe."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.editor import Editor, Refusal, editor

RULES = """\
alias fast = hub/small
let big = tokens > 60k
user anna { key = env.K }
when big route fast or deepseek/deepseek-reasoner
when user == anna and deepseek.down route deepseek/deepseek-chat
provider hub { url = "http://localhost:1/v1"; dialect = openai_chat; models = ["lab/small", "lab/large"] }
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for the questions that change nothing for one another."""
    with editor(tmp_path_factory.mktemp("lsp")) as running:
        yield running


def ranges(found: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return sorted((each["range"]["start"]["line"], each["range"]["start"]["character"]) for each in found)


def place(text: str, word: str, nth: int = 0) -> tuple[int, int]:
    """Line and character of a word, in a text of ASCII."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(word, at + 1)
    return text.count("\n", 0, at), at - (text.rfind("\n", 0, at) + 1)


# ---- findings ---------------------------------------------------------------------------------------------------------


def test_findings_come_while_typing_and_go_when_mended(one: Editor) -> None:
    one.open("typing.ccr", "default route deepseek/deepseek-chat\nwhen toknes > 60k tag big\n")
    [found] = one.diagnostics("typing.ccr")
    assert (found["code"], found["severity"], found["source"]) == ("CCR101", 1, "ccr")
    assert found["range"] == {"start": {"line": 1, "character": 5}, "end": {"line": 1, "character": 11}}
    assert "did you mean `tokens`?" in found["message"]
    one.type("typing.ccr", "default route deepseek/deepseek-chat\nwhen tokens > 60k tag big\n")
    assert one.diagnostics("typing.ccr") == []


def test_proofs_are_told_too(one: Editor) -> None:
    one.open(
        "proofs.ccr",
        "when tokens > 5k route deepseek/deepseek-chat\nwhen tokens > 9k route deepseek/deepseek-reasoner\n",
    )
    found = one.diagnostics("proofs.ccr")
    while not found:
        found = one.diagnostics("proofs.ccr")
    [proved] = [each for each in found if each["code"] == "CCR301"]
    assert "move line 2 above line 1" in proved["message"] and proved["relatedInformation"]


def test_an_open_document_stands_over_the_file_on_the_disk(one: Editor) -> None:
    (one.folder / "parts.ccr").write_text("alias small = deepseek/deepseek-chat\n")
    one.open("whole.ccr", 'import "parts.ccr"\ndefault route tiny\n')
    assert "CCR104" in [each["code"] for each in one.diagnostics("whole.ccr")]
    one.open("parts.ccr", "alias tiny = deepseek/deepseek-chat\n")
    one.type("whole.ccr", 'import "parts.ccr"\ndefault route tiny\n\n')
    assert one.diagnostics("whole.ccr") == []


def test_files_of_a_folder_named_rules_are_one_layer(one: Editor) -> None:
    (one.folder / "rules").mkdir()
    (one.folder / "rules" / "10.ccr").write_text("alias small = deepseek/deepseek-chat\n")
    one.open("rules/20.ccr", "default route small\n")
    assert one.diagnostics("rules/20.ccr") == []


def test_columns_are_utf_16_unless_agreed_otherwise(one: Editor, tmp_path: Path) -> None:
    text = 'when prompt ~ "😀" and toknes > 60k tag big\n'
    one.open("smile.ccr", text)
    start = one.diagnostics("smile.ccr")[0]["range"]["start"]["character"]
    assert start == len(text[: text.index("toknes")]) + 1
    with editor(tmp_path, encodings=("utf-8", "utf-16")) as other:
        assert other.capabilities["positionEncoding"] == "utf-8"
        other.open("smile.ccr", text)
        start = other.diagnostics("smile.ccr")[0]["range"]["start"]["character"]
        assert start == len(text[: text.index("toknes")].encode())


# ---- completion -------------------------------------------------------------------------------------------------------


def test_after_route_stand_aliases_and_models_with_window_and_price(one: Editor) -> None:
    one.open("route.ccr", f"{RULES}when image route ")
    found = one.completions("route.ccr", 6, 17)
    assert found["fast"]["detail"] == "hub/lab/small"
    assert "special target" in found["requested"]["detail"]
    model = found["anthropic/claude-haiku-4-5"]
    assert "200k window" in model["detail"] and "$1 in, $5 out" in model["detail"]
    assert found["fast"]["sortText"] < model["sortText"]
    assert model["textEdit"]["range"]["start"] == {"line": 6, "character": 17}


def test_conditions_are_completed_by_place(one: Editor) -> None:
    one.open("when.ccr", RULES)
    for line, wanted, unwanted in (
        ("when ", {"big", "tokens", "deepseek.down"}, {"fast", "route"}),
        ("when tokens ", {">", ">=", "in"}, {"has", "~", "route"}),
        ("when tools ", {"has", "~"}, {">"}),
        ("when image ", {"and", "route", "deny"}, {">"}),
        ("when kind == ", {"main", "title"}, {"fast"}),
        ("when kind in [main, ", {"title"}, {"fast"}),
        ("when user == ", {"anna"}, {"fast"}),
        ("set ", {"max_tokens", "effort"}, {"tokens"}),
        ("set effort = ", {"low", "high"}, set()),
        ("use ", {"maxtoken"}, {"tokens"}),
        ("use maxtoken(", {"max_tokens"}, {"tokens"}),
        ("provider new { ", {"url", "dialect", "model"}, {"port"}),
        ("provider new { dialect = ", {"openai_chat"}, set()),
        ("server { ", {"port", "zone"}, {"url"}),
        ("only ", {"deepseek/*"}, {"requested"}),
        ("when image { ", {"route", "tag", "when"}, {"let"}),
        ("", {"when", "let", "provider"}, {"and"}),
    ):
        one.type("when.ccr", RULES + line)
        found = set(one.completions("when.ccr", 6, len(line)))
        assert wanted <= found, line
        assert not unwanted & found, line


def test_nothing_is_completed_in_a_comment(one: Editor) -> None:
    one.open("comment.ccr", "# when ")
    assert one.completions("comment.ccr", 0, 7) == {}


# ---- hovers, hints, outline -------------------------------------------------------------------------------------------


def test_hovers_say_what_a_word_means(one: Editor) -> None:
    one.open("hover.ccr", RULES)
    for word, nth, said in (
        ("tokens", 0, "cost: count"),
        ("60k", 0, "= 60,000"),
        ("big", 1, "let big = tokens > 60k"),
        ("fast", 1, "comes to hub/lab/small"),
        ("small", 0, "hub/lab/small"),
        ("deepseek-chat", 0, "window"),
        ("anna", 1, "user anna"),
        ("deepseek.down", 0, "deepseek"),
        ("when", 0, "e.g."),
        ("key", 0, "sha256"),
    ):
        line, character = place(RULES, word, nth)
        assert said in one.hover("hover.ccr", line, character + 1), word


def test_a_finding_shows_its_page(one: Editor) -> None:
    one.open("page.ccr", "when toknes > 60k tag x\n# ccr: allow(CCR101)\n")
    assert "CCR101 unknown-attribute" in one.hover("page.ccr", 0, 6)
    assert "CCR101" in one.hover("page.ccr", 1, 16)


def test_a_short_name_shows_what_it_comes_to(one: Editor) -> None:
    one.open("hints.ccr", RULES)
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    params = {"textDocument": {"uri": one.uri("hints.ccr")}, "range": everything}
    found = one.ask("textDocument/inlayHint", params)
    assert [(each["position"]["line"], each["label"]) for each in found] == [
        (0, "→ hub/lab/small"),
        (3, "→ hub/lab/small"),
    ]


def test_an_outline_has_the_headings_of_comments(one: Editor) -> None:
    one.open("outline.ccr", f"# ---- names ----\n{RULES}# ==== people ====\nwhen image {{\n  tag a\n}}\n")
    document = {"textDocument": {"uri": one.uri("outline.ccr")}}
    names, people = one.ask("textDocument/documentSymbol", document)
    assert (names["name"], people["name"]) == ("names", "people")
    assert [each["name"] for each in names["children"]][:3] == ["fast", "big", "anna"]
    assert [each["name"] for each in people["children"]] == ["when image"]
    assert {"startLine": 8, "endLine": 10} in one.ask("textDocument/foldingRange", document)


def test_words_are_coloured_by_what_they_are(one: Editor) -> None:
    one.open("colours.ccr", RULES)
    legend = one.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"]
    data = one.ask("textDocument/semanticTokens/full", {"textDocument": {"uri": one.uri("colours.ccr")}})["data"]
    lines, line, column = RULES.splitlines(), 0, 0
    found = []
    for start in range(0, len(data), 5):
        down, right, length, kind, _ = data[start : start + 5]
        line, column = line + down, right + (0 if down else column)
        found.append((lines[line][column : column + length], legend[kind]))
    assert ("big", "variable") in found and ("fast", "function") in found and ("tokens", "property") in found
    assert ("deepseek", "class") in found and ("anna", "enumMember") in found


# ---- names ------------------------------------------------------------------------------------------------------------


def test_a_name_leads_to_where_it_is_given(one: Editor) -> None:
    one.open("names.ccr", RULES)
    for word, nth, given in (("big", 1, (1, 4)), ("fast", 1, (0, 6)), ("anna", 1, (2, 5))):
        found = one.ask("textDocument/definition", one.at("names.ccr", *place(RULES, word, nth)))
        assert ranges(found) == [given]
    params = one.at("names.ccr", *place(RULES, "fast"), context={"includeDeclaration": True})
    assert ranges(one.ask("textDocument/references", params)) == [(0, 6), (3, 15)]


def test_a_file_that_is_named_is_found(one: Editor) -> None:
    (one.folder / "pick.py").write_text("import re\n\n\ndef pick(request):\n    return None\n")
    text = 'when python "pick.py:pick" tag x\n'
    one.open("python.ccr", text)
    [found] = one.ask("textDocument/definition", one.at("python.ccr", 0, 15))
    assert found["uri"] == one.uri("pick.py") and found["range"]["start"]["line"] == 3


def test_a_name_is_changed_in_all_files(one: Editor) -> None:
    folder = one.folder / "team" / "rules"
    folder.mkdir(parents=True)
    (folder / "10.ccr").write_text("alias small = deepseek/deepseek-chat\n")
    text = "when image route small\ndefault route small or requested\nexpect small for { image }\n"
    one.open("team/rules/20.ccr", text)
    edit = one.ask("textDocument/rename", one.at("team/rules/20.ccr", 0, 18, newName="tiny"))
    assert {uri.rpartition("/")[2]: ranges(edits) for uri, edits in edit["changes"].items()} == {
        "10.ccr": [(0, 6)],
        "20.ccr": [(0, 17), (1, 14), (2, 7)],
    }
    assert {each["newText"] for edits in edit["changes"].values() for each in edits} == {"tiny"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("when", "word of the language"),
        ("big", "already"),
        ("a b", "an `=` is missing"),
        ("tokens", "attribute"),
    ],
)
def test_a_name_that_would_break_the_rules_is_refused(one: Editor, name: str, why: str) -> None:
    document = f"refused-{name.replace(' ', '')}.ccr"
    one.open(document, f"{RULES}let other = image\nwhen other tag x\n")
    with pytest.raises(Refusal, match=why):
        one.ask("textDocument/rename", one.at(document, 6, 5, newName=name))


def test_what_nobody_named_is_not_renamed(one: Editor) -> None:
    one.open("attribute.ccr", RULES)
    with pytest.raises(Refusal, match="only what rules name"):
        one.ask("textDocument/prepareRename", one.at("attribute.ccr", *place(RULES, "tokens")))


# ---- mending and style ------------------------------------------------------------------------------------------------


def test_a_finding_offers_its_mending(one: Editor) -> None:
    one.open("mend.ccr", "when tokenss > 60k tag x\n")
    one.diagnostics("mend.ccr")
    area = {"start": {"line": 0, "character": 6}, "end": {"line": 0, "character": 6}}
    params = {"textDocument": {"uri": one.uri("mend.ccr")}, "range": area, "context": {"diagnostics": []}}
    quick, everything = one.ask("textDocument/codeAction", params)
    assert (quick["title"], quick["kind"], quick["isPreferred"]) == ("Write `tokens`", "quickfix", True)
    assert quick["edit"]["changes"][one.uri("mend.ccr")] == [
        {
            "range": {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 12}},
            "newText": "tokens",
        }
    ]
    assert everything["kind"] == "source.fixAll.ccr" and everything["edit"] == quick["edit"]


def test_a_mending_that_may_change_the_meaning_says_so(one: Editor) -> None:
    one.open("unsafe.ccr", "when tokns_ount > 60k tag x\nwhen messsagess > 3 tag y\n")
    found = [each["code"] for each in one.diagnostics("unsafe.ccr")]
    area = {"start": {"line": 1, "character": 6}, "end": {"line": 1, "character": 6}}
    params = {"textDocument": {"uri": one.uri("unsafe.ccr")}, "range": area, "context": {"diagnostics": []}}
    actions = one.ask("textDocument/codeAction", params)
    assert found and [each["title"] for each in actions] == ["Write `messages` (may change the meaning)"]
    assert not actions[0].get("isPreferred")


def test_a_condition_gets_a_name(one: Editor) -> None:
    text = "let condition = pdf\ntag x\nwhen image {\n  when tokens > 5k and tools has Bash tag y\n}\n"
    one.open("extract.ccr", text)
    area = {"start": {"line": 3, "character": 10}, "end": {"line": 3, "character": 10}}
    context = {"diagnostics": [], "only": ["refactor"]}
    params = {"textDocument": {"uri": one.uri("extract.ccr")}, "range": area, "context": context}
    [action] = one.ask("textDocument/codeAction", params)
    assert (action["title"], action["kind"]) == ("Name this condition", "refactor.extract")
    assert applied(text, action["edit"]["changes"][one.uri("extract.ccr")]) == (
        "let condition = pdf\ntag x\nlet condition-2 = tokens > 5k and tools has Bash\n"
        "when image {\n  when condition-2 tag y\n}\n"
    )


def test_what_does_not_hold_becomes_an_example(one: Editor) -> None:
    text = "when tokens > 5k route deepseek/deepseek-chat\ndefault route deepseek/deepseek-reasoner\nexpect deepseek/deepseek-reasoner when image\n"
    one.open("witness.ccr", text)
    found = one.diagnostics("witness.ccr")
    while not any(each["code"] == "CCR501" for each in found):
        found = one.diagnostics("witness.ccr")
    area = next(each["range"] for each in found if each["code"] == "CCR501")
    context = {"diagnostics": [], "only": ["refactor"]}
    params = {"textDocument": {"uri": one.uri("witness.ccr")}, "range": area, "context": context}
    [action] = one.ask("textDocument/codeAction", params)
    written = applied(text, action["edit"]["changes"][one.uri("witness.ccr")]).splitlines()
    assert written[3] == "expect deepseek/deepseek-reasoner for { image, tokens = 5001 }"


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """A text of ASCII with an editor's edits made."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(place: dict[str, int]) -> int:
        return starts[place["line"]] + place["character"]

    for edit in sorted(edits, key=lambda each: -offset(each["range"]["start"])):
        text = text[: offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]) :]
    return text


def test_formatting_is_that_of_ccr_fmt(one: Editor) -> None:
    text = "when   tokens>60k   route deepseek/deepseek-chat # long\n"
    one.open("style.ccr", text)
    params = {"textDocument": {"uri": one.uri("style.ccr")}, "options": {"tabSize": 4, "insertSpaces": True}}
    [edit] = one.ask("textDocument/formatting", params)
    done = subprocess.run(
        [sys.executable, "-m", "ccr", "fmt", "-"], input=text, capture_output=True, text=True, check=True
    )
    assert edit["newText"] == done.stdout != text
    one.type("style.ccr", "when tokens > route\n")
    assert one.ask("textDocument/formatting", params) == []


# ---- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_document_that_is_no_file_yet_is_checked(one: Editor) -> None:
    one.open("untitled:Untitled-1", "when toknes > 60k tag x\n")
    assert [each["code"] for each in one.diagnostics("untitled:Untitled-1")] == ["CCR101"]


def test_other_documents_are_let_be(one: Editor) -> None:
    document = {"uri": one.uri("package.json"), "languageId": "json", "version": 1, "text": "{"}
    one.notify("textDocument/didOpen", {"textDocument": document})
    assert one.ask("textDocument/hover", one.at("package.json", 0, 0)) is None


def test_a_config_json_that_keeps_everything_from_loading_is_told_of(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.json").write_text('{"PORT": 3456,, "APIKEY": "planted-key-0123456789"}')
    with editor(tmp_path, home=home) as running:
        running.open("a.ccr", "default route deepseek/deepseek-chat\n")
        found = running.diagnostics("home/config.json")
        assert found and found[0]["severity"] == 1
        assert "planted-key" not in str(found)


def test_no_key_is_ever_shown(one: Editor) -> None:
    text = 'provider mine { url = "https://u:hidden-login@host/v1?key=hidden-query"; key = env.DEEPSEEK_API_KEY }\nonly mine, deepseek\n'
    one.open("keys.ccr", text)
    said = [one.hover("keys.ccr", 0, 10), one.hover("keys.ccr", 1, 6), one.hover("keys.ccr", 1, 14)]
    one.type("keys.ccr", f"{text}provider other {{ key = ")
    said.append(str(one.completions("keys.ccr", 2, 23)))
    assert all(said)
    assert "planted" not in str(said) and "hidden" not in str(said)


def test_it_ends_with_the_pipe(tmp_path: Path) -> None:
    with editor(tmp_path) as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert running.process.wait(10) == 0


def test_lenses_are_offered_and_there_are_none_without_a_log(one: Editor) -> None:
    assert "codeLensProvider" in one.capabilities
    one.open("lens.ccr", RULES)
    assert one.ask("textDocument/codeLens", {"textDocument": {"uri": one.uri("lens.ccr")}}) == []
