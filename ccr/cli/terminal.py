"""What `ccr serve` says while it runs: one line when it starts, one a request, one a reload.

Nothing of a request's text, and no key, is ever printed.
"""

import atexit
import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from ccr import __version__
from ccr.cli import report
from ccr.daemon.log import FORM, turn
from ccr.daemon.log import line as entry
from ccr.diagnostics.diagnostic import Severity, unseen
from ccr.diagnostics.render_text import render
from ccr.live.files import SHIPPED
from ccr.live.live import Change
from ccr.routing.snapshot import Snapshot
from ccr.usage.entry import Entry

_FINE = ("ok", "client_closed")
NOBODY = "no provider yet: a Claude login goes to Anthropic, else the demo answers"


class Lines:
    """Lines on their way to the terminal, written by a thread: a terminal that is held (Ctrl-S), or a pipe that nobody
    reads, must not hold up requests. When too many wait, the newest are left out."""

    def __init__(self, write: Callable[[str], None], most: int = 1000) -> None:
        self._write, self._most = write, most
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._writer: Thread | None = None

    def put(self, line: str) -> None:
        if self._writer is None:
            self._writer = Thread(target=self._run, name="ccr-terminal", daemon=True)
            self._writer.start()
        if self._waiting.qsize() < self._most:
            self._waiting.put(line)

    def close(self, patience: float = 1.0) -> None:
        """Waits until all is written, at most `patience` seconds."""
        if self._writer is not None:
            self._waiting.put(None)
            self._writer.join(patience)
            self._writer = None

    def _run(self) -> None:
        while (line := self._waiting.get()) is not None:
            # A service outlives the terminal that it was started in.
            with suppress(OSError, ValueError):
                self._write(line)


_LOG: list[Path] = []
"""The file that standard output is, of a service in the background."""
Say = Callable[[str, str], None]
"""A line and its level."""


def _print(line: str) -> None:
    if _LOG:
        turn(_LOG[0])
    report.say(line)
    sys.stdout.flush()


_LINES = Lines(_print)
atexit.register(_LINES.close)


def into(log: Path) -> None:
    """From now on lines are those of a log, with day and level, and so is what the rooms below log by themselves."""
    _LOG.append(log)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logging.addLevelName(level, logging.getLevelName(level).lower())
    logging.basicConfig(format="%(asctime)s %(levelname)-7s  %(message)s", datefmt=FORM, stream=sys.stdout)


def _formed(line: str, level: str) -> str:
    return entry(line, level, time.time()) if _LOG else line


def say(line: str, level: str = "info") -> None:
    """To the terminal, soon, also when the output is a pipe."""
    _LINES.put(_formed(line, level))


def say_now(line: str, level: str = "info") -> None:
    """To the terminal, in this thread: for a process that others are forked from, which must have no other."""
    with suppress(OSError, ValueError):
        _print(_formed(line, level))


def tell(request: Entry) -> None:
    """A request that has ended."""
    say(request_line(request), "info" if request.record.outcome in _FINE else "warning")


def end() -> None:
    """What was said is written, as far as the terminal takes it."""
    _LINES.close()


def banner(snapshot: Snapshot, url: str, watching: bool, workers: int = 1) -> str:
    """`ccr 0.1.0 · 3 providers (anthropic, ollama, zai) · 2 files · http://127.0.0.1:3456`"""
    named = [each for each in snapshot.catalog.providers.values() if each.auth.scheme != "client"]
    names = [each.name if each.configured or each.auth.scheme == "none" else f"{each.name}: no key" for each in named]
    providers = f"{_count(len(names), 'provider')} ({', '.join(names)})" if names else NOBODY
    files = [file.name for file in snapshot.sources if not file.name.startswith(SHIPPED)]
    parts = [f"ccr {__version__}", providers, ", ".join(files) or "no rule files", url]
    parts += [f"{workers} workers"] if workers > 1 else []
    return " · ".join((*parts, "watching") if watching else parts)


def reloaded(change: Change) -> str:
    """What a reload did, with the findings if it failed."""
    clock = time.strftime("%H:%M:%S")
    if change.failure is not None:
        errors = sum(each.level is Severity.ERROR for each in change.failure.diagnostics)
        text = change.failure.fault or render(change.failure.diagnostics)
        return (
            f"{clock}  {_count(errors, 'error')}, keeping the rules of before ({change.snapshot.id})\n{text}".rstrip()
        )
    if change.previous is None or change.previous.id == change.snapshot.id:
        return f"{clock}  the sources are as the rules in force ({change.snapshot.id})"
    text = render(unseen(change.snapshot.findings, change.previous.findings))
    return f"{clock}  live: {change.snapshot.id} (was {change.previous.id}, {change.seconds:.2f} s)\n{text}".rstrip()


def request_line(request: Entry) -> str:
    """`10:42:07  main  rules/10.ccr:3  openrouter/z-ai/glm-4.6  1.9 s  12,000+340 tokens`"""
    record = request.record
    first = f"{record.first_byte:.1f} s" if record.first_byte is not None else "-"
    usage = f"{record.usage.prompt:,}+{record.usage.output:,} tokens"
    outcome = "" if record.outcome == "ok" else f"{record.outcome} {record.status or ''}".strip()
    tried = f"after {len(record.attempts) - 1} other" if len(record.attempts) > 1 else ""
    parts = (
        time.strftime("%H:%M:%S"),
        record.kind,
        record.rule or "no rule",
        record.target or "ccr",
        first,
        usage,
        tried,
        outcome,
    )
    return "  ".join(part for part in parts if part)


def noticed(line: str) -> None:
    """Something a person should know: that rules lie somewhere and do not run."""
    say(f"{time.strftime('%H:%M:%S')}  {line}", "warning")


def noticed_now(line: str) -> None:
    """The same, in this thread."""
    say_now(f"{time.strftime('%H:%M:%S')}  {line}", "warning")


def waiting(count: int) -> str:
    """What is said at an end that waits for answers."""
    return f"waiting for {_count(count, 'answer')} that still {'runs' if count == 1 else 'run'}; Ctrl-C again ends them"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
