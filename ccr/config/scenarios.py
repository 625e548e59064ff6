"""`Router`, `fallback`, `CUSTOM_ROUTER_PATH` and `REWRITE_SYSTEM_PROMPT` to rules, in the order in which claude-code-router 2.x asks.

Two scenarios say less than their name with the clients of today, so their lines ask for what their README means
(amendments S9); the reason is printed beside them. A picture comes first, then what the person named, then size, then
the subagent's tag, and only then what kind of request it is.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from ccr.config import spelling
from ccr.config.findings import DOES_NOTHING, JAVASCRIPT
from ccr.config.keys import FALLBACK, LONG_CONTEXT, ROUTER
from ccr.config.lenient import Entries, Entry, Notebook, Text, entries
from ccr.diagnostics.source import Span
from ccr.lang.ast import (
    And,
    Argument,
    Compare,
    Condition,
    Default,
    Form,
    ListValue,
    Literal,
    Match,
    Member,
    ModelRef,
    Name,
    Or,
    PythonRef,
    Route,
    Statement,
    Target,
    Truth,
    Use,
    When,
)

_STUB = (
    'in Python, FILE.py beside it: `def router(request, config): return "provider,model"` or None for no opinion; '
    "`request.body`, `request.headers` and `request.tokens` are there"
)


class Remarked(Struct, frozen=True):
    """A statement with the comment that is printed above it."""

    statement: Statement
    remark: str = ""


# ---- small words of the syntax tree ------------------------------------------------------------------------------------


def _is(attribute: str, at: Span) -> Truth:
    return Truth(Name(attribute, at), at)


def _like(attribute: str, pattern: str, at: Span) -> Match:
    form = Form.PATTERN if pattern.isalpha() else Form.STRING
    return Match(Name(attribute, at), False, Literal(form, pattern, at), at)


def _over(attribute: str, number: int, at: Span, operator: str = ">") -> Compare:
    return Compare(Name(attribute, at), operator, spelling.number(str(number), at), at)


def _target(texts: tuple[Text, ...], at: Span) -> Target:
    return Target(tuple(spelling.target(text.text, text.at) for text in texts), at)


def _rule(condition: Condition, target: Target, at: Span) -> When:
    return When(condition, (Route(target, at),), False, at)


# ---- the table -----------------------------------------------------------------------------------------------------------


def _long(at: Span, threshold: int) -> Condition:
    return _over("tokens", threshold, at)


def _long_again(at: Span, threshold: int) -> Condition:
    return And((_over("last.tokens", threshold, at), _over("tokens", 20_000, at)), at)


def _background(at: Span, _: int) -> Condition:
    named = And((_like("model", "claude", at), _like("model", "haiku", at)), at)
    kinds = ListValue((spelling.word("title", at), spelling.word("side", at)), at)
    return Or((named, Member(Name("kind", at), False, kinds, at)), at)


def _think(at: Span, _: int) -> Condition:
    hard = Compare(Name("effort", at), ">=", spelling.word("high", at), at)
    return Or((_is("plan", at), _over("thinking.budget", 0, at), And((_is("thinking", at), hard), at)), at)


class _Line(Struct, frozen=True):
    """A line that a scenario becomes. Without a scenario it is built in: `route` says where to."""

    scenario: str
    condition: Callable[[Span, int], Condition] | None
    remark: str
    route: str = ""


_LINES = (
    _Line("image", lambda at, _: _is("last.image", at), "Router.image"),
    _Line("", lambda at, _: Or((_like("model", ",", at), _like("model", "/", at)), at), "/model provider,model", "requested"),
    _Line("longContext", _long, "Router.longContext"),
    _Line("longContext", _long_again, "Router.longContext, again: the last answer of this session was long"),
    _Line("", None, "<CCR-SUBAGENT-MODEL>provider,model</CCR-SUBAGENT-MODEL>", "hint"),
    _Line("background", _background, "Router.background: current clients ask the main model for titles and side questions"),
    _Line("webSearch", lambda at, _: _is("web_search", at), "Router.webSearch"),
    _Line("think", _think, "Router.think: for what has to be thought about; current clients say `thinking` with every request"),
)  # fmt: skip
_DEFAULT, _IMAGE = "default", "image"


def read_rules(
    router: Entry | None, fallback: Entry | None, notes: Notebook, in_words: Entry | None = None
) -> Iterator[Remarked]:
    """The rules, strongest first, then the default. Without a Router there are none. `in_words`: whether pictures are put
    into words by `Router.image`, and not sent to it with their requests."""
    given = entries(router.value, ROUTER, "Router", notes) if router is not None else {}
    further = entries(fallback.value, FALLBACK, "fallback", notes) if fallback is not None else {}
    if in_words is not None and in_words.value:
        yield from _described(in_words, given, further, notes)
        given = {name: entry for name, entry in given.items() if name != _IMAGE}
        further = {name: entry for name, entry in further.items() if name != _IMAGE}
    for name in further:
        if name not in given:
            notes.say(DOES_NOTHING, f"`fallback.{name}` has no `Router.{name}` to stand behind", further[name].key_at)
    if router is None or not any(isinstance(entry.value, Text) for entry in given.values()):
        return
    yield from _lines(router, given, further)
    if _DEFAULT in given:
        entry = given[_DEFAULT]
        route = Route(_chain(_DEFAULT, given, further), entry.at)
        yield Remarked(Default(route, entry.at), "Router.default")


def _described(in_words: Entry, given: Entries, further: Entries, notes: Notebook) -> Iterator[Remarked]:
    if _IMAGE in further:
        message = "`fallback.image` does nothing here: `forceUseImageAgent` asks `Router.image` alone"
        notes.say(DOES_NOTHING, message, further[_IMAGE].key_at)
    if _IMAGE not in given:
        notes.say(DOES_NOTHING, "`forceUseImageAgent` has no `Router.image` to ask", in_words.key_at, "does nothing")
        return
    text: Text = given[_IMAGE].value
    target = spelling.target(text.text, text.at)
    by = Argument(Name("by", text.at), spelling.string(target.text, text.at), text.at)
    yield Remarked(Use(Name("describe_images", text.at), (by,), text.at), "forceUseImageAgent")


def _lines(router: Entry, given: Entries, further: Entries) -> Iterator[Remarked]:
    threshold = given["longContextThreshold"].value if "longContextThreshold" in given else LONG_CONTEXT
    for line in _LINES:
        if line.scenario and line.scenario not in given:
            continue
        at = given[line.scenario].at if line.scenario else router.key_at
        target = _chain(line.scenario, given, further) if line.scenario else Target((ModelRef(line.route, at),), at)
        rule = Route(target, at) if line.condition is None else _rule(line.condition(at, threshold), target, at)
        yield Remarked(rule, line.remark)


def _chain(scenario: str, given: Entries, further: Entries) -> Target:
    entry = given[scenario]
    others: tuple[Text, ...] = further[scenario].value if scenario in further else ()
    return _target((entry.value, *others), entry.at)


def default_to(provider: str, model: Text) -> Remarked:
    """The default route that a lone model stands for (amendments S13)."""
    route = Route(_target((Text(f"{provider}/{model.text}", model.at),), model.at), model.at)
    return Remarked(Default(route, model.at), "OPENAI_MODEL")


def custom_router(given: Mapping[str, Entry], notes: Notebook) -> Iterator[Remarked]:
    """`CUSTOM_ROUTER_PATH`: a Python file is asked before every rule; a JavaScript one is a warning (amendments S14)."""
    entry = given.get("CUSTOM_ROUTER_PATH")
    if entry is None:
        return
    path: Text = entry.value
    if path.text.lower().endswith((".js", ".mjs", ".cjs", ".ts")):
        message = f"`{path.text}` is JavaScript, which ccr does not run: requests are routed without it"
        notes.say(JAVASCRIPT, message, path.at, "not loaded", _STUB)
        return
    reference = path.text if path.text.rpartition("/")[2].count(".py:") else f"{path.text}:router"
    python = PythonRef(spelling.string(reference, path.at), path.at)
    yield Remarked(Route(Target((python,), path.at), path.at), "CUSTOM_ROUTER_PATH")


def rewritten_system(given: Mapping[str, Entry]) -> Iterator[Remarked]:
    """`REWRITE_SYSTEM_PROMPT`: for prompts that tell of an environment, as in the reference, so that a title's or a
    search's own prompt stays. Clients since 2.1 write a heading where `<env>` stood."""
    entry = given.get("REWRITE_SYSTEM_PROMPT")
    if entry is None:
        return
    path: Text = entry.value
    told = Or((_like("system", "<env>", path.at), _like("system", "# Environment", path.at)), path.at)
    file = Argument(Name("file", path.at), spelling.string(path.text, path.at), path.at)
    use = Use(Name("rewrite_system", path.at), (file,), path.at)
    yield Remarked(When(told, (use,), False, path.at), "REWRITE_SYSTEM_PROMPT")
