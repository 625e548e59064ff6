"""A person at a terminal, who waits for words before typing others."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]


class Terminal:
    """A running `ccr WORDS`, whose screen and keyboard are ours. `seen` is what came since the last words."""

    def __init__(self, home: Path, *words: str, variables: Mapping[str, str]) -> None:
        self.handle, theirs = pty.openpty()
        known = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "TERM": "dumb",
            "LANG": "C.UTF-8",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ccr", *words], stdin=theirs, stdout=theirs, stderr=theirs, env={**known, **variables},
            start_new_session=True, cwd=home,
        )  # fmt: skip
        os.close(theirs)
        self.seen = ""

    def until(self, words: str) -> str:
        """What came before these words."""
        end = time.monotonic() + 20
        while words not in self.seen:
            assert time.monotonic() < end, f"{words!r} did not come: {self.seen}"
            if select.select([self.handle], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self.handle, 4096).decode()
                except OSError:  # it has ended
                    assert words in self.seen, self.seen
        before, _, self.seen = self.seen.partition(words)
        return before

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def end(self) -> int:
        code = self.process.wait(20)
        os.close(self.handle)
        return code
