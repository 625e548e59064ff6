"""One request as the log keeps it: what was decided and why, what came of it, what it cost. Never a text, never a key.

An entry is made when its exchange has ended (`making.py`) and told to everybody who listens. What costs to find out,
`facts`, `looked` and what stands beside them, is added off the hot path by whoever writes the log (`filling.py`), so a
listener sees those empty; read from the store they are whole.

The contract for whoever decides again from an entry (`ccr replay`, `ccr test --cover`): `read(name)` answers what a rule
may ask, exactly as it was known when the request was decided, else `Unknown`, and what hangs on that is "not decidable
from the log", never a guess. Known are all attributes of the request phase, with these exceptions:

* `prompt`, `system`: never kept. `log = full` keeps the request's body instead (`body`), from which they can be read.
* headers that no rule named then, and answers of Python functions that were not asked then.
* sums (`spend.*`, `requests.*`) that no rule asked then, because they were not sampled (`sums`).
* `tokens` is a number where it was counted, else the bounds that were enough then.

Besides attributes a decision hangs on: whether the caller brought a login of their own (`logins`: the providers it is
for), the hash of the body that draws the side of a split where the session does not (`draw`; with a session it is
kept only where a split `by request` was among the rules, else what another one would draw is undecided), the rules of the caller's project and
session, which only somebody at this machine gets (`local`, and the facts `project` and `session`), and the clock (`at`:
`time` and `weekday` are kept as they read in the zone of then). Which targets rested is not a fact of the rules; who was
passed over and why stands in `record.skipped`. `chain` and `denied` are what was decided, to compare with.
"""

from collections.abc import Mapping

from msgspec import Struct

from ccr.exchange.record import UsageRecord
from ccr.lang.values import Reading, Unknown

OFF, META, FULL = "off", "meta", "full"
LEVELS = (OFF, META, FULL)
"""What `set log` can say, the most private first (rulings R22)."""

_HEALTH = frozenset({"down", "limited", "latency", "load", "used"})
_SUMS = frozenset({"spend.today", "spend.week", "spend.month", "requests.minute", "requests.hour", "requests.today"})
"""What follows a provider's name; a provider of which nothing was sampled reads as zero."""


class Looked(Struct, frozen=True):
    """A rule that was looked at. `result`: yes, no, None where it was not needed to know. `names`: the attributes that its
    condition mentions; their values are in `facts`."""

    layer: str
    place: str
    text: str
    names: tuple[str, ...] = ()
    result: bool | None = None
    nothing: bool = False
    """Its condition held, but its route came to no target."""
    chosen: bool = False
    """It routed or denied."""


class Entry(Struct, frozen=True):
    """`at`: seconds since the epoch when the request came. `cost`: micro-dollars, None where no price is known.
    `asked_cost`: what the same tokens would have cost at the model that was asked for."""

    at: float
    record: UsageRecord
    day: str = ""
    """The day it counts for, in the zone of the server, `2026-11-22`: days, weeks and months of people begin there."""
    project: str = ""
    cost: int | None = None
    asked_cost: int | None = None
    chain: tuple[str, ...] = ()
    denied: int = 0
    """The status of a denial by a rule; 0 if there was none."""
    log: str = META
    state: str = ""
    """Names the sample of the state it was decided with: equal samples have equal names."""
    sums: bool = False
    """The sample held sums; else a sum that `facts` lacks is not known."""
    local: bool = False
    """Somebody at this machine asked."""
    logins: tuple[str, ...] = ()
    draw: str = ""
    recognised: str = ""
    """How the kind was found: a header, a mark, nothing."""
    facts: Mapping[str, Reading] = {}
    looked: tuple[Looked, ...] = ()
    body: bytes = b""

    @property
    def saved(self) -> int | None:
        """Micro-dollars saved by not going to the model asked for; negative if it was dearer; None if not known."""
        return self.asked_cost - self.cost if self.cost is not None and self.asked_cost is not None else None

    @property
    def provider(self) -> str:
        return self.record.target.partition("/")[0]

    def read(self, name: str) -> Reading:
        """What a rule would have read, `Unknown` where the log does not know. What is absent is the type's zero."""
        if name in self.facts:
            return self.facts[name]
        of_provider = name.partition(".")[2]
        known = of_provider in _HEALTH or (self.sums and of_provider in _SUMS)
        return 0 if known else Unknown(name)
