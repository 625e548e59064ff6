"""One small real request to where the rules send a plain one: does it answer, and if not, what mends it.

It costs a fraction of a cent. A Claude login cannot be tried from here: Claude Code brings it.
"""

import os
import secrets
from datetime import datetime

from msgspec import Struct

from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.lang.values import Undecided
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.decision import Destination
from ccr.routing.plan import Attempts
from ccr.routing.snapshot import Snapshot
from ccr.routing.vocabulary import Vocabulary
from ccr.upstream.advice import mend
from ccr.upstream.client import Client
from ccr.upstream.probe import Probed, plan_for, probe, small_request
from ccr.upstream.proxies import from_environment


class Trial(Struct, frozen=True):
    """`answered` None: it was not tried, `why` says why not. `seconds` to the end of the answer; `mend` what to do."""

    target: str
    answered: bool | None
    text: str = ""
    seconds: float = 0.0
    why: str = ""
    mend: str = ""


async def attempt(snapshot: Snapshot, destination: Destination, words: Vocabulary) -> Trial:
    """Asks this target for one word."""
    target, provider = str(destination), snapshot.catalog.providers[destination.provider]
    if provider.auth.scheme == "client":
        return Trial(target, None, why="its requests carry the login that Claude Code brings: `ccr code` will tell")
    facts = Facts(words.readers, Inputs(small_request(destination.wire), datetime.now().astimezone()))
    made = plan_for(destination, snapshot, facts, words)
    if isinstance(made, Undecided) or not isinstance(made, Attempts):
        skipped = () if isinstance(made, Undecided) else made.skipped
        why = next(
            (skip.why for skip in skipped),
            f"its block asks for more than a small request tells; ccr providers test {provider.name}",
        )
        return Trial(target, None, why=why)
    client = Client(from_environment(os.environ, snapshot.settings.proxy_url))
    try:
        probed = await probe(made, facts.inputs.request, client, f"req_{secrets.token_hex(10)}")
    finally:
        await client.close()
    if probed.kind is None and probed.outcome == "ok":
        return Trial(target, True, probed.text, probed.seconds)
    why = _why(probed.status, probed.message or probed.outcome)
    return Trial(target, False, seconds=probed.seconds, why=why, mend=_mend(provider, probed))


def _why(status: int, message: str) -> str:
    return f"{status} {message}" if status else message


def _mend(provider: ConfiguredProvider, probed: Probed) -> str:
    return mend(probed.kind, provider, probed.message) if probed.kind is not None else ""
