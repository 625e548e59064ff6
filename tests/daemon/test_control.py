"""Asked to end without a signal: only by whoever has read the record."""

import os
import threading
from pathlib import Path

import pytest
from msgspec import structs

from ccr.daemon import records, service
from ccr.daemon.control import Control, ask_to_end
from ccr.daemon.processes import born


def test_the_word_ends_it_and_no_other_does() -> None:
    ended = threading.Event()
    control = Control(ended.set)
    try:
        assert not ask_to_end(control.port, "guess")
        assert not ask_to_end(control.port, "")
        assert not ended.is_set()
        assert ask_to_end(control.port, control.token)
        assert ended.wait(5)
    finally:
        control.close()
    assert not ask_to_end(control.port, control.token)


def test_it_is_closed_without_having_been_asked() -> None:
    control = Control(lambda: None)
    control.close()
    control._thread.join(5)
    assert not control._thread.is_alive()


def test_a_service_without_signals_tells_in_its_record_how_it_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(service, "_end_this_process", ended.set)
    mine = service.Running(os.getpid(), born(os.getpid()), "127.0.0.1", 3456, "0.1.0", "", 1.0, service.STARTED)
    with service.registered(tmp_path, mine, signals=False):
        (there,) = records.alive(tmp_path)
        assert there.control
        assert there.token
        assert structs.replace(there, control=0, token="") == mine
        assert ask_to_end(there.control, there.token)
        assert ended.wait(5)
    assert records.alive(tmp_path) == []
