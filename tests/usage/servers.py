"""A real PostgreSQL for tests, where one is installed: its files in a folder of its own, on a socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), reverse=True)
_NOBODY = "nobody"


def program(name: str) -> str | None:
    """Debian keeps them where no PATH looks."""
    return shutil.which(name) or next((str(each / name) for each in _FOLDERS if (each / name).exists()), None)


def missing() -> str:
    """What keeps the tests from running, "" if nothing does."""
    if find_spec("asyncpg") is None:
        return "asyncpg is not installed"
    if program("initdb") is None or program("pg_ctl") is None:
        return "no PostgreSQL server is installed"
    if os.name != "posix":
        return "PostgreSQL is started as on POSIX"
    return "" if os.geteuid() or program("runuser") else "PostgreSQL does not run as root, and there is no runuser"


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a database server's folder of sockets; `postgresql:///NAME?host=…` after `create`."""
    folder = Path(tempfile.mkdtemp(prefix="ccr-pg-"))
    try:
        if not os.geteuid():
            shutil.chown(folder, _NOBODY)
        run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "ccr", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off -c shared_buffers=16MB"
        run("pg_ctl", "-D", f"{folder}/data", "-w", "-t", "30", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield str(folder)
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create(folder: str, name: str) -> str:
    """An empty database and its address."""
    run("createdb", "-h", folder, "-U", "ccr", name)
    return f"postgresql://ccr@/{name}?host={folder}"


def run(name: str, *words: str) -> None:
    found = program(name)
    assert found is not None, name
    runuser = program("runuser")
    command = [found, *words] if os.geteuid() or runuser is None else [runuser, "-u", _NOBODY, "--", found, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd="/")
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
