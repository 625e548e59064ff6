"""Who else hears of every request: the log file and OpenTelemetry, each only where somebody has asked for it.

Looks at the settings at the start and after each reload. Nothing of theirs is imported before.
"""

from collections.abc import Callable, Mapping, MutableSequence
from typing import Any

from ccr.live.live import Live
from ccr.routing.settings import Settings
from ccr.usage.entry import Entry

_OTEL = "OTEL_"


class Listeners:
    """`heard` is where listeners of entries stand; `say` tells a person a line."""

    def __init__(
        self,
        live: Live,
        settings: Callable[[], Settings],
        heard: MutableSequence[Callable[[Entry], None]],
        say: Callable[[str], None],
    ) -> None:
        self._live, self._settings, self._heard, self._say = live, settings, heard, say
        self._open: list[Any] = []
        self._writing = False

    def begin(self, variables: Mapping[str, str]) -> None:
        """`variables` of the environment: those of OpenTelemetry are looked for."""
        if any(name.startswith(_OTEL) for name in variables):
            self._trace(variables)
        self._write()
        self._live.listen(lambda _: self._write())

    def close(self) -> None:
        """Writes and sends what is left; may take some seconds."""
        for each in self._open:
            each.close()

    def _trace(self, variables: Mapping[str, str]) -> None:
        from ccr.observe import tracing

        signals = tracing.asked(variables)
        if not signals:
            return
        if not tracing.installed():
            self._say(tracing.MISSING)
            return
        made = tracing.Tracing(lambda: tracing.from_environment(signals), self._say)
        self._heard.append(made.tell)
        self._open.append(made)

    def _write(self) -> None:
        if self._writing or not self._settings().log_level:
            return
        from ccr.observe.journal import Journal

        self._writing = True
        made = Journal(self._live.places.home / "logs", lambda: self._settings().log_level)
        made.begin()
        self._heard.append(made.tell)
        self._open.append(made)
