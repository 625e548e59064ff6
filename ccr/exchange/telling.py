"""What the client is told besides the answer itself: heads, the comment after an early head, words of a failure."""

from collections.abc import Mapping

from msgspec import Struct, structs

from ccr.exchange.context import Context
from ccr.exchange.failure import Failure
from ccr.lang.interpolation import fill, names_in
from ccr.lang.types import Kind
from ccr.lang.values import Value
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.errors import headers as error_headers
from ccr.messages.request import Headers
from ccr.messages.sse import encode_comment
from ccr.routing.advice import nothing_listens
from ccr.routing.decision import Decision
from ccr.routing.effects import DropField, Effect, SetField
from ccr.routing.plan import Attempt
from ccr.routing.secret import Secret
from ccr.routing.wording import say

EVENT_STREAM: Headers = (("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"))
JSON: Headers = (("content-type", "application/json"),)
_RESPONSE_HEADER = "response.header."
_PASSED_ON = "anthropic-"
"""Headers of a relayed answer that the client reads: rate limits, the organisation."""


class Head(Struct, frozen=True):
    status: int
    headers: Headers


def identity(context: Context, decision: Decision, attempt: Attempt | None) -> Headers:
    """Which rule, which target, which world (README 15)."""
    named = [("request-id", context.request_id), ("x-ccr-snapshot", context.snapshot)]
    if decision.rule is not None:
        named.append(("x-ccr-rule", decision.rule.place))
    if attempt is not None:
        named.append(("x-ccr-target", str(attempt.destination)))
    return tuple((name, _plain(value)) for name, value in (*named, *context.headers) if value)


def answer_head(context: Context, said: Headers, attempt: Attempt, kind: Headers, known: Mapping[str, Value]) -> Head:
    """The head of a good answer, after what rules set and drop of it. `known`: `response.*` as far as it is known."""
    status, headers = 200, (*kind, *said)
    for effect in attempt.effects:
        if not isinstance(effect, SetField | DropField) or not _holds(effect, context, known):
            continue
        if effect.field.startswith(_RESPONSE_HEADER):
            headers = _changed(headers, effect, known)
        elif effect.field == "response.status" and isinstance(effect, SetField) and isinstance(effect.value, int):
            status = effect.value
    return Head(status, headers)


def error_head(error: ApiError, said: Headers) -> Head:
    return Head(error.http_status, (*JSON, *error_headers(error), *said))


def passed_on(headers: Headers) -> Headers:
    """What a relayed answer's head keeps of the provider's own."""
    return tuple(pair for pair in headers if pair[0].startswith(_PASSED_ON))


def late_identity(attempt: Attempt, decision: Decision) -> bytes:
    """After an early head, which named the attempt then under way: who answered in the end (rulings 1.9)."""
    rule = f" rule={decision.rule.place}" if decision.rule is not None else ""
    return encode_comment(f"ccr target={attempt.destination}{rule}")


def worded(failure: Failure, attempt: Attempt, caller: Headers, status: int = 0) -> Failure:
    """The same failure with its place in words, and without the key that was shown. The place stands behind the
    provider's own text, because the client knows what to do by how a message begins (`prompt is too long: …`)."""
    place = f"{attempt.destination} answered {status}" if status else str(attempt.destination)
    reason = failure.error.message or "the provider gave no reason"
    for shown in _credentials(attempt, caller):
        reason = shown.hidden_in(reason)
    if attempt.starts and failure.error.kind is ErrorKind.UNREACHABLE and not attempt.proxy:
        reason = f"{reason}; {nothing_listens(attempt.url, attempt.starts)}"
    message = f"{reason} ({place})"
    return structs.replace(
        failure, error=structs.replace(failure.error, message=message), provider=attempt.destination.provider
    )


def _credentials(attempt: Attempt, caller: Headers) -> list[Secret]:
    """What may have been shown to the provider: its key, or what the caller brought."""
    if attempt.key.scheme == "client":
        return [Secret(value.split(" ")[-1]) for name, value in caller if name in ("authorization", "x-api-key")]
    return [attempt.key.secret] if attempt.key.secret is not None else []


def _holds(effect: Effect, context: Context, known: Mapping[str, Value]) -> bool:
    condition = getattr(effect, "condition", None)
    return condition is None or context.holds(condition, known)


def _changed(headers: Headers, effect: SetField | DropField, known: Mapping[str, Value]) -> Headers:
    name = effect.field.removeprefix(_RESPONSE_HEADER).lower()
    kept = tuple(pair for pair in headers if pair[0] != name)
    return (*kept, (name, _plain(_filled(str(effect.value), known)))) if isinstance(effect, SetField) else kept


def _filled(text: str, known: Mapping[str, Value]) -> str:
    """A text that mentions the answer, with what is known of it by now; one that was filled in before stays as it is."""
    if not any(name.startswith("response.") for name in names_in(text)):
        return text
    return fill(text, lambda name: _said(name, known))


def _said(name: str, known: Mapping[str, Value]) -> str:
    if name not in known:
        return ""
    return say(known[name], Kind.DURATION if name == "response.latency" else None)


def _plain(text: str) -> str:
    """As a header may hold it: no line ends, nothing beyond ASCII."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if " " <= char <= "~" else "?" for char in text)
