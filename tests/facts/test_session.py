"""Which conversation, where, and what answered it last (acceptance J6; amendments C.9; rulings R40 to R42)."""

import json
from typing import Any

import pytest

from ccr.facts.paths import normal_path
from ccr.facts.state import State
from tests.facts.asking import read, result, said

UUID = "3f2b8c1e-0d4a-4b6f-9a57-1c2d3e4f5a6b"
ENVIRONMENT = "# Environment\n - Primary working directory: /home/ann/work/vault\n - Platform: linux"


@pytest.mark.parametrize(
    ("user_id", "session"),
    [
        (f"user_abc123_account_9_session_{UUID}", UUID),
        (json.dumps({"device_id": "d", "account_uuid": "", "session_id": UUID}), UUID),
        ("{not json", ""),
        (json.dumps({"session_id": 5}), ""),
        (json.dumps([UUID]), ""),
        ("{" * 5000, ""),
        ("someone", ""),
        ("user_a_session_../../etc/passwd", ""),
        ("user_a_session_" + "x" * 65, ""),
        (None, ""),
        (7, ""),
    ],
)
def test_the_session_in_the_metadata(user_id: Any, session: str) -> None:
    assert read("session", {"metadata": {"user_id": user_id}}) == session


def test_the_header_wins_and_garbage_is_nothing() -> None:
    body = {"metadata": {"user_id": f"user_a_account_b_session_{UUID}"}}
    assert read("session", body, x_claude_code_session_id="s-1") == "s-1"
    assert read("session", body, x_claude_code_session_id="../s") == UUID
    for metadata in (None, [], "x", {}):
        assert read("session", {"metadata": metadata}) == ""


def test_the_project_where_each_client_tells_it() -> None:
    assert (
        read("project", {"messages": [said("user", "hi"), {"role": "system", "content": ENVIRONMENT}]})
        == "~/work/vault"
    )
    assert read("project", {"system": [{"type": "text", "text": ENVIRONMENT}]}) == "~/work/vault"
    assert read("project", {"system": "<env>\nWorking directory: /srv/app/\n</env>"}) == "/srv/app"
    first = said("user", f"<system-reminder>\n{ENVIRONMENT}\n</system-reminder>", "hi")
    assert read("project", {"messages": [first]}) == "~/work/vault"
    safeguards = [{"classifier_context": {"live_cwd": "/Users/bob/x"}}]
    assert read("project", {"safeguards": safeguards}) == "~/x"


def test_the_header_tells_best() -> None:
    assert read("project", {"system": ENVIRONMENT}, x_ccr_project="/root/other/") == "~/other"


def test_a_file_or_later_text_does_not_move_the_project() -> None:
    elsewhere = ENVIRONMENT.replace("vault", "public")
    later = [said("assistant", "ok"), said("user", elsewhere), said("user", result(elsewhere))]
    assert read("project", {"messages": [said("user", "hi"), *later]}) == ""
    assert read("project", {"system": ENVIRONMENT, "messages": [said("user", elsewhere), *later]}) == "~/work/vault"


def test_a_request_that_does_not_tell_is_where_its_session_was() -> None:
    known = State({"project": "~/work/vault"})
    assert read("project", {"messages": [said("user", "hi")]}, state=known) == "~/work/vault"
    assert read("project", {"system": "Working directory: /srv"}, state=known) == "/srv"


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        ("", ""),
        ("/", "/"),
        ("/home/ann", "~"),
        ("/home/ann/", "~"),
        ("/home/ann/Work/A", "~/Work/A"),
        ("/Users/ann/x", "~/x"),
        ("/root/x", "~/x"),
        ("/rooted/x", "/rooted/x"),
        ("/home", "/home"),
        ("/srv//app/./b/../c/", "/srv/app/c"),
        ("/home/ann/vault/../../eve", "~"),
        ("C:\\Users\\Ann\\Work\\Vault", "~/work/vault"),
        ("c:/Users/ann", "~"),
        ("D:\\Src\\App\\", "d:/src/app"),
        ("\\\\Server\\Share\\X", "//server/share/x"),
        ("~/work/acme", "~/work/acme"),
    ],
)
def test_one_spelling_for_each_directory(path: str, normal: str) -> None:
    assert normal_path(path) == normal
    assert normal_path(normal) == normal


def test_the_repository_by_header() -> None:
    assert read("repo", {}, x_ccr_repo="github.com/acme/payments") == "github.com/acme/payments"
    assert read("repo", {}) == ""


def test_state_as_sampled_else_zero() -> None:
    state = State(
        {"last.model": "gemini/gemini-2.5-pro", "last.tokens": 9, "ollama.down": True, "user.spend.today": 5_000_000,
         "groq.spend.month": 3, "anthropic.used": 81.5}
    )  # fmt: skip
    for name, value in state.values.items():
        assert read(name, {}, state=state) == value
        assert type(read(name, {})) is type(value) and not read(name, {})
    for name in (
        "spend.today",
        "requests.minute",
        "project.requests.hour",
        "session.spend",
        "groq.latency",
        "groq.load",
    ):
        assert read(name, {}, state=state) == 0
    assert read("groq.limited", {}) is False


def test_a_folder_that_is_not_ascii_comes_percent_encoded() -> None:
    assert read("project", {}, x_ccr_project="UTF-8''/home/ann/gr%C3%B6%C3%9Fe%201") == "~/größe 1"
    assert read("project", {}, x_ccr_project="/srv/100%25") == "/srv/100%25"
