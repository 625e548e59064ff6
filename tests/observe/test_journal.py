"""The log file: what a line says, when files take turns, and that no key is in any."""

import json
import logging
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from ccr.exchange.record import AttemptRecord, UsageRecord
from ccr.messages.usage import Usage
from ccr.observe.journal import KEPT, Journal, hidden
from ccr.usage.entry import Entry
from tests.fake_upstream import JSON, Script, in_thread
from tests.running import running, write

ATTEMPT = AttemptRecord("zai/glm", "auth", 401, 0.0, 0.2, 0.3, "wrong key", "zai", "glm")
RECORD = UsageRecord(
    "req_0123456789abcdef0123", "3f2a", "s-1", "", "main", "claude-opus-5-5", "rules/10.ccr:3", "zai/glm", (ATTEMPT,),
    "ok", 200, Usage(10, 20), 0.2, 0.5, tags=("busy",),
)  # fmt: skip
ENTRY = Entry(1_763_800_000.0, RECORD, project="/home/ada/work", cost=1500)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("ccr-*.log")) for line in path.read_text().splitlines()]


def test_a_request_is_a_line_with_its_id(tmp_path: Path) -> None:
    journal = Journal(tmp_path, lambda: "info", lambda: 1_763_800_001.5)
    journal.tell(ENTRY)
    journal.close()
    [line] = lines(tmp_path)
    assert (line["level"], line["time"], line["msg"]) == (30, 1_763_800_001_500, "request completed")
    assert (line["reqId"], line["target"], line["rule"]) == ("req_0123456789abcdef0123", "zai/glm", "rules/10.ccr:3")
    assert (line["responseTime"], line["cost"], line["tags"], line["project"]) == (
        500.0,
        0.0015,
        ["busy"],
        "/home/ada/work",
    )
    [path] = tmp_path.glob("*.log")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(("level", "said"), [("debug", 2), ("info", 1), ("warn", 0), ("", 0)])
def test_a_level_says_how_much(tmp_path: Path, level: str, said: int) -> None:
    journal = Journal(tmp_path, lambda: level)
    journal.tell(ENTRY)
    journal.close()
    assert len(lines(tmp_path)) == said


def test_what_failed_is_a_warning_and_what_is_not_to_be_logged_is_not(tmp_path: Path) -> None:
    journal = Journal(tmp_path, lambda: "warn")
    journal.tell(structs.replace(ENTRY, record=structs.replace(RECORD, outcome="error", status=502)))
    journal.tell(structs.replace(ENTRY, record=structs.replace(RECORD, outcome="error"), log="off"))
    journal.close()
    assert [(line["level"], line["statusCode"]) for line in lines(tmp_path)] == [(40, 502)]


def test_files_take_turns_and_old_ones_go(tmp_path: Path) -> None:
    (tmp_path / "notes.log").write_text("somebody else's")
    now = [1_763_800_000.0]
    journal = Journal(tmp_path, lambda: "info", lambda: now[0], largest=600)
    for _ in range(100):
        journal.say("info", {"msg": "x" * 30})
        now[0] += 1
    journal.close()
    files = sorted(tmp_path.glob("ccr-*.log"))
    assert len(files) == KEPT and (tmp_path / "notes.log").read_text() == "somebody else's"
    assert all(path.stat().st_size < 800 for path in files)


def test_a_day_begins_a_new_file(tmp_path: Path) -> None:
    now = [1_763_800_000.0]
    journal = Journal(tmp_path, lambda: "info", lambda: now[0])
    for _ in range(2):
        journal.say("info", {"msg": "a line"})
        now[0] += 90_000
    journal.close()
    assert len(list(tmp_path.glob("ccr-*.log"))) == 2


def test_ccrs_own_troubles_are_in_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path, lambda: "info")
    journal.begin()
    try:
        try:
            raise ValueError("with key sk-planted-0123456789abcdef")
        except ValueError:
            logging.getLogger("ccr.exchange").exception("exchange %s failed in ccr itself", "req_1")
    finally:
        journal.close()
    [line] = lines(tmp_path)
    assert (line["level"], line["name"], line["msg"]) == (50, "ccr.exchange", "exchange req_1 failed in ccr itself")
    assert line["err"]["type"] == "ValueError" and "Traceback" in line["err"]["stack"]
    assert "planted" not in json.dumps(line)


def test_a_disk_that_takes_nothing_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    journal = Journal(tmp_path / "logs", lambda: "info")
    journal.tell(ENTRY)
    journal.close()
    assert journal.dropped == 1


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-PLANTED0123456789abcdef.",
        "Authorization: Bearer PLANTED0123456789",
        "key AIzaSyPLANTED0123456789abcdefghijklmno is not valid",
        "https://user:PLANTED0123@host/v1?key=PLANTED0123",
        "token gsk_PLANTED0123456789abcdef and xai-PLANTED0123456789abcdef",
        "key: 'PLANTED0123456789abcdef0123456789abcdef'",
    ],
)
def test_what_looks_like_a_key_is_stars(text: str) -> None:
    assert "PLANTED" not in hidden({"said": [text]})["said"][0]


@pytest.mark.parametrize(
    "text",
    [
        "req_0123456789abcdef0123",
        "0b8e0e6c-7d3a-4a55-9b0e-111122223333",
        "/home/ada/work/a-project-with-a-rather-long-name/src",
        "openrouter/qwen/qwen3-vl-235b-a22b-instruct",
        "rules/10-routes.ccr:31",
        "overloaded: try again later",
    ],
)
def test_what_is_no_key_stays(text: str) -> None:
    assert hidden(text) == text


def test_a_whole_ccr_writes_where_it_is_asked_to_and_no_key(tmp_path: Path) -> None:
    """A provider that says the key it was sent, in its error; config.json as claude-code-router reads it."""
    said = b'{"type":"error","error":{"type":"authentication_error","message":"wrong key: planted-provider-key-0123456789abcdef"}}'
    with in_thread(Script(401, JSON, (said,))) as upstream:
        provider = {
            "name": "lab",
            "api_base_url": f"{upstream.url}",
            "dialect": "anthropic",
            "api_key": "$LAB_KEY",
            "models": ["m"],
        }
        config = {"LOG": True, "LOG_LEVEL": "debug", "Providers": [provider], "Router": {"default": "lab,m"}}
        write(tmp_path, "config.json", json.dumps(config))
        with running(tmp_path, variables={"LAB_KEY": "planted-provider-key-0123456789abcdef"}) as ccr:
            answer = ccr.ask("a planted-prompt that nobody writes down")
            record = ccr.record(answer)
    attempt, request = lines(tmp_path / "logs")
    assert attempt["reqId"] == request["reqId"] == record.request_id == answer.headers["request-id"]
    assert (attempt["msg"], attempt["statusCode"], request["level"]) == ("attempt", 401, 40)
    assert "planted" not in json.dumps([attempt, request])


@pytest.mark.parametrize("config", [{}, {"LOG": False, "LOG_LEVEL": "info"}])
def test_nobody_asked_nothing_is_written(tmp_path: Path, config: dict[str, Any]) -> None:
    write(tmp_path, "config.json", json.dumps(config))
    with running(tmp_path) as ccr:
        ccr.entry(ccr.ask())
    assert not lines(tmp_path / "logs")


def test_a_reload_can_begin_it(tmp_path: Path) -> None:
    rules = write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    with running(tmp_path, watching=True) as ccr:
        rules.write_text("server { log_level = info }\ndefault route demo/m\n")
        until = time.monotonic() + 10
        while not ccr.live.current.settings.log_level and time.monotonic() < until:
            time.sleep(0.02)
        ccr.entry(ccr.ask())
    assert [line["msg"] for line in lines(tmp_path / "logs")] == ["request completed"]
