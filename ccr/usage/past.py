"""What was paid before this process started, read from the log beside the start, so that budgets survive it.

The log is read in a thread at once; whoever asks for the sums waits for that thread, and nobody else does. A log that
cannot be read is said, and the sums begin anew: a proxy that cannot look back still serves.
"""

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta

from ccr.usage.store import Paid, Store, StoreError

DAYS = 31
"""Days that are read: the longest window is a month."""
PATIENCE = 5.0
"""Seconds somebody who asks waits for the log at most."""


class Past:
    """`open` gives the log to read, or raises StoreError; `exists` says whether there can be one. `today` in the zone of the
    server."""

    def __init__(
        self,
        open: Callable[[], Store],
        exists: Callable[[], bool],
        today: Callable[[], date],
        say: Callable[[str], None],
    ) -> None:
        self._open, self._say, self._started = open, say, time.time()
        self._since = (today() - timedelta(days=DAYS)).isoformat()
        self._paid: list[Paid] = []
        self._reading = threading.Thread(target=self._read, name="ccr-past", daemon=True)
        if exists():
            self._reading.start()
        self._begun = self._reading.ident is not None

    def paid(self) -> list[Paid]:
        """By day and by whoever paid; empty if there is no log."""
        if self._begun:
            self._reading.join(PATIENCE)
            if self._reading.is_alive():
                self._say(f"log: it did not tell within {PATIENCE:g} s what was paid before, so sums begin anew")
        return self._paid

    def _read(self) -> None:
        try:
            store = self._open()
            try:
                self._paid = store.paid(self._since, self._started)
            finally:
                store.close()
        except StoreError as error:
            self._say(f"log: {error}; what was paid before is not known, so sums begin anew")
