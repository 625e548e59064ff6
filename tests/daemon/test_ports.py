"""A taken port is told with its holder (acceptance O1)."""

import errno
import http.server
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccr.daemon.ports import PortTaken, _taken, bind, holder
from tests import fake_upstream as fake


@pytest.fixture
def health_port() -> Iterator[int]:
    """Something that answers `/health` as a ccr does."""

    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status": "ok", "service": "ccr", "version": "9.9"}')

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_free_port_is_bound() -> None:
    with bind("127.0.0.1", 0) as listener:
        assert listener.getsockname()[1] > 0


def test_another_ccr_is_recognised(health_port: int) -> None:
    with pytest.raises(PortTaken, match=rf"port {health_port} is taken by ccr 9\.9") as told:
        bind("127.0.0.1", health_port)
    assert f"--port {health_port + 1}" in str(told.value)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux's /proc tells who listens")
def test_the_process_is_named_where_the_system_tells() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises(PortTaken, match=rf"another program \(pid {os.getpid()}, "):
            bind("127.0.0.1", mute.getsockname()[1])


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(PortTaken, match=r"no address 192\.0\.2\.1"):
        bind("192.0.2.1", 0)


def test_npms_router_is_named_with_the_command_that_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lib" / "node_modules" / "@musistudio" / "claude-code-router"
    (package / "dist").mkdir(parents=True)
    (package / "package.json").write_text('{"name": "@musistudio/claude-code-router", "version": "2.0.0"}')
    script = package / "dist" / "cli.js"
    script.write_text("#!/usr/bin/env node\n")
    script.chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ccr").symlink_to(script)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with fake.in_thread(fake.whole({"status": "ok", "timestamp": "2026-11-22T00:00:00Z"})) as npm:
        port = int(npm.url.rpartition(":")[2])
        with pytest.raises(PortTaken, match=r"by claude-code-router 2\.0\.0 \(npm\)") as told:
            bind("127.0.0.1", port)
    assert f"its own command: {tmp_path / 'bin' / 'ccr'} stop, or choose another: --port {port + 1}" in str(told.value)
    assert told.value.holder.startswith("claude-code-router 2.0.0 (npm) (pid ")


def test_who_has_a_port(health_port: int) -> None:
    assert holder("127.0.0.1", health_port).startswith("ccr 9.9")
    assert holder("127.0.0.1", fake.free_port()) == ""


def test_a_range_that_windows_keeps_is_told() -> None:
    error = OSError(errno.EACCES, "forbidden")
    error.winerror = 10013  # type: ignore[attr-defined]
    told = _taken("127.0.0.1", 3456, error)
    assert "excludedportrange" in str(told)
    assert "--port 4456" in str(told)
    assert "choose one above 1023" in str(_taken("127.0.0.1", 80, OSError(errno.EACCES, "")))
