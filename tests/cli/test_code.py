"""`ccr code` with a client of ours in Claude Code's place: what it is told, and who starts and ends the service."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ccr.daemon import records, service
from tests.fake_upstream import free_port
from tests.terminal import Terminal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
ROOT = Path(__file__).parents[2]
CLIENT = """\
import json, os, sys, time
from urllib.request import ProxyHandler, build_opener
url = os.environ["ANTHROPIC_BASE_URL"]
from urllib.request import Request
asking = Request(url + "/health", headers={"x-api-key": os.environ.get("ANTHROPIC_AUTH_TOKEN", "")})
said = json.load(build_opener(ProxyHandler({})).open(asking, timeout=5))
arguments = sys.argv[1:]
over = json.load(open(arguments[1])) if arguments[:1] == ["--settings"] and os.path.exists(arguments[1]) else None
told = {"service": said.get("pid"), "arguments": arguments, "over": over, "variables": dict(os.environ), "pid": os.getpid()}
open(os.environ["TELL"] + ".new", "w").write(json.dumps(told))
os.rename(os.environ["TELL"] + ".new", os.environ["TELL"])
until = time.monotonic() + 20
while os.path.exists(os.environ["TELL"] + ".wait") and time.monotonic() < until:
    time.sleep(0.02)
sys.exit(7)
"""


class Person(NamedTuple):
    """Somebody with a home and a client."""

    home: Path

    @property
    def ccr(self) -> Path:
        return self.home / ".claude-code-router"

    def code(
        self, *arguments: str, name: str = "told", wait: bool = False, **variables: str
    ) -> "subprocess.Popen[str]":
        if wait:
            (self.home / f"{name}.wait").touch()
        environment = {
            "PATH": f"{self.home / 'bin'}:/usr/bin:/bin", "HOME": str(self.home), "PYTHONPATH": str(ROOT),
            "TELL": str(self.home / name), **variables,
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-m", "ccr", "code", *arguments], cwd=self.home, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def told(self, name: str = "told") -> Any:
        """What the client saw, once it is there."""
        eventually(lambda: (self.home / name).exists())
        return json.loads((self.home / name).read_text())

    def let_go(self, name: str = "told") -> None:
        (self.home / f"{name}.wait").unlink()

    def services(self) -> list[int]:
        return [each.pid for each in records.alive(self.ccr)]


def eventually(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    _, said = process.communicate(timeout=20)
    return process.returncode, said


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    client = tmp_path / "bin" / "claude"
    client.parent.mkdir()
    client.write_text(f"#!{sys.executable}\n{CLIENT}")
    client.chmod(0o755)
    (tmp_path / ".claude-code-router").mkdir()
    (tmp_path / ".claude-code-router" / "config.json").write_text(json.dumps({"PORT": free_port()}))
    made = Person(tmp_path)
    yield made
    for left in records.alive(made.ccr):
        service.stop(left, patience=3)


def test_one_conversation(person: Person) -> None:
    code, said = ended(person.code("-p", "a $b  c", "--no-x", "--", "--help"))
    told = person.told()
    assert code == 7
    assert told["arguments"][2:] == ["-p", "a $b  c", "--no-x", "--", "--help"]
    assert told["over"]["statusLine"]["command"].endswith("statusline")
    assert told["variables"]["ANTHROPIC_CUSTOM_HEADERS"] == f"x-ccr-project: {person.home}"
    assert said.startswith("ccr: started at http://127.0.0.1:")
    eventually(lambda: not person.services())
    assert not list((person.ccr / "run").rglob("*.json"))


def test_two_at_once_have_one_service_which_ends_with_the_last(person: Person) -> None:
    first, second = person.code(name="a", wait=True), person.code(name="b", wait=True)
    assert person.told("a")["service"] == person.told("b")["service"]
    person.let_go("a")
    assert ended(first)[0] == 7
    time.sleep(1.2)  # longer than a service looks for leases
    assert person.services() == [person.told("b")["service"]]
    person.let_go("b")
    assert ended(second)[0] == 7
    eventually(lambda: not person.services())


def test_killed_the_client_keeps_its_service_and_takes_it_along(person: Person) -> None:
    """Nothing is cleaned up by who is killed: the client that is left holds the lease, and then nobody."""
    process = person.code(wait=True)
    told = person.told()
    process.send_signal(signal.SIGKILL)
    ended_by_kill = process.wait(10)
    time.sleep(1.2)
    assert (ended_by_kill, person.services()) == (-9, [told["service"]])
    os.kill(told["pid"], signal.SIGKILL)
    eventually(lambda: not person.services())
    process.communicate(timeout=10)


def test_a_service_that_somebody_started_goes_on(person: Person) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(person.home), "PYTHONPATH": str(ROOT)}
    kept = [sys.executable, "-m", "ccr", "serve", "--kept-by", "start"]
    with subprocess.Popen(kept, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        eventually(lambda: person.services() == [running.pid])
        code, said = ended(person.code())
        assert (code, person.told()["service"], "started" in said) == (7, running.pid, False)
        time.sleep(1.2)
        assert running.poll() is None
        running.terminate()


def test_a_settings_file_that_leads_elsewhere_is_overruled_and_told(person: Person) -> None:
    settings = person.home / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://gateway.corp"}, "statusLine": {"command": "mine"}}')
    before = settings.read_bytes()
    _, said = ended(person.code("-p", "x"))
    told = person.told()
    assert told["over"] == {"env": {"ANTHROPIC_BASE_URL": told["variables"]["ANTHROPIC_BASE_URL"]}}
    assert "settings.json sets ANTHROPIC_BASE_URL; overruled for this run" in said
    assert settings.read_bytes() == before


def test_settings_of_ones_own_are_let_be(person: Person) -> None:
    ended(person.code("--settings", "{}"))
    assert person.told()["arguments"] == ["--settings", "{}"]


def test_a_login_stays_and_the_proxys_key_goes_beside_it(person: Person) -> None:
    config = json.loads((person.ccr / "config.json").read_text()) | {"APIKEY": "key-of-the-proxy"}
    (person.ccr / "config.json").write_text(json.dumps(config))
    (person.home / ".claude").mkdir()
    (person.home / ".claude" / ".credentials.json").write_text('{"claudeAiOauth": {"accessToken": "sk-ant-oat01-x"}}')
    ended(person.code("-p", "x"))
    variables = person.told()["variables"]
    assert "ANTHROPIC_AUTH_TOKEN" not in variables
    assert "x-ccr-key: key-of-the-proxy" in variables["ANTHROPIC_CUSTOM_HEADERS"].splitlines()


def test_where_people_have_keys_ones_own_is_shown(person: Person) -> None:
    (person.ccr / "rules").mkdir()
    (person.ccr / "rules" / "10.ccr").write_text("user ada { key = env.KEY_OF_ADA }\n")
    ended(person.code("-p", "x", CCR_KEY="of-ada", KEY_OF_ADA="of-ada"))
    assert person.told()["variables"]["ANTHROPIC_AUTH_TOKEN"] == "of-ada"
    assert person.told()["service"], "the proxy told more than to a stranger"


def test_rules_that_do_not_load_start_nothing(person: Person) -> None:
    (person.ccr / "rules").mkdir()
    (person.ccr / "rules" / "10.ccr").write_text("rout x/y\n")
    code, said = ended(person.code())
    assert code == 2 and "rules/10.ccr:1" in said and "was not started: mend" in said
    assert not person.services() and not (person.home / "told").exists()


def test_without_claude_code_it_is_said_how_to_have_it(person: Person) -> None:
    code, said = ended(person.code(CLAUDE_PATH="/nowhere/claude"))
    assert code == 2 and "/nowhere/claude (the variable CLAUDE_PATH): there is no such file" in said
    assert not person.services()


def test_at_a_terminal_without_rules_some_are_offered(person: Person) -> None:
    """And what auto mode needs is said, once."""
    known = {"PATH": f"{person.home / 'bin'}:/usr/bin:/bin", "TELL": str(person.home / "told"), "GROQ_API_KEY": "k"}
    (person.ccr / "rules").mkdir()
    first = Terminal(person.home, "code", variables=known)
    first.until("No rule says where requests go.")
    first.until("Run it now? [Y/n]")
    first.type("y\n")
    first.until("default route groq/openai/gpt-oss-120b")
    first.until("Write it? [Y/n]")
    first.type("n\n")
    first.until("nothing was written")
    assert first.end() == 7
    (person.ccr / "rules" / "10.ccr").write_text("default route groq/openai/gpt-oss-120b\n")
    second = Terminal(person.home, "code", variables=known)
    second.until("auto mode, Claude Code's default, needs an Anthropic target")
    assert second.end() == 7
    eventually(lambda: not person.services())
    third = Terminal(person.home, "code", variables=known)
    third.until("it ends with the last `ccr code`")
    assert third.end() == 7 and "auto mode" not in third.seen
