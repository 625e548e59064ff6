"""The log is written beside the requests: all of it at a proper end, all but the last batch when the process is killed,
nothing but words when it cannot be written. No request ever waits for it."""

import json
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from msgspec import structs

from ccr.facts.facts import Facts
from ccr.messages.request import MessagesRequest
from ccr.routing.vocabulary import vocabulary
from ccr.usage.entry import Entry
from ccr.usage.filling import Filled
from ccr.usage.making import Source, make
from ccr.usage.opening import NAME
from ccr.usage.recorder import AT_ONCE, MOST, Recorder
from ccr.usage.sqlite import SqliteStore
from ccr.usage.store import Paid, StoreError, Sum
from tests.fake_upstream import anthropic_message, in_thread, whole
from tests.faults.process import needs_proc, serving
from tests.routing.world import asked, planned
from tests.running import request, running, write
from tests.usage.logged import SNAPSHOT, filled, record

FOREVER = (0.0, 4e9)


def heard(number: int, **request: object) -> tuple[Entry, Source]:
    facts = asked(**request)  # type: ignore[arg-type]
    source = Source(SNAPSHOT, facts, planned(SNAPSHOT, facts))
    return make(record(number), source), source


class Broken:
    """A store that fails as long as it is told to, and remembers what it was given."""

    def __init__(self) -> None:
        self.why, self.written, self.tried = "", list[Filled](), threading.Event()

    def write(self, batch: Sequence[Filled]) -> None:
        self.tried.set()
        if self.why:
            raise StoreError(self.why)
        self.written += batch

    def read(
        self, since: float, until: float, where: Mapping[str, str] | None = None, limit: int = 0, bodies: bool = False
    ) -> Iterator[Entry]:
        return (each.entry for each in self.written)

    def find(self, wanted: str) -> tuple[Entry, ...]:
        return ()

    def sums(self, since: str, until: str, by: str, where: Mapping[str, str] | None = None, most: int = 0) -> list[Sum]:
        return []

    def paid(self, since: str, before: float) -> list[Paid]:
        return []

    def tidy(self, before: float, most: int = 5_000) -> int:
        return 0

    def close(self) -> None:
        pass


# ---- a log that can be written ----------------------------------------------------------------------------------------


def test_all_that_was_put_down_is_written_at_the_end(tmp_path: Path) -> None:
    said: list[str] = []
    recorder = Recorder(lambda: SqliteStore(tmp_path / NAME), said.append)
    for number in range(700):
        recorder.keep(*heard(number))
    recorder.close()
    store = SqliteStore(tmp_path / NAME, writing=False)
    assert [each.record.request_id for each in store.read(*FOREVER)] == [f"req_{number:020x}" for number in range(700)]
    store.close()
    assert said == []


def test_nothing_is_made_before_the_first_request_nor_where_nothing_is_to_be_written(tmp_path: Path) -> None:
    recorder = Recorder(lambda: SqliteStore(tmp_path / NAME), print)
    entry, source = heard(1)
    recorder.keep(Entry(entry.at, entry.record, log="off"), source)
    recorder.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_the_file_is_for_its_owner_alone_and_so_are_those_beside_it(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "home" / NAME)
    store.write([Filled(heard(1)[0])])
    assert {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "home").iterdir()} == {0o600}
    store.close()


def test_several_processes_write_the_same_file(tmp_path: Path) -> None:
    stores = [SqliteStore(tmp_path / NAME) for _ in range(4)]

    def write_some(index: int, store: SqliteStore) -> None:
        for number in range(25):
            store.write([Filled(heard(index * 100 + number)[0])])

    threads = [threading.Thread(target=write_some, args=each) for each in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [each.requests for each in stores[0].sums("0", "9", by="")] == [100]
    for store in stores:
        store.close()


def test_a_request_that_is_served_stands_in_the_log_under_the_id_its_answer_carries(tmp_path: Path) -> None:
    with in_thread(whole(anthropic_message("hi"))) as upstream:
        write(tmp_path, "rules/10.ccr", f'provider up {{ url = "{upstream.url}"; dialect = anthropic; key = "sk-SECRET" }}\ndefault route up/m\n')  # fmt: skip
        with running(tmp_path) as ccr:
            answer = ccr.ask("find me", headers={"x-ccr-project": "/home/a/work"})
    store = SqliteStore(tmp_path / NAME, writing=False)
    (entry,) = store.find(answer.headers["request-id"])
    store.close()
    assert (entry.record.target, entry.project, entry.record.outcome) == ("up/m", "~/work", "ok")
    assert [(each.text, each.chosen) for each in entry.looked if each.chosen] == [("default route up/m", True)]
    kept = b"".join(each.read_bytes() for each in tmp_path.glob(NAME + "*"))
    assert b"SECRET" not in kept and b"find me" not in kept


def test_what_was_sent_is_kept_only_where_a_rule_says_so(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", "when model ~ opus set log = full\nwhen model ~ haiku set log = off\n")
    with running(tmp_path) as ccr:
        for model in ("claude-opus-4-5", "claude-haiku-4-5", "claude-sonnet-4-5"):
            ccr.ask(f"I am {model}", model=model)
    store = SqliteStore(tmp_path / NAME, writing=False)
    found = {each.record.model: each.body for each in store.read(*FOREVER, bodies=True)}
    store.close()
    assert set(found) == {"claude-opus-4-5", "claude-sonnet-4-5"}
    assert b"I am claude-opus-4-5" in found["claude-opus-4-5"] and found["claude-sonnet-4-5"] == b""


# ---- a process that is killed -----------------------------------------------------------------------------------------


@needs_proc
def test_a_process_that_is_killed_under_load_loses_at_most_its_last_batch(tmp_path: Path) -> None:
    finished: list[tuple[float, str]] = []
    stop = threading.Event()
    with in_thread(whole(anthropic_message("hi"))) as upstream:
        home = tmp_path / ".claude-code-router"
        write(tmp_path, "rules/10.ccr", f'provider up {{ url = "{upstream.url}"; dialect = anthropic; key = "k" }}\ndefault route up/m\n')  # fmt: skip
        with serving(tmp_path) as ccr:
            threads = [threading.Thread(target=_ask_until, args=(stop, ccr.port, finished)) for _ in range(4)]
            for thread in threads:
                thread.start()
            _until(lambda: len(finished) > 200 and _count(home / NAME) > 50)
            ccr.kill()
            killed = time.monotonic()
            stop.set()
            for thread in threads:
                thread.join(10)
    store = SqliteStore(home / NAME)
    written = {each.record.request_id for each in store.read(*FOREVER)}
    (total,) = store.sums("0", "9", by="")
    store.close()
    missing = [at for at, each in finished if each not in written and at < killed]
    assert total.requests == len(written), "sums and entries are written together"
    kept = [at for at, each in finished if each in written]
    assert max(kept) - 0.5 < min(missing, default=killed), "what is missing is what came last"
    assert killed - min(missing, default=killed) < 3.0, "and it is not long ago"


@needs_proc
@pytest.mark.parametrize("words", [(), ("--workers", "2")], ids=["alone", "two workers"])
def test_a_process_that_is_stopped_loses_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Several workers write the same file."""
    with in_thread(whole(anthropic_message("hi"))) as upstream:
        home = tmp_path / ".claude-code-router"
        write(tmp_path, "rules/10.ccr", f'provider up {{ url = "{upstream.url}"; dialect = anthropic; key = "k" }}\ndefault route up/m\n')  # fmt: skip
        with serving(tmp_path, *words) as ccr:
            ids = [_ask_once(ccr.port) for _ in range(40)]
            ccr.terminate()
            assert ccr.ended(15) == 0
    store = SqliteStore(home / NAME, writing=False)
    assert sorted(each.record.request_id for each in store.read(*FOREVER)) == sorted(ids)
    store.close()


def _ask_once(port: int) -> str:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", "/v1/messages", json.dumps(request()), {"content-type": "application/json"})
        with connection.getresponse() as answer:
            assert answer.status == 200, answer.read()
            answer.read()
            return answer.headers["request-id"]


def _ask_until(stop: threading.Event, port: int, finished: list[tuple[float, str]]) -> None:
    body = json.dumps(request()).encode()
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        while not stop.is_set():
            try:
                connection.request("POST", "/v1/messages", body, {"content-type": "application/json"})
                with connection.getresponse() as answer:
                    answer.read()
            except (OSError, HTTPException):
                return
            finished.append((time.monotonic(), answer.headers["request-id"]))


def _count(path: Path) -> int:
    try:
        store = SqliteStore(path, writing=False)
    except StoreError:
        return 0
    try:
        return sum(each.requests for each in store.sums("0", "9", by=""))
    finally:
        store.close()


def _until(holds: Callable[[], bool], within: float = 20.0) -> None:
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)


# ---- a log that cannot be written -------------------------------------------------------------------------------------


def test_a_log_that_cannot_be_written_is_said_once_and_caught_up_with_later() -> None:
    said: list[str] = []
    store = Broken()
    store.why = "the disk is full"
    recorder = Recorder(lambda: store, said.append)
    recorder.keep(*heard(1))
    assert store.tried.wait(5)
    recorder.keep(*heard(2))
    _until(lambda: bool(said))
    store.why = ""
    _until(lambda: len(store.written) == 2)
    _until(lambda: len(said) == 2)
    recorder.close()
    assert said == [
        "log: the disk is full; requests are served as before, and it is tried again",
        "log: it is written again",
    ]


def test_what_is_never_written_is_counted_at_the_end() -> None:
    said: list[str] = []
    store = Broken()
    store.why = "no"
    recorder = Recorder(lambda: store, said.append)
    recorder.keep(*heard(1))
    recorder.close()
    assert said[-1] == "log: 1 request could not be written before the end"


def test_requests_are_served_where_the_home_cannot_be_written(tmp_path: Path) -> None:
    """A file stands where the log's folder should be: nobody can write there, whoever they are."""
    write(tmp_path, "rules/10.ccr", "when model ~ haiku deny 403\n")
    (tmp_path / NAME).mkdir()
    said: list[str] = []
    with running(tmp_path) as ccr:
        ccr.live.notices.append(said.append)
        assert [ccr.ask().status for _ in range(3)] == [200, 200, 200]
        _until(lambda: bool(said))
    assert said[0] == f"log: {tmp_path / NAME}: it cannot be opened: its folder or its permissions forbid it; requests are served as before, and it is tried again"  # fmt: skip


@pytest.mark.parametrize(
    ("content", "word"), [(b"this is no database, but it is long enough to be read as one" * 20, "it is no database")]
)
def test_a_file_that_is_no_log_is_left_as_it_is(tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(StoreError, match=word):
        SqliteStore(tmp_path / NAME)
    assert (tmp_path / NAME).read_bytes() == content


def test_a_log_of_a_newer_release_is_not_touched(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / NAME)
    store._db.execute("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(StoreError, match="newer ccr"):
        SqliteStore(tmp_path / NAME)


# ---- bounds -----------------------------------------------------------------------------------------------------------


def test_what_waits_is_bounded_and_what_is_left_out_is_counted() -> None:
    held = threading.Event()

    def open_late() -> Broken:
        held.wait(20)
        return store

    said: list[str] = []
    store = Broken()
    recorder = Recorder(open_late, said.append)
    entry, source = heard(1)
    for _ in range(2 * MOST + 600):
        recorder.keep(entry, source)
    assert recorder.dropped > 0
    held.set()
    recorder.close()
    assert len(store.written) <= MOST + 500 and recorder.dropped == 0
    assert said == [f"log: {2 * MOST + 600 - len(store.written):,} requests left out"]


def test_large_requests_wait_without_their_facts_when_there_are_too_many() -> None:
    """Their money is kept; what a rule could have asked is then not known."""
    held = threading.Event()
    store = Broken()
    recorder = Recorder(lambda: (held.wait(20), store)[1], print)
    entry, source = heard(1)
    facts = source.facts
    request = MessagesRequest(facts.inputs.request.body, b"x" * 10_000_000)
    large = Source(SNAPSHOT, type(facts)(facts._readers, type(facts.inputs)(request, facts.inputs.now)), source.plan)
    recorder.keep(entry, source)
    time.sleep(0.6)  # the thread has taken the first and waits for the store
    for _ in range(10):
        recorder.keep(entry, large)
    held.set()
    recorder.close()
    assert [bool(each.facts) for each in store.written] == [True] * 7 + [False] * 4


def test_putting_an_entry_down_takes_microseconds() -> None:
    """Whatever the disk does."""
    recorder = Recorder(Broken, print)
    entry, source = heard(1)
    began = time.perf_counter()
    for _ in range(1000):
        recorder.keep(entry, source)
    took = (time.perf_counter() - began) / 1000
    recorder.close()
    assert took < 200e-6


def test_what_is_forgotten_gives_its_room_back(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / NAME)
    store.write([Filled(heard(number)[0]) for number in range(3000)])
    store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    before = (tmp_path / NAME).stat().st_size
    while store.tidy(4e9, 500):
        pass
    store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    store.close()
    assert (tmp_path / NAME).stat().st_size < before / 3


def test_old_entries_are_forgotten_while_it_runs(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / NAME)
    old, source = heard(1)
    store.write([Filled(Entry(1000.0, old.record, "1970-01-01"))])
    store.close()
    recorder = Recorder(lambda: SqliteStore(tmp_path / NAME), print, retention=lambda: 3600.0)
    recorder.keep(Entry(time.time(), record(2), "2026-11-22"), source)
    _until(lambda: _entries(tmp_path / NAME) == [2])
    recorder.close()


def _entries(path: Path) -> list[int]:
    store = SqliteStore(path, writing=False)
    try:
        return [int(each.record.request_id.removeprefix("req_"), 16) for each in store.read(*FOREVER)]
    finally:
        store.close()


def test_equal_samples_of_the_state_have_equal_names() -> None:
    calm, busy = filled(1, request={"state": {"groq.load": 1}}), filled(2, request={"state": {"groq.load": 2}})
    assert calm.entry.state and calm.entry.state == filled(3, request={"state": {"groq.load": 1}}).entry.state
    assert busy.entry.state != calm.entry.state and filled(4).entry.state == ""


def test_facts_that_are_read_at_once_and_those_left_to_the_thread_are_the_same(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / NAME)
    recorder = Recorder(lambda: store, print)
    small, large = heard(1), heard(2)
    inputs = large[1].facts.inputs
    raw = structs.replace(inputs.request, raw=b"x" * (AT_ONCE + 1))
    facts = Facts(vocabulary().readers, structs.replace(inputs, request=raw))
    large = (large[0], Source(large[1].snapshot, facts, large[1].plan))
    recorder.keep(*small)
    recorder.keep(*large)
    recorder.close()
    store = SqliteStore(tmp_path / NAME, writing=False)
    first, second = store.read(*FOREVER)
    store.close()
    assert first.read("model") == second.read("model") != "" and first.looked == second.looked != ()
