"""A project's or session's own `Router`, kept where claude-code-router keeps it: found, whole, and read as it is now."""

import asyncio
import json
from pathlib import Path

import pytest

from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.live.projects import Projects
from ccr.live.routers import Routers, folder_name
from ccr.live.whereabouts import Sessions
from tests.routing.world import NOON, asked, chain, vocabulary, world

CONFIG = {
    "Providers": [{"name": "lab", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "k", "models": ["a", "b", "c"]}],
    "Router": {"default": "lab,a", "background": "lab,b"},
    "fallback": {"default": ["lab,c"]},
}
HAIKU = "claude-haiku-4-5"


class Machine:
    """A ccr home and the client's folder, with a project that the client calls `-work-shop`."""

    def __init__(self, root: Path) -> None:
        self.home, self.client = root / "home", root / "claude/projects"
        self.home.mkdir()
        self.said: list[str] = []
        self.projects = Projects(self.home, vocabulary(), self.said.append)
        self.own = world(config=CONFIG)

    def router(self, name: str, said: object, folder: str = "-work-shop") -> None:
        (self.home / folder).mkdir(exist_ok=True)
        (self.home / folder / name).write_text(said if isinstance(said, str) else json.dumps(said))

    def knows(self, session: str) -> None:
        """The client has written its file of the session."""
        (self.client / "-work-shop").mkdir(parents=True, exist_ok=True)
        (self.client / "-work-shop" / f"{session}.jsonl").write_text("{}\n")

    def targets(self, session: str = "s-1", model: str = "claude-sonnet-4-5", project: str = "") -> list[str]:
        headers = (("x-claude-code-session-id", session), *((("x-ccr-project", project),) if project else ()))
        request = asked(model, headers=headers).inputs.request
        facts = Facts(vocabulary().readers, Inputs(request, NOON, local=True))
        return chain(asyncio.run(self.projects.own(self.own, facts)), facts)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    return Machine(tmp_path)


def test_a_projects_router_stands_whole_in_the_place_of_the_common_one(machine: Machine) -> None:
    machine.router("config.json", {"Router": {"default": "lab,b"}, "APIKEY": "not read", "Providers": []})
    machine.knows("s-1")
    assert machine.targets() == ["lab/b", "lab/c"], "the fallbacks are the common ones"
    assert machine.targets(model=HAIKU) == ["lab/b", "lab/c"], "it has no `background`"
    assert machine.targets("s-2") == ["lab/a", "lab/c"], "a session of another project"
    assert machine.said == []


def test_a_sessions_own_comes_first_and_changes_at_once(machine: Machine) -> None:
    machine.router("config.json", {"Router": {"default": "lab,b"}})
    machine.router("s-1.json", {"Router": {"default": "lab,c"}})
    machine.knows("s-1")
    assert machine.targets() == ["lab/c"]
    machine.router("s-1.json", '{ Router: { default: "lab,a" } } // JSON5')
    assert machine.targets() == ["lab/a", "lab/c"]
    machine.router("s-1.json", {"StatusLine": {}})
    assert machine.targets() == ["lab/b", "lab/c"], "one that says no Router is passed over"


def test_a_new_session_is_known_by_its_projects_path(machine: Machine) -> None:
    """claude-code-router finds it from the second request on, if at all."""
    machine.router("config.json", {"Router": {"default": "lab,b"}})
    assert machine.targets("s-9") == ["lab/a", "lab/c"]
    assert machine.targets("s-9", project="/work/shop") == ["lab/b", "lab/c"]


def test_one_with_a_mistake_is_told_and_not_in_force(machine: Machine) -> None:
    machine.router("config.json", '{"Router": {"default": ')
    machine.knows("s-1")
    assert machine.targets() == ["lab/a", "lab/c"]
    assert len(machine.said) == 1 and "not in force" in machine.said[0]


def test_without_such_folders_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    routers = Routers(tmp_path, Sessions(tmp_path / "none"))
    assert not routers.any
    (tmp_path / folder_name(Path("/home/me/my.app"))).mkdir()
    assert routers.any and (tmp_path / "-home-me-my-app").is_dir()


@pytest.mark.parametrize("session", ["../outside", "..", "\0", "x" * 65])
def test_an_id_that_is_a_path_names_no_file(machine: Machine, session: str) -> None:
    (machine.home / "outside.json").write_text(json.dumps({"Router": {"default": "lab,b"}}))
    machine.router("ignored.json", {"Router": {"default": "lab,b"}})
    found = Routers(machine.home, Sessions(machine.client))
    assert found.any and found.find(session, Path("/work/shop")) is None
