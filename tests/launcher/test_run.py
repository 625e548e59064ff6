"""Starting a client: what it is told, what it hears, and how it ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from ccr.launcher.run import run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
ROOT = Path(__file__).parents[2]
ODD = [
    "-p",
    "a b",
    "",
    "$(touch hit)",
    "`x`",
    "%PATH% ^ & | <>",
    "--no-x",
    "-e=1",
    "-e=2",
    "line\nline",
    "quote\"'",
    "ü",
]


def client(path: Path, body: str) -> list[str]:
    path.write_text(f"#!{sys.executable}\nimport os, signal, sys, time\n{textwrap.dedent(body)}")
    path.chmod(0o755)
    return [str(path)]


def test_arguments_arrive_as_they_were_typed(tmp_path: Path) -> None:
    command = client(tmp_path / "claude", "open(os.environ['OUT'], 'w').write(repr(sys.argv[1:])); sys.exit(7)")
    out = tmp_path / "out"
    assert run([*command, *ODD], {**os.environ, "OUT": str(out)}) == 7
    assert eval(out.read_text()) == ODD
    assert sorted(each.name for each in tmp_path.iterdir()) == ["claude", "out"]


def test_a_signal_is_an_exit_code_as_in_a_shell(tmp_path: Path) -> None:
    assert run(client(tmp_path / "claude", "os.kill(os.getpid(), signal.SIGTERM)"), os.environ) == 143


def test_who_cannot_be_typed_to_reads_nothing(tmp_path: Path) -> None:
    assert run(client(tmp_path / "claude", "sys.exit(len(sys.stdin.read()))"), os.environ, deaf=True) == 0


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        run([str(tmp_path / "nothing")], os.environ)


def launcher(tmp_path: Path, body: str) -> "subprocess.Popen[str]":
    """A process that runs a client; it has said `ready` when the client is there."""
    command = client(tmp_path / "claude", body)
    code = f"import os, sys; from ccr.launcher.run import run; sys.exit(run({command!r}, os.environ))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said, _ = process.communicate(timeout=10)
    return process.returncode, said


LISTENS = """
    def heard(number, frame):
        print("heard", signal.Signals(number).name, flush=True)
        sys.exit(3)
    signal.signal(signal.SIGTERM, heard)
    signal.signal(signal.SIGINT, lambda *_: print("really?", flush=True))
    print("ready", flush=True)
    for _ in range(200):
        time.sleep(0.1)
"""


def test_what_is_sent_to_us_reaches_the_client(tmp_path: Path) -> None:
    process = launcher(tmp_path, LISTENS)
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (3, "heard SIGTERM\n")


def test_ctrl_c_is_the_clients_business(tmp_path: Path) -> None:
    """The terminal sends it to both; we wait for what the client makes of it."""
    process = launcher(tmp_path, LISTENS)
    os.killpg(process.pid, signal.SIGINT)
    assert process.stdout is not None and process.stdout.readline() == "really?\n"
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (3, "heard SIGTERM\n")


def test_a_client_that_stops_itself_stops_us_and_goes_on_with_us(tmp_path: Path) -> None:
    process = launcher(
        tmp_path, 'print("ready", flush=True)\nos.kill(os.getpid(), signal.SIGSTOP)\nprint("again")\nsys.exit(5)'
    )
    until = time.monotonic() + 10
    while Path(f"/proc/{process.pid}/stat").exists() and time.monotonic() < until:
        if Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGCONT)
    assert ended(process) == (5, "again\n")
