"""Where a request of this machine takes place: the client's file of its session, and the git beside its project."""

import asyncio
import json
import os
import subprocess
from functools import partial
from pathlib import Path

import pytest

from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.lang.values import Undecided, Unknown
from ccr.launcher.login import repository
from ccr.live.whereabouts import Sessions, Whereabouts, client_folder
from ccr.proxy.decision import settle
from ccr.routing.decide import decide
from ccr.routing.decision import Decision
from ccr.routing.vocabulary import vocabulary
from tests.routing.world import NOON, asked, world

SESSION = "3f2a77c1-0000-4000-8000-000000000001"
HEADERS = (("x-claude-code-session-id", SESSION),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "projects" / "-srv-shop"
    place.mkdir(parents=True)
    lines = [
        {"type": "summary"},
        "no object",
        {"cwd": 5},
        {"type": "user", "cwd": "/srv/shop"},
        {"cwd": "/srv/elsewhere"},
    ]
    (place / f"{SESSION}.jsonl").write_text('{"cwd": broken\n' + "\n".join(map(json.dumps, lines)))
    return tmp_path / "projects"


def local(*, headers: tuple[tuple[str, str], ...] = HEADERS, here: bool = True) -> Facts:
    request = asked(headers=headers).inputs.request
    return Facts(vocabulary().readers, Inputs(request, NOON, local=here))


def test_the_first_directory_of_the_session_counts(folder: Path) -> None:
    assert Sessions(folder).directory(SESSION) == "/srv/shop"


def test_a_file_that_comes_later_is_found_then(folder: Path) -> None:
    sessions, other = Sessions(folder), "a-session-to-come"
    assert sessions.directory(other) == ""
    (folder / "-srv-shop" / f"{other}.jsonl").write_text(json.dumps({"cwd": "/home/eve/work/"}))
    assert sessions.directory(other) == "~/work"
    (folder / "-srv-shop" / f"{other}.jsonl").unlink()
    assert sessions.directory(other) == "~/work", "what was found is kept"


@pytest.mark.parametrize("session", ["../-srv-shop/x", "", "a/b", "a" * 65, "x.jsonl\0"])
def test_an_id_that_is_no_safe_name_opens_nothing(folder: Path, session: str) -> None:
    assert Sessions(folder).directory(session) == ""


def test_nothing_there_is_no_answer(tmp_path: Path, folder: Path) -> None:
    assert Sessions(tmp_path / "none").directory(SESSION) == ""
    link = folder / "-srv-shop" / "linked.jsonl"
    link.symlink_to(folder / "-srv-shop" / f"{SESSION}.jsonl")
    assert Sessions(folder).directory("linked") == "", "links are not followed"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "-srv-shop" / "pipe.jsonl")
    assert Sessions(folder).directory("pipe") == ""


def test_only_a_client_of_this_machine_with_a_session_brings_a_question() -> None:
    assert local().read("project") == Unknown("project")
    assert local().read("repo") == Unknown("repo")
    assert local(here=False).read("project") == local(headers=()).read("project") == ""
    assert local(here=False).read("repo") == local(headers=()).read("repo") == ""
    told = local(headers=(*HEADERS, ("x-ccr-project", "/srv/x"), ("x-ccr-repo", "github.com/a/b")))
    assert (told.read("project"), told.read("repo")) == ("/srv/x", "github.com/a/b")


def test_the_questions_are_answered(tmp_path: Path, folder: Path) -> None:
    seen: list[Path] = []

    def named(place: Path) -> str:
        seen.append(place)
        return "github.com/acme/payments"

    now = [0.0]
    where = Whereabouts(Sessions(folder), named, lambda: now[0])
    assert asyncio.run(where.project(local(), Undecided("project", "project"))) == "/srv/shop"
    assert asyncio.run(where.repo(local(), Undecided("repo", "repo"))) == "" and not seen, "the folder is not there"
    there = local(headers=(*HEADERS, ("x-ccr-project", str(tmp_path))))
    now[0] = 100.0
    for _ in range(3):
        assert asyncio.run(where.repo(there, Undecided("repo", "repo"))) == "github.com/acme/payments"
    assert seen == [tmp_path], "asked once"


def test_the_remote_of_a_repository_is_its_name(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    url = "https://eve:key@github.com/acme/payments.git"
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", url], check=True)
    assert repository(tmp_path) == "github.com/acme/payments"


def test_the_client_s_own_folder_is_told_by_its_variable() -> None:
    assert client_folder({"CLAUDE_CONFIG_DIR": "/srv/claude"}) == Path("/srv/claude/projects")
    assert client_folder({}) == Path("~/.claude/projects").expanduser()


GUARDED = """
provider a { url = "http://a/v1"; models = [m, n] }
when project in "/srv/shop" only a/n
when project in "/srv/shop" route a/n
default route a/m
"""


def test_a_guard_holds_for_a_request_that_tells_only_its_session(folder: Path) -> None:
    where, snapshot = Whereabouts(Sessions(folder), lambda place: ""), world(GUARDED)

    def chain(facts: Facts) -> list[str]:
        answers = {"project": where.project, "repo": where.repo}
        decision, known = asyncio.run(settle(partial(decide, snapshot), facts, answers))
        return [*map(str, decision.chain), str(known.read("project"))]

    assert chain(local()) == ["a/n", "/srv/shop"]
    assert chain(local(here=False)) == ["a/m", ""], "a path of another machine means nothing here"


def test_nothing_is_asked_where_no_rule_does() -> None:
    outcome = decide(world("default route demo/x"), local())
    assert isinstance(outcome, Decision)
