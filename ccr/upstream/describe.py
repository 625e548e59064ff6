"""What is on pictures, in words: a model that sees is shown each picture once, and its words are kept by the picture's hash.

A picture stays in its conversation and comes again with each request. The question is always the same, so that the words
serve every later one. Two requests that want the same wait for one answer; what failed is asked again the next time. What
it costs is told to whoever keeps the log, as a request of its own.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from ccr.exchange.context import Context
from ccr.exchange.record import UsageRecord
from ccr.exchange.steps import Ask, Text, Texts
from ccr.facts.facts import Facts
from ccr.facts.health import Health
from ccr.facts.inputs import Inputs
from ccr.lang.evaluate import Asking
from ccr.lang.values import Undecided
from ccr.messages.request import MessagesRequest
from ccr.routing.decide import guards_in_force
from ccr.routing.decision import Decision
from ccr.routing.guards import admit
from ccr.routing.plan import Attempts
from ccr.routing.planning import plan
from ccr.routing.scene import Scene
from ccr.routing.snapshot import Snapshot
from ccr.routing.targets import chosen
from ccr.routing.vocabulary import Vocabulary
from ccr.upstream.client import Client
from ccr.upstream.probe import collect

KEPT = 256
"""Descriptions kept."""
_MOST = 2000
"""Tokens of a description."""
_WHOSE = ("session", "agent.id", "project", "repo")
_QUESTION = (
    "Somebody who cannot see this picture has to work with it. Write down every text in it word for word, with where it "
    "stands, then what else it shows: layout, parts and how they are connected, colours where they matter, anything that "
    "looks wrong. No introduction, no opinion, no question."
)

Recorded = Callable[[Snapshot, Facts, Attempts, UsageRecord], None]


class Pictures:
    """`record` hears of each request that is made."""

    def __init__(self, client: Client, vocabulary: Vocabulary, record: Recorded) -> None:
        self._client, self._vocabulary, self._record = client, vocabulary, record
        self._kept: OrderedDict[tuple[str, bytes], asyncio.Future[Text]] = OrderedDict()

    async def describe(self, snapshot: Snapshot, facts: Facts, asked: Ask) -> Texts:
        """The words for each picture."""
        by = str(asked.options.get("by", ""))
        wanted = (self._text(snapshot, facts, by, picture) for picture in asked.value)
        return Texts(tuple(await asyncio.gather(*wanted)))

    async def _text(self, snapshot: Snapshot, facts: Facts, by: str, picture: Mapping[str, Any]) -> Text:
        key = by, blake2b(msgspec.json.encode(picture.get("source")), digest_size=16).digest()
        known = self._kept.get(key)
        if known is None or (known.done() and (known.cancelled() or known.exception() or known.result().again)):
            known = self._kept[key] = asyncio.ensure_future(self._asked(snapshot, facts, by, picture))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        # Who leaves does not take the words from others who wait for them.
        return await asyncio.shield(known)

    async def _asked(self, snapshot: Snapshot, facts: Facts, by: str, picture: Mapping[str, Any]) -> Text:
        own = self._facts(facts, by, picture)
        made = _plan(snapshot, facts, own, by, self._vocabulary)
        if isinstance(made, str):
            return Text(wrong=made, again=True)
        number = f"req_{secrets.token_hex(10)}"
        context = Context(number, number.removeprefix("req_"), snapshot=snapshot.id, kind="side")
        record, text = await collect(made, own.inputs.request, self._client, context)
        self._record(snapshot, own, made, record)
        if record.outcome == "ok" and text:
            return Text(text)
        last = record.attempts[-1]
        return Text(wrong=last.message or "it had no words", again=True)

    def _facts(self, facts: Facts, by: str, picture: Mapping[str, Any]) -> Facts:
        """Those of a request of our own, from whom the other one came."""
        shown = {"type": "image", "source": picture.get("source")}
        content = [shown, {"type": "text", "text": _QUESTION}]
        said = {"model": by, "max_tokens": _MOST, "stream": True, "messages": [{"role": "user", "content": content}]}
        told = facts.inputs
        whose = {name: told.known[name] for name in _WHOSE if name in told.known}
        request = MessagesRequest(said, msgspec.json.encode(said), told.request.headers)
        return Facts(
            self._vocabulary.readers,
            Inputs(request, told.now, told.state, told.user, {**whose, "kind": "side"}, local=told.local),
        )


def _plan(snapshot: Snapshot, facts: Facts, own: Facts, by: str, vocabulary: Vocabulary) -> Attempts | str:
    """The plan for who is to look, whatever rests; in words why there is none. A picture is a part of the person's request,
    so the guards that hold for that (`facts`) hold for whoever looks at it."""
    chain = chosen(by, Scene(snapshot, own, snapshot.policy.aliases))
    if isinstance(chain, Undecided) or not chain.members:
        return f"nobody here serves `{by}`"
    guards = guards_in_force(snapshot, facts, Asking(facts))
    if isinstance(guards, Undecided):
        return f"whether `{by}` may see it hangs on {guards.attribute}"
    members = admit(chain.members, guards)
    if not members:
        return f"a guard of the rules keeps `{by}` from seeing it"
    made = plan(Decision(members, None, None, ()), snapshot, own, Health(), vocabulary)
    if isinstance(made, Undecided):
        return f"whether `{by}` can be asked hangs on {made.attribute}"
    return made if isinstance(made, Attempts) else made.error.message if made.error else f"`{by}` cannot be asked"
