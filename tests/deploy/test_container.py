"""`Dockerfile` and `compose.yaml`: they copy what a build needs, start what can be started, and say why where they do not. The
command of the image is run here as a process; the image itself is built where a Docker engine is."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from ccr.config.keys import PASSWORD_VARIABLE
from ccr.daemon import records
from ccr.daemon.workers import GRACE_SECONDS
from ccr.live.files import read_sources
from ccr.live.paths import home, places
from ccr.routing.secret import Secret
from ccr.routing.settings import Settings
from ccr.routing.surroundings import Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from tests.typed import can_be_typed

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LABEL = "org.claude-code-rules.ccr"
MOUNTED = ROOT / "deploy" / "container"


class Step(NamedTuple):
    word: str
    said: str


def steps() -> list[Step]:
    """The instructions of the Dockerfile, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [Step(*line.split(maxsplit=1)) for line in lines]


def said(word: str) -> list[str]:
    return [step.said for step in steps() if step.word == word]


def compose() -> dict[str, Any]:
    known: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return known


def service() -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"]["ccr"]
    return found


def entry() -> list[str]:
    """What a container runs."""
    return [*json.loads(said("ENTRYPOINT")[0]), *json.loads(said("CMD")[0])]


# ---- the image -------------------------------------------------------------------------------------------------------------


def test_the_image_holds_all_that_a_wheel_is_made_of() -> None:
    copied = {source for line in said("COPY") if not line.startswith("--from") for source in line.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied), copied
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        *wheel["force-include"],
        "pyproject.toml",
        "hatch_build.py",
        PROJECT["project"]["readme"],
    }
    needed.add(PROJECT["project"]["license"]["file"])
    assert needed <= copied
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {source.partition("/")[0] for source in copied} == sent


def test_its_python_and_its_extras_are_ours() -> None:
    asked = re.search(r">=3\.(\d+)", PROJECT["project"]["requires-python"])
    assert asked is not None
    pythons = re.findall(r"^python:3\.(\d+)-slim", "\n".join(said("FROM")), re.MULTILINE)
    assert pythons and all(int(minor) >= int(asked[1]) for minor in pythons)
    (extras,) = [line.partition("=")[2].split(",") for line in said("ARG")]
    assert set(extras) <= set(PROJECT["project"]["optional-dependencies"])


def test_nobody_special_runs_it_and_it_is_compiled() -> None:
    assert said("USER") == ["10001:10001"]
    assert any("--compile" in line for line in said("RUN"))
    assert any("--owner=10001" in line and "/data" in line for line in said("RUN"))
    assert said("VOLUME") == ["/data"]


def test_its_port_and_home_are_those_of_ccr(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("EXPOSE") == [str(Settings().port)]
    named = dict(re.findall(r"(\w+)=(\S+)", said("ENV")[0]))
    monkeypatch.setenv("CCR_HOME", named["CCR_HOME"])
    assert str(home()) == said("VOLUME")[0] == said("WORKDIR")[-1]


def test_what_it_runs_can_be_run() -> None:
    can_be_typed(" ".join(entry()))
    can_be_typed(" ".join(health()))


def health() -> list[str]:
    """What Docker asks the container with."""
    command: list[str] = json.loads(said("HEALTHCHECK")[0].partition("CMD ")[2])
    return command


# ---- its command, as a process -------------------------------------------------------------------------------------------------


def environment(place: Path, **variables: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(place),
        "CCR_HOME": str(place),
        "PYTHONPATH": str(ROOT),
        **variables,
    }


def command(words: list[str], *more: str) -> list[str]:
    return [sys.executable, "-m", *words, *more]


@contextmanager
def container(place: Path, **variables: str) -> Iterator[records.Running]:
    """What the image runs, with what compose mounts, on a port that is free."""
    process = subprocess.Popen(
        command(entry(), "--port", "0", "--policy", str(MOUNTED)), env=environment(place, **variables), cwd=place,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "http://" in line and "0.0.0.0" in line:
                break
        (there,) = records.alive(place) or [None]
        assert there is not None, "".join(lines)
        yield there
    finally:
        process.terminate()
        process.communicate(timeout=25)


def test_without_a_key_it_does_not_start_and_says_so(tmp_path: Path) -> None:
    words = command(entry(), "--port", "0", "--policy", str(MOUNTED))
    done = subprocess.run(
        words,
        env=environment(tmp_path, CCR_KEY=""),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
    assert "--host 0.0.0.0 would let everybody on the network use your keys; set a key first" in done.stderr
    assert "CCR_KEY" in done.stderr


@pytest.mark.parametrize("door", ["variable", "users.ccr", "config.json"])
def test_with_a_key_it_starts_and_is_healthy_beyond_loopback(door: str, tmp_path: Path) -> None:
    """The health check finds it although it listens on every address and shows a stranger little."""
    hashed = "sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
    variables: Mapping[str, str] = {}
    match door:
        case "variable":
            variables = {"CCR_KEY": "k"}
        case "users.ccr":
            (tmp_path / "users.ccr").write_text(f'user alice {{ key = "{hashed}" }}\n')
        case _:
            (tmp_path / "config.json").write_text('{"APIKEY": "k"}')
    with container(tmp_path, **variables) as there:
        assert there.host == "0.0.0.0"
        asked = subprocess.run(
            command(health()),
            env=environment(tmp_path, **variables),
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert asked.returncode == 0, asked.stdout + asked.stderr
        assert json.loads(asked.stdout)["running"] is True
    gone = subprocess.run(command(health()), env=environment(tmp_path), capture_output=True, timeout=20, check=False)
    assert gone.returncode == 1


# ---- compose -----------------------------------------------------------------------------------------------------------------------


def test_compose_opens_the_port_to_this_machine_alone() -> None:
    (port,) = service()["ports"]
    assert port == f"127.0.0.1:${{CCR_PORT:-{Settings().port}}}:{Settings().port}"


def test_every_variable_is_read_by_somebody() -> None:
    words = vocabulary()
    keys = {name for provider in words.providers for name in words.providers[provider].auth.variables}
    own = {"CCR_KEY", PASSWORD_VARIABLE}
    given = service()["environment"]
    assert set(given) <= keys | own
    assert all(value == f"${{{name}:-}}" for name, value in given.items())


def test_what_it_mounts_is_there_and_loads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    volume, mounted = service()["volumes"]
    assert volume == f"ccr:{said('VOLUME')[0]}" and "ccr" in compose()["volumes"]
    source, target, mode = mounted.split(":")
    assert (ROOT / source).resolve() == MOUNTED and (target, mode) == ("/etc/ccr", "ro")
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    sources = read_sources(places(policy=MOUNTED))
    loaded = load(sources, Surroundings({"CCR_KEY": Secret("k")}), vocabulary())
    assert loaded.snapshot is not None and not loaded.diagnostics
    assert loaded.snapshot.settings.api_key is not None and loaded.snapshot.settings.api_key.matches("k")
    (name,) = [each.partition(":")[0] for each in service()["extra_hosts"]]
    assert f'url = "http://{name}:11434"' in (MOUNTED / "gateway.ccr").read_text()


def test_it_may_end_its_answers_and_is_found_by_its_label() -> None:
    assert int(service()["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS
    assert LABEL in service()["labels"] and LABEL in compose()["volumes"]["ccr"]["labels"]
    assert f'{LABEL}=""' in said("LABEL")[0]
    assert f"LABEL={LABEL}" in (ROOT / "install.sh").read_text()


def engine() -> bool:
    docker = shutil.which("docker")
    return (
        docker is not None
        and subprocess.run([docker, "info"], capture_output=True, timeout=20, check=False).returncode == 0
    )


@pytest.mark.skipif(not os.environ.get("CCR_DOCKER"), reason="CCR_DOCKER=1 builds the image, with the network")
@pytest.mark.timeout(900)
def test_the_image_is_built_and_runs() -> None:
    if not engine():
        pytest.skip("no Docker engine answers here")
    built = subprocess.run(
        ["docker", "build", "--quiet", ROOT], capture_output=True, text=True, timeout=800, check=True
    )
    image = built.stdout.strip()
    told = subprocess.run(
        ["docker", "run", "--rm", image, "version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.startswith("ccr ")
    refused = subprocess.run(["docker", "run", "--rm", image], capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 2 and "set a key first" in refused.stderr
