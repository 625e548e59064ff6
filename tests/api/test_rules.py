"""The rule files over the API: read without keys, checked in the words of `ccr check`, saved only by who saw what is there."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.running import Running, running, write

ROOT = Path(__file__).parents[2]
KEY = "sk-canary-0123456789"
RULES = f"""# mine
provider local {{ url = "http://127.0.0.1:9/v1"; dialect = openai_chat; key = "{KEY}" }}
when tokens > 60k route demo/long
default route demo/m
"""


@pytest.fixture
def ccr(tmp_path: Path) -> Iterator[Running]:
    write(tmp_path, "rules/10.ccr", RULES)
    with running(tmp_path) as served:
        yield served


@pytest.fixture
def visitor(ccr: Running) -> Visitor:
    return logged_in(ccr)


def read(visitor: Visitor) -> dict[str, str]:
    found: dict[str, str] = visitor.get("/rules/file?name=10.ccr").json
    return found


def save(visitor: Visitor, text: str, version: str, **more: object) -> dict[str, object]:
    answer = visitor.send("PUT", "/rules/file", {"name": "10.ccr", "text": text, "seen": version, **more})
    return {"status": answer.status, **answer.json}


def test_files_are_listed_with_their_layers(visitor: Visitor) -> None:
    listed = visitor.get("/rules").json
    assert [(each["name"], each["layer"], each["writable"]) for each in listed["files"]] == [
        ("10.ccr", "user", True),
        ("default.ccr", "shipped", False),
    ]
    assert listed["snapshot"] == visitor.ccr.live.current.id


def test_a_key_does_not_leave_and_is_there_again_when_saved(visitor: Visitor, tmp_path: Path) -> None:
    file = read(visitor)
    assert KEY not in file["text"] and "kept-" in file["text"]
    moved = file["text"].replace("# mine\n", "").replace("60k", "70k")
    saved = save(visitor, moved, file["version"])
    assert saved["status"] == 200 and saved["live"] is True
    text = (tmp_path / "rules" / "10.ccr").read_text()
    assert text == RULES.replace("# mine\n", "").replace("60k", "70k")
    assert stat.S_IMODE((tmp_path / "backups").iterdir().__next__().stat().st_mode) == 0o600


def test_what_was_there_is_kept(visitor: Visitor, tmp_path: Path) -> None:
    file = read(visitor)
    save(visitor, file["text"].replace("60k", "70k"), file["version"])
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.read_text() == RULES and backup.name.endswith("-10.ccr")


def test_two_windows_get_a_conflict_and_lose_nothing(visitor: Visitor, tmp_path: Path) -> None:
    file, before = read(visitor), visitor.ccr.live.current.id
    assert save(visitor, file["text"].replace("60k", "70k"), file["version"])["live"] is True
    late = visitor.send(
        "PUT", "/rules/file", {"name": "10.ccr", "text": file["text"], "seen": file["version"]}, seen=before
    )
    assert late.status == 412
    answer = save(visitor, file["text"], file["version"])
    assert answer["status"] == 412
    error = answer["error"]
    assert isinstance(error, dict)
    assert "70k" in error["text"] and KEY not in error["text"] and error["version"] != file["version"]
    assert "70k" in (tmp_path / "rules" / "10.ccr").read_text()


def test_a_file_that_an_editor_changed_meanwhile_is_not_overwritten(visitor: Visitor, tmp_path: Path) -> None:
    """Broken or not, loaded or not: the snapshot may be the same."""
    file = read(visitor)
    write(tmp_path, "rules/10.ccr", "when toknes > 1 route demo/x\n")
    assert save(visitor, file["text"], file["version"])["status"] == 412
    assert (tmp_path / "rules" / "10.ccr").read_text() == "when toknes > 1 route demo/x\n"


def test_what_does_not_load_is_saved_only_when_that_is_wanted(visitor: Visitor, tmp_path: Path) -> None:
    file, before = read(visitor), visitor.ccr.live.current.id
    broken = file["text"].replace("tokens", "toknes")
    refused = save(visitor, broken, file["version"])
    assert refused["status"] == 422
    error = refused["error"]
    assert isinstance(error, dict) and "toknes" in error["findings"]["text"]
    assert (tmp_path / "rules" / "10.ccr").read_text() == RULES
    wanted = save(visitor, broken, file["version"], broken=True)
    assert (wanted["status"], wanted["live"], wanted["snapshot"]) == (200, False, before)
    assert visitor.get("/status").json["failure"]["findings"]["summary"]["errors"] == 1


def test_a_text_is_checked_in_the_words_of_ccr_check(tmp_path: Path) -> None:
    text = "when toknes > 60k route demo/long\nwhen tokens > 60 and tokens < 10 route demo/x\ndefault route demo/m\n"
    path = write(tmp_path, "rules/10.ccr", text)
    environment = {"PATH": os.environ["PATH"], "CCR_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "ccr", "check", "--json", str(path.parent)],
        capture_output=True,
        env=environment,
        timeout=30,
        check=False,
    )
    path.write_text("default route demo/m\n")
    with running(tmp_path) as ccr:
        said = logged_in(ccr).send("POST", "/rules/check", {"name": "10.ccr", "text": text}).json
    assert said["findings"] == json.loads(done.stdout)["findings"] != []


def test_findings_point_at_what_the_person_sees(visitor: Visitor) -> None:
    """The word for a key is not as long as the key."""
    text = read(visitor)["text"].replace('" }', '"; wrong = 1 }')
    (finding,) = (
        each
        for each in visitor.send("POST", "/rules/check", {"name": "10.ccr", "text": text}).json["findings"]
        if each["severity"] == "error"
    )
    line = text.splitlines()[finding["range"]["start"]["line"] - 1]
    assert line[finding["range"]["start"]["column"] - 1 :].startswith("wrong")


def test_a_text_is_formatted_and_keys_stay_hidden(visitor: Visitor) -> None:
    text = read(visitor)["text"].replace("tokens > 60k", "tokens   >   60k")
    answer = visitor.send("POST", "/rules/format", {"name": "10.ccr", "text": text}).json
    assert "tokens > 60k" in answer["text"] and KEY not in answer["text"] and "kept-" in answer["text"]
    odd = visitor.send("POST", "/rules/format", {"name": "10.ccr", "text": "when when"}).json
    assert odd["text"] is None and odd["findings"]["findings"]


def test_what_would_change_is_proved_before_it_is_saved(visitor: Visitor) -> None:
    text = read(visitor)["text"]
    same = visitor.send("POST", "/rules/compare", {"name": "10.ccr", "text": text + "# a word\n"}).json
    assert same["difference"]["equal"] is True and same["changed"] is True
    other = visitor.send("POST", "/rules/compare", {"name": "10.ccr", "text": text.replace("60k", "70k")}).json
    assert other["difference"]["equal"] is False
    assert any(each["before"] == "demo/long" and each["after"] == "demo/m" for each in other["difference"]["kinds"])
    broken = visitor.send("POST", "/rules/compare", {"name": "10.ccr", "text": "when toknes > 1 route a/b"}).json
    assert broken["difference"] is None and broken["findings"]["summary"]["errors"] == 1


def test_a_new_file_and_its_end(visitor: Visitor, tmp_path: Path) -> None:
    made = visitor.send("PUT", "/rules/file", {"name": "20-new.ccr", "text": "when agent route demo/a\n", "seen": ""})
    assert made.json["live"] and made.json["backup"] is None
    assert stat.S_IMODE((tmp_path / "rules" / "20-new.ccr").stat().st_mode) == 0o600
    taken = visitor.send("PUT", "/rules/file", {"name": "20-new.ccr", "text": "", "seen": ""})
    assert taken.status == 412
    gone = visitor.send("DELETE", "/rules/file", {"name": "20-new.ccr", "seen": made.json["version"]})
    assert gone.json["live"] and not (tmp_path / "rules" / "20-new.ccr").exists()
    assert len(list((tmp_path / "backups").iterdir())) == 1


@pytest.mark.parametrize(
    "name",
    [
        "../config.json",
        "/etc/passwd",
        "a/b.ccr",
        "x.txt",
        ".ccr",
        "..ccr",
        "\x00.ccr",
        "a\\b.ccr",
        "x" * 200 + ".ccr",
        "x.ccr\n",
    ],
)
def test_no_path_comes_in(visitor: Visitor, name: str) -> None:
    for method, path in (("PUT", "/rules/file"), ("DELETE", "/rules/file"), ("POST", "/rules/check")):
        assert visitor.send(method, path, {"name": name, "text": "", "seen": ""}).status == 400, method


def test_an_old_word_for_a_key_after_a_new_start_is_a_conflict_not_a_loss(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", RULES)
    with running(tmp_path) as ccr:
        file = read(logged_in(ccr))
    (tmp_path / "ui.json").unlink()
    with running(tmp_path) as ccr:
        answer = save(logged_in(ccr), file["text"], file["version"])
    assert answer["status"] == 412
    assert (tmp_path / "rules" / "10.ccr").read_text() == RULES
