"""Effects on a request: what `set` and `drop` do to a copy of it. The client's own body is never changed (acceptance H5).

Effects come ordered and filtered from the planner (rulings R16) and are carried out one by one; where a `use` stands
among them its rewrite is made; where it names Python, the request is handed out to be changed (`Ask`). Fields that are not of the request (`timeout`, `log`, `response.*`) are left to others.
"""

from collections.abc import Callable, Generator, Mapping
from typing import Any

import msgspec
from msgspec import structs

from ccr.dialects.wire import WireRequest
from ccr.exchange.history import drop_cache_marks, drop_images, drop_thinking
from ccr.exchange.steps import Answered, Ask, Changed, Reply, Step
from ccr.facts.hint import without_hint
from ccr.lang.patterns import matcher
from ccr.lang.values import Value
from ccr.messages.request import Headers, MessagesRequest
from ccr.routing.effects import PYTHON, DropField, Rewrite, SetField
from ccr.routing.plan import Attempt, Rewriting
from ccr.routing.settings import Limits
from ccr.transformers.transformer import Stage, Transformer

_HEADER = "header."
_LEAST_BUDGET = 1024
"""Tokens; https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking says that less is refused."""
_USUAL_BUDGET = 10_000
_NOT_PYTHONS = ("model", "stream")
"""Where a request goes is for rules to say, and how its answer is read for the client."""

Asking = Callable[[Step], Generator[Step, Reply, Reply]]
"""How a step is taken; raises when the exchange is over."""


def shape(
    request: MessagesRequest, attempt: Attempt, ask: Asking, *, without_thinking: bool = False
) -> Generator[Step, Reply, tuple[MessagesRequest, Attempt]]:
    """The request as it leaves for this target, before its dialect encodes it; and the attempt, where somebody outside
    wants to see its answer."""
    request = without_hint(request)
    waiting = list(attempt.rewrites)
    heard: dict[int, Stage] = {}
    for effect in attempt.effects:
        match effect:
            case SetField(condition=None):
                request = _set(request, effect)
            case DropField(condition=None):
                request = _drop(request, effect)
            case Rewrite() if effect.name.startswith(PYTHON):
                request, stage = yield from _ask(request, effect, attempt, ask)
                if stage is not None:
                    heard[id(effect)] = stage
            case Rewrite():
                request = _use(request, effect.name, waiting)
            case _:
                pass
    for rewriting in waiting:
        request = _rewrite(request, rewriting)
    shaped = drop_thinking(request) if without_thinking else request
    return shaped, _listened(attempt, heard) if heard else attempt


def shape_wire(wire: WireRequest, attempt: Attempt) -> WireRequest:
    """Headers that rules set or drop, put over what the dialect says."""
    headers = wire.headers
    for effect in attempt.effects:
        if isinstance(effect, SetField | DropField) and effect.condition is None and effect.field.startswith(_HEADER):
            headers = _with_header(headers, effect)
    return wire if headers is wire.headers else structs.replace(wire, headers=headers)


def limits_of(attempt: Attempt) -> Limits:
    """The attempt's limits; `set timeout` (milliseconds) is the patience until the first content (rulings R22)."""
    timeout = last_set(attempt, "timeout")
    if not isinstance(timeout, int | float) or not timeout:
        return attempt.limits
    return structs.replace(attempt.limits, first_byte=timeout / 1000, whole=timeout / 1000)


def last_set(attempt: Attempt, field: str) -> Value | None:
    """The value the last unconditional `set` gave to a field; None if none did."""
    values = [e.value for e in attempt.effects if isinstance(e, SetField) and e.field == field and e.condition is None]
    return values[-1] if values else None


def _use(request: MessagesRequest, name: str, waiting: list[Rewriting]) -> MessagesRequest:
    """The rewrite of that name, if it rewrites at all: some `use`s are only a way of speaking."""
    for rewriting in waiting:
        if rewriting.transformer.name == name:
            waiting.remove(rewriting)
            return _rewrite(request, rewriting)
    return request


def _ask(
    request: MessagesRequest, asked: Rewrite, attempt: Attempt, ask: Asking
) -> Generator[Step, Reply, tuple[MessagesRequest, Stage | None]]:
    """What Python makes of the request, and who looks at its answer; the request itself if it makes nothing of it."""
    question = f"python.use:{asked.name.removeprefix(PYTHON)}"
    reply = yield from ask(Ask(question, request.body, attempt.destination, asked.arguments))
    changed = reply.value if isinstance(reply, Answered) else None
    if not isinstance(changed, Changed):
        return request, None
    made = changed.body
    changes = {key: value for key, value in made.items() if key not in request.body or request.body[key] != value}
    gone = {key: msgspec.UNSET for key in request.body if key not in made}
    wanted = {key: value for key, value in {**changes, **gone}.items() if key not in _NOT_PYTHONS}
    return (request.replace(**wanted) if wanted else request), changed.stage


def _listened(attempt: Attempt, heard: Mapping[int, Stage]) -> Attempt:
    """The attempt with those who look at its answer among its rewrites, each where its `use` stands: answers pass in
    the exact reverse (rulings R16)."""
    left, ordered = list(attempt.rewrites), list[Rewriting]()
    for effect in attempt.effects:
        if id(effect) in heard:
            ordered.append(_hearing(heard[id(effect)]))
        elif isinstance(effect, Rewrite):
            ordered += [each for each in left if each.transformer.name == effect.name][:1]
            left = [each for each in left if each not in ordered]
    return structs.replace(attempt, rewrites=(*ordered, *left), relays=False)


def _hearing(stage: Stage) -> Rewriting:
    return Rewriting(Transformer("python", "", on_stream=lambda request, arguments: stage), {})


def _rewrite(request: MessagesRequest, rewriting: Rewriting) -> MessagesRequest:
    change = rewriting.transformer.on_request
    return request if change is None else change(request, rewriting.arguments)


# ---- set ------------------------------------------------------------------------------------------------------------


def _set(request: MessagesRequest, effect: SetField) -> MessagesRequest:
    if effect.field.startswith(_HEADER):
        return structs.replace(request, headers=_with_header(request.headers, effect))
    if effect.field == "system":
        return _set_system(request, str(effect.value), add=effect.add)
    change = _SETTERS.get(effect.field)
    return request if change is None else change(request, effect.value)


def _plain(field: str) -> Callable[[MessagesRequest, Value], MessagesRequest]:
    return lambda request, value: request.replace(**{field: value})


def _set_effort(request: MessagesRequest, value: Value) -> MessagesRequest:
    config = request.body.get("output_config")
    kept = {key: each for key, each in config.items() if key != "effort"} if isinstance(config, dict) else {}
    said = kept if value == "none" else {**kept, "effort": value}
    return request.replace(output_config=said or msgspec.UNSET)


def _set_thinking(request: MessagesRequest, value: Value) -> MessagesRequest:
    if value == "off":
        return request.replace(thinking={"type": "disabled"})
    if value == "adaptive":
        return request.replace(thinking={"type": "adaptive"})
    budget = request.thinking.get("budget_tokens")
    return _set_budget(request, budget if isinstance(budget, int) else _USUAL_BUDGET)


def _set_budget(request: MessagesRequest, value: Value) -> MessagesRequest:
    """The budget must stay below `max_tokens`, which also holds the answer."""
    wanted, limit = int(value) if isinstance(value, int | float) else _USUAL_BUDGET, request.body.get("max_tokens")
    budget = min(wanted, limit - 1) if isinstance(limit, int) else wanted
    return request.replace(thinking={"type": "enabled", "budget_tokens": max(budget, _LEAST_BUDGET)})


def _set_system(request: MessagesRequest, text: str, *, add: bool) -> MessagesRequest:
    if not add:
        return request.replace(system=text)
    before = request.system
    blocks = before if isinstance(before, list) else [{"type": "text", "text": before}] if before else []
    return request.replace(system=[*blocks, {"type": "text", "text": text}])


_SETTERS: Mapping[str, Callable[[MessagesRequest, Value], MessagesRequest]] = {
    "max_tokens": _plain("max_tokens"),
    "temperature": _plain("temperature"),
    "top_p": _plain("top_p"),
    "top_k": _plain("top_k"),
    "effort": _set_effort,
    "thinking": _set_thinking,
    "thinking.budget": _set_budget,
}


# ---- drop -----------------------------------------------------------------------------------------------------------


def _drop(request: MessagesRequest, effect: DropField) -> MessagesRequest:
    if effect.field.startswith(_HEADER):
        return structs.replace(request, headers=_with_header(request.headers, effect))
    change = _DROPPERS.get(effect.field)
    return request if change is None else change(request, effect)


def _drop_tools(request: MessagesRequest, effect: DropField) -> MessagesRequest:
    """Those that are named, or all. A `tool_choice` for a tool that has gone goes with it (rulings R23)."""
    goes = _chooser(effect)
    kept = [tool for tool in request.tools if not goes(_name(tool))]
    if len(kept) == len(request.tools):
        return request
    chosen = request.body.get("tool_choice")
    lost = not kept or (isinstance(chosen, dict) and chosen.get("name") not in (None, *map(_name, kept)))
    changes: dict[str, Any] = {"tools": kept or msgspec.UNSET}
    if lost and chosen is not None:
        changes["tool_choice"] = msgspec.UNSET
    return request.replace(**changes)


def _chooser(effect: DropField) -> Callable[[str], bool]:
    if effect.exact:
        return lambda name: (name == effect.exact) != effect.negated
    if not effect.pattern:
        return lambda name: True
    is_regex = len(effect.pattern) > 1 and effect.pattern.startswith("/") and effect.pattern.endswith("/")
    fits = matcher(effect.pattern, is_regex)
    return lambda name: fits(name) != effect.negated


def _name(tool: Any) -> str:
    name = tool.get("name") if isinstance(tool, dict) else None
    return name if isinstance(name, str) else ""


def _without(field: str) -> Callable[[MessagesRequest, DropField], MessagesRequest]:
    return lambda request, effect: request.replace(**{field: msgspec.UNSET}) if field in request.body else request


_DROPPERS: Mapping[str, Callable[[MessagesRequest, DropField], MessagesRequest]] = {
    "thinking": lambda request, effect: drop_thinking(request),
    "cache_control": lambda request, effect: drop_cache_marks(request),
    "images": lambda request, effect: drop_images(request),
    "tools": _drop_tools,
    "metadata": _without("metadata"),
    "context_management": _without("context_management"),
}


def _with_header(headers: Headers, effect: SetField | DropField) -> Headers:
    name = effect.field.removeprefix(_HEADER).lower()
    kept = tuple(pair for pair in headers if pair[0] != name)
    return (*kept, (name, str(effect.value))) if isinstance(effect, SetField) else kept
