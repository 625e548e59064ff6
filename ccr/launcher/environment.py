"""The variables with which Claude Code talks to the proxy (amendments S6; what they do: Claude Code's own documents).

Pure: the person's variables go in, what has to be set and unset comes out. What a person has set stays, but for what
would lead past the proxy: another address, another cloud, a key meant for elsewhere. A Claude login stays a login: then
no token is set, and the proxy's own key goes as the header `x-ccr-key`.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlsplit

from msgspec import Struct

from ccr.config.terminal import TIMEOUT

BASE_URL, TOKEN, API_KEY, HEADERS = (
    "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_CUSTOM_HEADERS",
)  # fmt: skip
SMALL_MODEL = "ANTHROPIC_SMALL_FAST_MODEL"
PROFILE = "CCR_PROFILE"
PATIENCE_MS = 600_000
"""Milliseconds that the client waits for an answer, where nobody says otherwise (claude-code-router's default)."""
NOBODY = "ccr"
"""The token where the proxy asks for none: Claude Code wants one, or it asks for a login."""
_CLOUDS = ("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY")
_FLAGS = (
    ("DISABLE_TELEMETRY", "1"),
    ("DISABLE_COST_WARNINGS", "1"),
    # It counts dollars by Anthropic's prices; and says by headers what each request is for, which makes `kind` exact.
    ("CLAUDE_CODE_GATEWAY_HINT_HEADERS", "1"),
    ("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1"),
)
_QUIET = (("CI", "true"), ("FORCE_COLOR", "0"), ("NODE_NO_READLINE", "1"), ("TERM", "dumb"))
_PAST_PROXIES = ("127.0.0.1", "localhost")
EXTENDED = "UTF-8''"
"""Before a header's value that is percent-encoded, as in RFC 8187: headers are ASCII, folders are not."""


class Wishes(Struct, frozen=True):
    """`key` is what the proxy asks for, "" if nothing; `login`: the client's own Claude login is passed on, so it must
    stay; `project` a directory, `repo` as `github.com/acme/payments`; `timeout` in milliseconds, 0: nobody said."""

    url: str
    key: str = ""
    login: bool = False
    project: str = ""
    repo: str = ""
    small_model: str = ""
    timeout: int = 0
    non_interactive: bool = False


class Changes(Struct, frozen=True):
    """What differs from the person's own variables."""

    to_set: Mapping[str, str]
    to_unset: tuple[str, ...] = ()


def changes(person: Mapping[str, str], wishes: Wishes) -> Changes:
    """What to set and unset for a Claude Code that goes through the proxy."""
    wanted = dict(_wanted(person, wishes))
    unset = tuple(name for name in (*_CLOUDS, *_credentials(wishes)) if person.get(name))
    return Changes({name: value for name, value in wanted.items() if person.get(name) != value}, unset)


def applied(person: Mapping[str, str], made: Changes) -> dict[str, str]:
    """The person's variables with the changes."""
    kept = {name: value for name, value in person.items() if name not in made.to_unset}
    return {**kept, **made.to_set}


def _wanted(person: Mapping[str, str], wishes: Wishes) -> Iterator[tuple[str, str]]:
    yield BASE_URL, wishes.url
    if not wishes.login:
        # A token of the person's is let be where the proxy asks for none; any key will do there.
        yield TOKEN, wishes.key or person.get(TOKEN) or NOBODY
    yield from (_bypass(person, name, wishes.url) for name in _bypasses(person))
    yield TIMEOUT, person.get(TIMEOUT) or str(wishes.timeout or PATIENCE_MS)
    yield from ((name, person.get(name) or value) for name, value in _FLAGS)
    small = person.get(SMALL_MODEL) or wishes.small_model
    if small:
        yield SMALL_MODEL, small
    if lines := _headers(person, wishes):
        yield HEADERS, lines
    if wishes.non_interactive:
        yield from _QUIET


def _credentials(wishes: Wishes) -> tuple[str, ...]:
    """Claude Code with a key and a token warns of the two; and the key is meant for Anthropic, not for us."""
    return () if wishes.login else (API_KEY,)


def _bypasses(person: Mapping[str, str]) -> tuple[str, ...]:
    return ("NO_PROXY", "no_proxy") if person.get("no_proxy") else ("NO_PROXY",)


def _bypass(person: Mapping[str, str], name: str, url: str) -> tuple[str, str]:
    """Whatever proxy this network has, the way to a machine of ours does not lead through it."""
    known = [each.strip() for each in (person.get(name) or "").split(",") if each.strip()]
    host = urlsplit(url).hostname or ""
    missing = [each for each in dict.fromkeys((*_PAST_PROXIES, host)) if each and each not in known]
    return name, ",".join(known if "*" in known else (*known, *missing))


# ---- headers --------------------------------------------------------------------------------------------------------


def _headers(person: Mapping[str, str], wishes: Wishes) -> str:
    """The person's own lines, then ours; a header that the person sends stays as it is."""
    lines = [line for line in (person.get(HEADERS) or "").splitlines() if line.strip()]
    names = {line.partition(":")[0].strip().lower() for line in lines}
    ours = (
        ("x-ccr-project", wishes.project),
        ("x-ccr-repo", wishes.repo),
        ("x-ccr-profile", person.get(PROFILE, "")),
        ("x-ccr-key", wishes.key if wishes.login else ""),
    )
    return "\n".join((*lines, *(f"{name}: {_value(value)}" for name, value in ours if value and name not in names)))


def _value(text: str) -> str:
    """As it is where a header can say it, else percent-encoded."""
    plain = text.isascii() and text.isprintable() and text == text.strip() and not text.startswith(EXTENDED)
    return text if plain else EXTENDED + quote(text, safe="/:")
