"""How providers are doing: who rests until when, how fast they begin, how many requests they are answering.

A target rests as an exchange says (`Remember(RESTING, …)`), per provider, model and key. A provider rests as a whole
only when it fails three times in a row in a way that is its own fault; then half a minute, doubling up to five. After
such a rest one request tries it, and the others leave it alone until that one has ended. What requests beside the
conversation met keeps only their like away, unless it is about the key. What a plan needs is given out as a value
(`facts/health.py`), what rules ask as attributes. Speed, load and the trial are this process's own.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from statistics import median

from ccr.exchange.record import AttemptRecord, Resting
from ccr.facts.health import Health, Rest
from ccr.lang.values import Value
from ccr.memory.local import Clock
from ccr.memory.store import Store
from ccr.messages.errors import ErrorKind
from ccr.messages.request import Headers

IN_A_ROW = 3
FIRST_REST = 30.0
LONGEST_REST = 300.0
LATENCY_WINDOW = 300.0
"""Seconds over which the median time to the first content is taken, and"""
SAMPLES = 64
"""how many answers at most."""
MEDIAN_AGE = 1.0
"""Seconds for which the median stands, once there are more than"""
FEW = 8
"""answers."""
TRIAL = 60.0
"""Seconds at most that others wait for the request that tries a provider after its rest."""
USED_AGE = 3600.0
"""Seconds for which the rate-limit window an answer told is believed."""

_WELL = Health()
_SIDE = "side"
"""The last part of a rest's key where only requests beside the conversation keep it; "" where all do."""

_ILL = frozenset(
    kind.value
    for kind in (
        ErrorKind.SERVER, ErrorKind.BAD_GATEWAY, ErrorKind.UNREACHABLE, ErrorKind.TIMEOUT, ErrorKind.TRUNCATED,
    )
)  # fmt: skip


class HealthMemory:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._latencies: defaultdict[str, deque[tuple[float, float]]] = defaultdict(lambda: deque(maxlen=SAMPLES))
        self._medians: dict[str, tuple[float, int]] = {}
        self._load: defaultdict[str, int] = defaultdict(int)
        self._failures: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._trials: dict[str, float] = {}
        """When the request began that tries a provider after its rest."""

    def begin(self, provider: str) -> None:
        """A request is sent to it."""
        self._load[provider] += 1
        if provider not in self._trials and self._is_doubtful(provider):
            self._trials[provider] = self._clock()

    def end(self, provider: str) -> None:
        """The request that began is over, however it ended."""
        self._load[provider] = max(0, self._load[provider] - 1)
        if not self._load[provider]:
            self._trials.pop(provider, None)

    def rest(self, resting: Resting) -> None:
        kept = Rest(resting.seconds, resting.limited, resting.why)
        kind = _SIDE if resting.side else ""
        self._store.put("rest", (resting.provider, resting.model, resting.key, kind), kept, resting.seconds)

    def learn(self, attempt: AttemptRecord, *, side: bool = False) -> None:
        """One try as it ended. `side`: of a request beside the conversation."""
        if attempt.outcome == "ok":
            self._recovered(attempt)
        elif attempt.outcome in _ILL:
            self._trials.pop(attempt.provider, None)
            self._break(attempt, _SIDE if side else "")

    def _recovered(self, attempt: AttemptRecord) -> None:
        self._trials.pop(attempt.provider, None)
        for kind in ("", _SIDE):
            self._failures.pop((attempt.provider, kind), None)
            self._store.drop("rest", (attempt.provider, "", "", kind))
            self._store.drop("rest", (attempt.provider, attempt.model, attempt.key, kind))
        if attempt.first_byte is not None:
            self._time(attempt.provider, attempt.first_byte - attempt.began)

    def _is_doubtful(self, provider: str) -> bool:
        """It was down, its rest is over, and nothing has answered since."""
        failed = self._failures.get((provider, ""), 0) >= IN_A_ROW
        return failed and self._store.get("rest", (provider, "", "", "")) is None

    def _time(self, provider: str, seconds: float) -> None:
        """The median is taken here and at most once a second, because every request samples it."""
        now, seen = self._clock(), self._latencies[provider]
        seen.append((now, seconds))
        if now - self._medians.get(provider, (0.0, 0))[0] < MEDIAN_AGE and len(seen) > FEW:
            return
        recent = [took for at, took in seen if at > now - LATENCY_WINDOW]
        self._medians[provider] = (now, round(median(recent) * 1000))

    def _break(self, attempt: AttemptRecord, kind: str) -> None:
        self._failures[attempt.provider, kind] += 1
        beyond = self._failures[attempt.provider, kind] - IN_A_ROW
        if beyond >= 0:
            seconds = min(FIRST_REST * 2 ** min(beyond, 8), LONGEST_REST)
            why = f"{IN_A_ROW + beyond} failures in a row, the last: {attempt.message or attempt.outcome}"
            self._store.put("rest", (attempt.provider, "", "", kind), Rest(seconds, False, why), seconds)

    def told(self, provider: str, headers: Headers) -> None:
        """What an answer's headers say of its limits."""
        used = fullest_window(headers)
        if used is not None:
            self._store.put("used", (provider,), used, USED_AGE)

    def health(self, *, side: bool = False) -> Health:
        """Who rests, with the seconds that are left. `side`: for a request beside the conversation."""
        kept = list(self._store.items("rest"))
        if not kept and not self._trials:
            return _WELL
        kept.sort(key=lambda item: item[2])
        resting = {
            (key[0], key[1], key[2]): Rest(left, rest.limited, rest.why)
            for key, rest, left in kept
            if side or key[3] != _SIDE
        }
        now = self._clock()
        for provider, began in self._trials.items():
            left = began + TRIAL - now
            if left > 0:
                resting.setdefault((provider, "", ""), Rest(left, why="one request tries whether it is back"))
        return Health(resting)

    def sample(self) -> dict[str, Value]:
        """`PROVIDER.down`, `.limited`, `.latency` (ms), `.load`, `.used`, of every provider there is something to say of."""
        values: dict[str, Value] = {}
        for (provider, model, _, kind), rest, _ in self._store.items("rest"):
            if rest.limited:
                values[f"{provider}.limited"] = True
            elif not model and not kind:
                values[f"{provider}.down"] = True
        for provider, load in self._load.items():
            if load:
                values[f"{provider}.load"] = load
        for key, used, _ in self._store.items("used"):
            values[f"{key[0]}.used"] = used
        since = self._clock() - LATENCY_WINDOW
        for provider, (at, took) in self._medians.items():
            if at > since:
                values[f"{provider}.latency"] = took
        return values


def fullest_window(headers: Headers) -> float | None:
    """The fullest rate-limit window that headers tell, percent; None if they tell none.

    Anthropic tells a share per window (`anthropic-ratelimit-unified-5h-utilization: 0.42`); others what is left of what
    (`x-ratelimit-remaining-requests`, `x-ratelimit-limit-requests`, the same for tokens).
    """
    if not any("ratelimit" in name for name, _ in headers):
        return None
    told = dict(headers)
    shares = [
        _number(value)
        for name, value in headers
        if name.startswith("anthropic-ratelimit-unified-") and name.endswith("-utilization")
    ]
    shares += [_share(told, name.removeprefix("x-ratelimit-limit-")) for name in _named(told, "x-ratelimit-limit-")]
    known = [share for share in shares if share is not None]
    return min(100.0, max(0.0, max(known) * 100)) if known else None


def _named(told: dict[str, str], prefix: str) -> Iterable[str]:
    return (name for name in told if name.startswith(prefix))


def _share(told: dict[str, str], what: str) -> float | None:
    limit, left = _number(told[f"x-ratelimit-limit-{what}"]), _number(told.get(f"x-ratelimit-remaining-{what}", ""))
    return 1 - left / limit if limit and left is not None else None


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None
