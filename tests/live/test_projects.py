"""A request's own world is made when there is something to put into it, and once."""

import asyncio
import json
from pathlib import Path

import pytest

from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.live.projects import Projects
from ccr.live.trust import Trusted, read_contents
from tests.routing.world import NOON, asked, chain, vocabulary, world

OWN = 'provider lab { url = "http://127.0.0.1:9"; key = "k" }\ndefault route lab/mine\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "acme/.ccr").mkdir(parents=True)
    return tmp_path / "acme"


class _Watching(Facts):
    """Facts that note what is asked of them."""

    __slots__ = ("asked",)

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(vocabulary().readers, inputs)
        self.asked: list[str] = []

    def read(self, name: str):  # type: ignore[no-untyped-def]
        self.asked.append(name)
        return super().read(name)


def test_nothing_is_asked_while_nothing_is_trusted(project: Path, tmp_path: Path) -> None:
    facts = _Watching(Inputs(asked(headers=(("x-ccr-project", str(project)),)).inputs.request, NOON))
    own = world(OWN)
    projects = Projects(tmp_path, vocabulary(), lambda line: pytest.fail(line))
    assert asyncio.run(projects.own(own, facts)) is own and facts.asked == []
    (project / ".ccr/rules.ccr").write_text("default route lab/theirs\n")
    Trusted(tmp_path).trust(read_contents(project))
    theirs = asyncio.run(projects.own(own, facts))
    assert chain(theirs, facts) == ["lab/theirs"]
    assert asyncio.run(projects.own(own, facts)) is theirs


def test_odd_paths_are_no_project(tmp_path: Path) -> None:
    projects, said = Projects(tmp_path, vocabulary(), lambda line: said.append(line)), list[str]()
    for place in (
        "",
        "relative",
        "~nobody-of-that-name/x",
        "/nul\0l",
        "/" + "x" * 5000,
        "//",
        "C:/work",
        "/proc/self/fd/0",
    ):
        projects.notice(place)
    assert said == []


def test_a_sessions_file_is_read_as_it_is_now(tmp_path: Path) -> None:
    projects, own = Projects(tmp_path, vocabulary(), lambda line: pytest.fail(line)), world(OWN)
    facts = asked(headers=(("x-claude-code-session-id", "a-1"),))

    def targets() -> list[str]:
        return chain(asyncio.run(projects.own(own, facts)), facts)

    assert targets() == ["lab/mine"]
    (tmp_path / "sessions").mkdir()
    for model in ("one", "two"):
        (tmp_path / "sessions/a-1.ccr").write_text(f"default route lab/{model}\n")
        assert targets() == [f"lab/{model}"]
    (tmp_path / "sessions/a-1.ccr").unlink()
    assert targets() == ["lab/mine"]


def test_an_id_that_is_a_path_is_none(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    (tmp_path / "outside.ccr").write_text("default route lab/evil\n")
    own = world(OWN)
    projects = Projects(tmp_path, vocabulary(), lambda line: pytest.fail(line))
    for name in ("../outside", "..", "a/../../outside", "\0", "x" * 65):
        assert asyncio.run(projects.own(own, asked(known={"session": name}))) is own


@pytest.mark.parametrize(("place", "typed"), [("acme", "~/acme"), ("of mine", "'{home}/of mine'")])
def test_the_notice_is_a_command_for_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, typed: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / place / ".ccr").mkdir(parents=True)
    (tmp_path / place / ".ccr/rules.ccr").write_text("tag a\n")
    said: list[str] = []
    projects = Projects(tmp_path / "home", vocabulary(), said.append)
    for _ in range(2):
        projects.notice(f"~/{place}/src")
    assert len(said) == 1 and f"`ccr trust {typed.format(home=tmp_path)}`" in said[0]


def test_the_clients_file_of_a_session_brings_its_projects_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    project = tmp_path / "shop"
    (project / ".ccr").mkdir(parents=True)
    (project / ".ccr/rules.ccr").write_text("default route lab/theirs\n")
    told = tmp_path / "claude/projects/-shop"
    told.mkdir(parents=True)
    (told / "s-1.jsonl").write_text(json.dumps({"cwd": str(project)}))
    request = asked(headers=(("x-claude-code-session-id", "s-1"),)).inputs.request
    facts, own = Facts(vocabulary().readers, Inputs(request, NOON, local=True)), world(OWN)
    projects = Projects(tmp_path, vocabulary(), lambda line: pytest.fail(line))
    assert asyncio.run(projects.own(own, facts)) is own, "not trusted yet"
    Trusted(tmp_path).trust(read_contents(project))
    assert chain(asyncio.run(projects.own(own, facts)), facts) == ["lab/theirs"]
