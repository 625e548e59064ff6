"""What of a request its target is not told as the client asked it: a few words each, for the record of the exchange.

A dialect says what its protocol reaches (`Reach`), a profile what the speaker takes; the rest follows from the request.
The words name fields, never what a person wrote. A request that can be said whole costs a look at its fields and at its
blocks' types, which others have looked at before (`MessagesRequest.rare`).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from ccr.dialects.asked import asked_limit, asked_numbers, asked_schema
from ccr.dialects.effort import OFF, asked_effort, lowest_effort, nearest_effort
from ccr.dialects.offers import callable_tools
from ccr.dialects.profile import Profile
from ccr.dialects.schemas import keys_among
from ccr.dialects.stops import asked_stops
from ccr.messages.request import MessagesRequest

_SEARCH = "web_search_"
_SEARCH_FIELDS = ("max_uses", "allowed_domains", "blocked_domains", "user_location")
_LONGEST = 40
"""Characters of a client's word in ours."""

_SAID = frozenset(
    {
        "model", "messages", "system", "tools", "tool_choice", "max_tokens", "stop_sequences", "stream", "temperature",
        "top_p", "top_k", "metadata", "thinking", "output_config",
    }
)  # fmt: skip
"""Fields of a request that are looked at one by one. `metadata` is the client's own."""

_BLOCKS = frozenset(
    {
        "text", "image", "document", "search_result", "tool_reference", "tool_use", "tool_result", "thinking",
        "redacted_thinking", "server_tool_use", "web_search_tool_result",
    }
)  # fmt: skip
"""Blocks that have words or parts of their own in every protocol; others are told by their type alone."""


class Reach(Struct, frozen=True):
    """What a protocol can say, whoever speaks it."""

    sampling: frozenset[str] = frozenset({"temperature", "top_p"})
    stops: int | None = None
    """Most stop sequences; None: all."""
    least_output: int = 0
    levels: frozenset[str] | None = frozenset()
    """Forms of `reasoning_request` that tell an effort; None: any of them."""
    budgets: frozenset[str] = frozenset()
    """Those that tell a budget in tokens."""
    switches: frozenset[str] = frozenset()
    """Those that only turn thinking on and off."""
    thinks_unasked: bool = False
    """A model that can think does so without being asked, and can always be told not to."""
    choices: frozenset[str] = frozenset({"auto", "none", "any", "tool"})
    """Kinds of `tool_choice`."""
    parallel: bool = True
    """`disable_parallel_tool_use` can be said."""
    search: frozenset[str] | None = None
    """Fields of a web search that can be said; None: there is no search."""
    search_beside_tools: bool = True
    schema_beside_tools: bool = True
    images: frozenset[str] = frozenset({"base64", "url"})
    """Sources of images that can be sent."""
    documents: frozenset[str] = frozenset({"base64"})
    """Sources of documents that can be sent as files."""
    documents_as_images: bool = False
    """Who sees images takes documents."""


class _Asked(Struct):
    request: MessagesRequest
    body: Mapping[str, Any]
    profile: Profile
    reach: Reach


def unsaid(request: MessagesRequest, profile: Profile, reach: Reach) -> tuple[str, ...]:
    """What is changed or left out, in the order of the request's importance; () where nothing is."""
    asked = _Asked(request, request.body, profile, reach)
    return tuple(dict.fromkeys(word for look in _LOOKS for word in look(asked)))


def takes_files(profile: Profile, reach: Reach, source: str = "base64") -> bool:
    """Whether documents of this source are sent as files."""
    taken = profile.sees_images if reach.documents_as_images else profile.takes_documents
    return taken and not profile.string_content and source in reach.documents


def fields_beyond(body: Mapping[str, Any], known: frozenset[str]) -> Iterator[str]:
    """Fields nobody here knows, which are left out."""
    return (f"{str(key)[:_LONGEST]} left out" for key in body if key not in known)


def _fields(asked: _Asked) -> Iterator[str]:
    if not asked.body.keys() <= _SAID:
        yield from fields_beyond(asked.body, _SAID)


def _output(asked: _Asked) -> Iterator[str]:
    wanted, limit = asked.body.get("max_tokens"), asked_limit(asked.body, asked.profile)
    if limit is None:
        return
    limit = max(limit, asked.reach.least_output)
    if limit not in (wanted, int(wanted or 0) + asked.profile.reasoning_headroom):
        yield f"max_tokens {wanted} as {limit}"


def _sampling(asked: _Asked) -> Iterator[str]:
    said = asked.reach.sampling if asked.profile.sampling else ()
    for key in asked_numbers(asked.body, "temperature", "top_p", "top_k"):
        if key not in said:
            yield f"{key} left out"


def _stops(asked: _Asked) -> Iterator[str]:
    most = asked.reach.stops
    if most is not None and len(asked_stops(asked.body)) > most:
        yield f"stop_sequences beyond {most} left out"


def _thinking(asked: _Asked) -> Iterator[str]:
    wanted = asked_effort(asked.body)
    if not wanted:
        return
    profile, reach = asked.profile, asked.reach
    forms = _forms(profile.reasoning_request)
    levels = forms if reach.levels is None else forms & reach.levels
    if not levels and not forms & (reach.budgets | reach.switches):
        if not reach.thinks_unasked:
            yield "thinking left out: nobody has said how this model is asked for it"
        elif wanted != OFF and isinstance(_config(asked.body).get("effort"), str):
            yield "effort left out: nobody has said that this model knows levels"
    elif wanted == OFF:
        if not profile.reasoning_off and not forms & reach.switches:
            yield f"thinking off as {lowest_effort(profile.reasoning_efforts) or 'the least budget'}"
    elif levels:
        said = nearest_effort(wanted, profile.reasoning_efforts)
        if said != wanted:
            yield f"effort {wanted[:_LONGEST]} as {said}"
    elif forms & reach.budgets:
        yield from _budget(asked)
    elif isinstance(_config(asked.body).get("effort"), str):
        yield "effort left out: thinking is only on or off here"


@lru_cache(maxsize=64)
def _forms(request: str) -> frozenset[str]:
    return frozenset(request.split("+")) - {""}


def _budget(asked: _Asked) -> Iterator[str]:
    thinking = asked.body.get("thinking")
    wanted = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    least, most = asked.profile.thinking_budgets
    if isinstance(wanted, int) and not least <= wanted <= most:
        yield f"thinking budget {wanted} as {min(max(wanted, least), most)}"


def _config(body: Mapping[str, Any]) -> Mapping[str, Any]:
    config = body.get("output_config")
    return config if isinstance(config, dict) else {}


def _shape(asked: _Asked) -> Iterator[str]:
    config = _config(asked.body)
    for key in config.keys() - {"effort", "format"}:
        yield f"output_config.{str(key)[:_LONGEST]} left out"
    if "format" not in config or asked_schema(asked.body) is None:
        return
    alone = asked.reach.schema_beside_tools or not _offers(asked)
    if asked.profile.structured != "json_schema" or not alone:
        yield "the answer's schema in words"


def _offers(asked: _Asked) -> bool:
    return asked.profile.tool_calls and bool(callable_tools(asked.request))


def _tools(asked: _Asked) -> Iterator[str]:
    typed = [
        tool for tool in asked.request.tools if isinstance(tool, dict) and tool.get("type") not in (None, "custom")
    ]
    for tool in typed:
        if str(tool["type"]).startswith(_SEARCH):
            yield from _searched(tool, asked)
        else:
            yield f"tool {str(tool['type'])[:_LONGEST]} left out"
    if not asked.profile.tool_calls:
        if callable_tools(asked.request):
            yield "tools left out: this model calls none"
    elif drops := asked.profile.schema_drops:
        found = {key for tool in callable_tools(asked.request) for key in keys_among(tool.get("input_schema"), drops)}
        if found:
            yield f"left out of tools' schemas: {', '.join(sorted(found))}"


def _searched(tool: Mapping[str, Any], asked: _Asked) -> Iterator[str]:
    said = asked.reach.search
    if said is None or not asked.profile.search_tool:
        yield "web_search left out: there is none here"
    elif not asked.reach.search_beside_tools and _offers(asked):
        yield "web_search beside functions left out"
    else:
        yield from (f"web_search {field} left out" for field in _SEARCH_FIELDS if tool.get(field) and field not in said)


def _choice(asked: _Asked) -> Iterator[str]:
    choice = asked.body.get("tool_choice")
    if not isinstance(choice, dict) or not asked.request.tools:
        return
    kind = str(choice.get("type"))[:_LONGEST]
    if kind not in asked.reach.choices or (kind == "any" and not asked.profile.tool_choice_required):
        yield f"tool_choice {kind} as auto"
    single = choice.get("disable_parallel_tool_use") is True
    if single and not (asked.reach.parallel and asked.profile.parallel_tool_calls):
        yield "disable_parallel_tool_use left out"


def _content(asked: _Asked) -> Iterator[str]:
    profile, words = asked.profile, set[str]()
    for block in asked.request.rare:
        kind = str(block.get("type"))
        if kind == "image":
            if not profile.sees_images or profile.string_content or _source(block) not in asked.reach.images:
                words.add("images in words")
        elif kind == "document":
            if not _sent(block, asked):
                words.add("documents as text")
        elif kind not in _BLOCKS:
            words.add(f"{kind[:_LONGEST]} blocks in words")
    yield from sorted(words)


def _sent(document: Mapping[str, Any], asked: _Asked) -> bool:
    """A document of text is said whole by its text."""
    kind = _source(document)
    return kind in ("text", "content") or takes_files(asked.profile, asked.reach, kind)


def _source(block: Mapping[str, Any]) -> str:
    source = block.get("source")
    return str(source.get("type")) if isinstance(source, dict) else ""


_LOOKS: tuple[Callable[[_Asked], Iterator[str]], ...] = (
    _thinking, _tools, _choice, _output, _sampling, _stops, _shape, _content, _fields,
)  # fmt: skip
