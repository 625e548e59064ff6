"""`install.sh` and `uninstall.sh`, run as a person on a fresh machine runs them: in a copy of the checkout, with a home of its
own, without the network. What they need of others (build tools, libraries) is lent to them by the test's own environment."""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccr.api import password
from ccr.daemon import records
from ccr.daemon.log import log_file
from ccr.launcher.executables import CHOSEN
from ccr.live import backups, credentials
from ccr.live.files import PEOPLE
from ccr.live.trust import Trusted
from ccr.usage.opening import NAME
from tests.fake_upstream import free_port

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="the scripts are for a POSIX shell"),
    # Five seconds; but an environment is many files, and machines are busy.
    pytest.mark.timeout(240),
]

ROOT = Path(__file__).parents[2]
PARTS = (
    "ccr",
    "grammar",
    "rules",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    "install.sh",
    "uninstall.sh",
)
LENT = sysconfig.get_path("purelib")
NPM = "#!/bin/sh\necho npm\n"


class Machine:
    """A person's home, their checkout and their PATH."""

    def __init__(self, place: Path) -> None:
        self.home, self.clone, self.tools = place / "home", place / "clone", place / "tools"
        for folder in (self.home, self.clone, self.tools):
            folder.mkdir(parents=True)
        for part in PARTS:
            _copy(ROOT / part, self.clone / part)
        (self.tools / "python3").symlink_to(_base_python())

    @property
    def made(self) -> Path:
        return self.home / ".local" / "share" / "ccr"

    @property
    def bin(self) -> Path:
        return self.home / ".local" / "bin"

    @property
    def config(self) -> Path:
        return self.home / ".claude-code-router"

    def run(self, script: str | Path, *words: str, path: str = "", **variables: str) -> tuple[int, str]:
        """The exit code and the screen."""
        environment = {
            "HOME": str(self.home),
            "PATH": path or f"{self.tools}:/usr/bin:/bin",
            "PYTHONPATH": LENT,
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # of pip: whatever its value, it is the flag
            "CCR_WITHOUT_UI": "1",
            "PORT": str(free_port()),  # somebody may run ccr on this machine
            **variables,
        }
        done = subprocess.run(
            [str(script), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=environment, cwd=self.clone, timeout=200, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def files(self) -> set[str]:
        """All that is in the home, but what is inside an environment."""
        inside = self.made / "env"
        return {str(each.relative_to(self.home)) for each in self.home.rglob("*") if inside not in each.parents}


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "static", "*.tables"))
    else:
        shutil.copy2(source, target)


def _base_python() -> Path:
    """The Python that the test's environment was made from: an environment makes no other one that lasts."""
    return Path(sys._base_executable).resolve()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, str]]:
    """A machine where `./install.sh --yes` has run, and what it said."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    code, said = machine.run("./install.sh", "--yes")
    assert code == 0, said
    yield machine, said
    if (machine.bin / "ccr").exists():
        machine.run(machine.bin / "ccr", "stop", "--force")


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


# ---- the fresh machine's view ----------------------------------------------------------------------------------------------


def test_it_says_what_it_made_and_where(installed: tuple[Machine, str]) -> None:
    machine, said = installed
    assert machine.files() == {
        ".local", ".local/bin", ".local/bin/ccr", ".local/bin/claude-code-rules",
        ".local/share", ".local/share/ccr", ".local/share/ccr/env", ".local/share/ccr/installed", ".local/share/ccr/uninstall.sh",
    }  # fmt: skip
    for name in (
        ".local/bin/ccr",
        ".local/bin/claude-code-rules",
        ".local/share/ccr/env",
        ".local/share/ccr/uninstall.sh",
    ):
        assert f"  {machine.home / name}" in said
    assert "proposed: --local (" in said
    assert f"{machine.bin} is not on your PATH" in said
    assert "npm install -g @anthropic-ai/claude-code" in said
    assert "Nothing here answers for Claude Code yet" in said, "it ends with ccr init"
    assert "0 wrong" in said, "and with ccr doctor"


def test_both_commands_are_this_ccr(installed: tuple[Machine, str]) -> None:
    machine, _ = installed
    for name in ("ccr", "claude-code-rules"):
        code, said = machine.run(machine.bin / name, "version", path=f"{machine.bin}:/usr/bin:/bin")
        assert code == 0
        assert str(machine.made / "env") in said
        assert f"{machine.bin / 'ccr'}: this ccr" in said


def test_the_installed_one_needs_no_checkout(installed: tuple[Machine, str]) -> None:
    machine, _ = installed
    (machine.home / "x.ccr").write_text("when tokens > 60k route demo/long\ndefault route demo/m\n")
    code, said = machine.run(machine.bin / "ccr", "check", str(machine.home / "x.ccr"))
    (machine.home / "x.ccr").unlink()
    assert code == 0, said


def test_a_second_run_updates_and_names_the_other_ccr(installed: tuple[Machine, str]) -> None:
    """npm's claude-code-router comes first on this PATH (amendments S26)."""
    machine, _ = installed
    npm, theirs = _npm(machine.clone.parent / "npm")
    (machine.clone / "ccr" / "__init__.py").write_text('"""ccr."""\n\n__version__ = "9.9.9"\n')
    before = machine.files()
    code, said = machine.run("./install.sh", "--yes", path=f"{npm}:{machine.bin}:{machine.tools}:/usr/bin:/bin")
    assert code == 0, said
    assert f"updating {machine.made / 'env'}" in said
    assert "9.9.9" in machine.run(machine.bin / "ccr", "--version")[1]
    assert machine.files() == before
    assert "is not on your PATH" not in said
    listed = (machine.made / "installed").read_text().splitlines()
    assert sorted(listed) == sorted(set(listed))
    assert "typing `ccr` starts another program here:" in said
    assert f"{npm / 'ccr'}: claude-code-router 2.0.0 (npm)" in said
    assert "Type claude-code-rules for this one" in said
    assert theirs.read_text() == NPM


def _npm(place: Path) -> tuple[Path, Path]:
    """npm's claude-code-router: the folder of its command, and its program."""
    package, folder = place / "lib" / "node_modules" / "@musistudio" / "claude-code-router", place / "bin"
    package.mkdir(parents=True)
    folder.mkdir()
    (package / "package.json").write_text('{"name": "@musistudio/claude-code-router", "version": "2.0.0"}')
    (package / "cli.js").write_text(NPM)
    (package / "cli.js").chmod(0o755)
    (folder / "ccr").symlink_to(package / "cli.js")
    return folder, package / "cli.js"


def test_what_npms_ccr_reads_too_stays_also_where_all_goes(bare: Machine) -> None:
    npm, _ = _npm(bare.clone.parent / "npm")
    bare.config.mkdir()
    for name in ("config.json", "keys.json", "somebody.txt"):
        (bare.config / name).write_text("{}")
    code, said = bare.run("./uninstall.sh", "--yes", "--purge", path=f"{npm}:/usr/bin:/bin")
    assert code == 0, said
    assert {each.name for each in bare.config.iterdir()} == {"config.json", "somebody.txt"}
    assert "left in" in said


def test_uninstall_asks_first(installed: tuple[Machine, str]) -> None:
    machine, _ = installed
    before = machine.files()
    code, said = machine.run("./uninstall.sh")
    assert code == 2
    assert "nobody is there to ask: nothing was removed" in said
    assert machine.files() == before


def test_the_whole_way_leaves_nothing_but_the_configuration(installed: tuple[Machine, str]) -> None:
    """The last of these: a service runs, rules are written, and then all that install.sh made goes."""
    machine, _ = installed
    rules = machine.config / "rules"
    rules.mkdir(parents=True)
    (rules / "10-routes.ccr").write_text("default route demo/m\n")
    (rules.parent / "config.json").write_text('{"PORT": 0}')
    # Where no systemd listens to this home, that is said; the unit is there then, and the service runs.
    machine.run("./install.sh", "--yes", "--service")
    assert machine.run(machine.bin / "ccr", "status")[0] == 0
    own = machine.made / "uninstall.sh"  # the checkout may be gone by now
    code, said = machine.run(own, "--yes")
    assert code == 0, said
    assert f"kept: {machine.config}" in said
    left = machine.files()
    assert not [each for each in left if each.startswith(".local")], left
    assert {each.split("/")[0] for each in left} == {".claude-code-router"}
    assert ".claude-code-router/rules/10-routes.ccr" in left
    assert ".claude-code-router/run" not in left
    code, said = machine.run("./uninstall.sh", "--yes", "--purge")
    assert code == 0, said
    assert "nothing of install.sh" in said
    assert machine.files() == set()


# ---- in a container -----------------------------------------------------------------------------------------------------

DOCKER = """#!/bin/sh
echo "$*" >> "$ASKED"
case "$*" in
  "compose version") ;;
  compose*) cp "$3" "$ASKED.env" ;;
  *"--filter label=org.claude-code-rules.ccr"*) echo "$1-of-ours" ;;
esac
"""


def test_with_docker_it_makes_a_key_and_takes_away_its_own_container_only(bare: Machine, tmp_path: Path) -> None:
    """What it asks of Docker is written down by a program of that name: there need be no engine here."""
    docker, asked = bare.tools / "docker", tmp_path / "asked"
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    code, said = bare.run("./install.sh", "--docker", ASKED=str(asked))
    assert code == 0, said
    key_file = bare.made / "container.env"
    assert re.fullmatch(r"CCR_KEY=ccr-[0-9a-f]{48}\n", key_file.read_text())
    assert key_file.stat().st_mode & 0o077 == 0
    assert f"compose --env-file {key_file} -f {bare.clone}/compose.yaml up --build --detach --wait" in asked.read_text()
    assert key_file.read_text()[8:].strip() in said, "a person needs it once"
    key = key_file.read_text()
    assert bare.run("./install.sh", "--docker", ASKED=str(asked))[0] == 0
    assert key_file.read_text() == key, "an update keeps it"
    asked.unlink()
    code, said = bare.run("./uninstall.sh", "--yes", ASKED=str(asked))
    assert code == 0, said
    gone = [line for line in asked.read_text().splitlines() if " rm " in line]
    assert gone == ["container rm --force ps-of-ours", "image rm --force images-of-ours"]
    assert bare.files() == set()


# ---- what it does not do ------------------------------------------------------------------------------------------------------


def test_without_a_python_it_says_what_to_do(bare: Machine) -> None:
    old = bare.tools / "python3"
    old.unlink()
    old.write_text("#!/bin/sh\ncase $2 in *exit*) exit 1 ;; esac\necho 'Python 3.9 is here and too old'\n")
    old.chmod(0o755)
    for tool in ("dirname", "id", "sed", "sh", "cat", "uname", "apt-get"):
        found = shutil.which(tool)
        if found:
            (bare.tools / tool).symlink_to(found)
    code, said = bare.run("/bin/sh", "./install.sh", "--yes", path=str(bare.tools))
    assert code == 1
    assert "ccr needs Python 3.11 or newer: Python 3.9 is here and too old" in said
    assert "uv (" in said
    assert bare.files() == set()


def test_a_folder_that_is_not_ours_is_left_alone(bare: Machine) -> None:
    (bare.made / "something").mkdir(parents=True)
    code, said = bare.run("./install.sh", "--yes")
    assert code == 1
    assert "was not made by install.sh; it was left alone" in said
    assert bare.run("./uninstall.sh", "--yes")[0] == 0
    assert (bare.made / "something").is_dir()


def test_what_failed_in_the_middle_leaves_nothing(bare: Machine) -> None:
    """As on a Debian without python3-venv."""
    python = bare.tools / "python3"
    python.unlink()
    python.write_text(
        '#!/bin/sh\ncase $* in *venv*--clear*) mkdir -p "$4/bin"; exit 1 ;; *%d*) echo python3.11-venv ;; esac\n'
    )
    python.chmod(0o755)
    code, said = bare.run("./install.sh", "--yes")
    assert code == 1
    assert "sudo apt-get install python3.11-venv" in said
    assert "nothing was left of it" in said
    assert bare.files() == set()


def test_ctrl_c_leaves_nothing(bare: Machine) -> None:
    """While the environment is made, by the keyboard: all processes of the terminal get the signal."""
    python, begun = bare.tools / "python3", bare.home.parent / "begun"
    python.unlink()
    python.write_text(f'#!/bin/sh\ncase $* in *venv*) mkdir -p "$4/bin"; : > {begun}; exec sleep 60 ;; esac\n')
    python.chmod(0o755)
    environment = {"HOME": str(bare.home), "PATH": f"{bare.tools}:/usr/bin:/bin", "CCR_WITHOUT_UI": "1"}
    process = subprocess.Popen(
        ["./install.sh", "--yes"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=environment, cwd=bare.clone, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 20
    while not begun.exists() and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert process.returncode not in (0, 1), said
    assert "nothing was left of it" in said
    assert bare.files() == set()


@pytest.mark.parametrize("script", ["./install.sh", "./uninstall.sh"])
def test_a_misspelt_option_is_named(script: str, bare: Machine) -> None:
    code, said = bare.run(script, "--dcoker")
    assert code == 2
    assert "there is no option --dcoker" in said
    code, said = bare.run(script, "--help")
    assert code == 0
    assert "--yes" in said


def test_purge_knows_what_ccr_writes_into_its_home() -> None:
    listed = re.findall(r"^(?:OURS|SHARED)='(.*)'$", (ROOT / "uninstall.sh").read_text(), re.MULTILINE)
    home = Path("/home")
    written = {
        *(password.FILE, password.INVITATION, NAME, PEOPLE, CHOSEN, backups.FOLDER, "rules", "sessions", "presets"),
        *(
            log_file(home).parent.name,
            records.folder(home).name,
            Trusted(home).path.name,
            credentials.key_file(home).name,
        ),
    }
    assert written <= {name for line in listed for name in line.split()}


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not on this machine")
@pytest.mark.parametrize("script", ["install.sh", "uninstall.sh"])
def test_a_shell_finds_nothing_to_say(script: str) -> None:
    done = subprocess.run(["shellcheck", ROOT / script], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout
