"""`server { … }` and `user NAME { … }` of all layers become Settings: for each option the strongest layer's word.

Flags and variables are stronger still, and known to the edge (rulings R15). An address that others can reach needs a
key, else it is forced to loopback with a warning (amendments S12).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from msgspec import Struct, structs

from ccr.config.keys import PASSWORD_VARIABLE
from ccr.diagnostics.diagnostic import Diagnostic
from ccr.lang.ast import Form, ListValue, Literal, Option, User
from ccr.lang.environment import Environment
from ccr.lang.findings import WRONG_UNIT, Mistake
from ccr.lang.literals import value_of
from ccr.routing.findings import LOOPBACK_ONLY, UNKNOWN_ZONE, UNSET_KEY
from ccr.routing.secret import Secret, texts
from ccr.routing.settings import Limits, Settings
from ccr.routing.surroundings import Surroundings

_LOOPBACK = "127.0.0.1"


class Served(Struct, frozen=True):
    settings: Settings
    findings: tuple[Diagnostic, ...] = ()


def read_server(
    options: Iterable[Option],
    users: Iterable[User],
    launcher: Mapping[str, Any],
    surroundings: Surroundings,
    environment: Environment,
) -> Served:
    """The settings. Options and users strongest layer first; one that names a variable which is not set says nothing, so that a
    weaker layer's key still closes the door."""
    said: dict[str, Option] = {}
    known: dict[str, Any] = {}
    for option in options:
        name = option.name.text
        said.setdefault(name, option)
        if name not in known and (value := _value(option, surroundings, environment)) is not None:
            known[name] = value
    people, unset = _people(users, surroundings)
    known.setdefault("ui_password", surroundings.variables.get(PASSWORD_VARIABLE))
    settings = structs.replace(_settings(known), users=people, launcher=launcher)
    findings = (
        *_unset_keys(said, surroundings),
        *unset,
        *_zones(said, settings, surroundings),
        *_no_networks(said, surroundings),
    )
    return _on_loopback(settings, said.get("host"), findings)


def _settings(known: Mapping[str, Any]) -> Settings:
    changes = {field: convert(known[option]) for option, (field, convert) in _FIELDS.items() if option in known}
    return structs.replace(Settings(), **changes)


def _limits(milliseconds: int) -> Limits:
    """The limit to the first byte, between bytes, and for a whole answer that is not streamed (amendments S12)."""
    seconds = milliseconds / 1000
    return Limits(first_byte=seconds, idle=seconds, whole=seconds)


def _networks(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in said if _is_network(each))


def _is_network(text: str) -> bool:
    try:
        return bool(ip_network(text, strict=False))
    except ValueError:
        return False


def _same(value: Any) -> Any:
    return value


_FIELDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "port": ("port", _same),
    "host": ("host", _same),
    "hosts": ("hosts", tuple),
    "key": ("api_key", lambda key: key or None),
    "zone": ("zone", _same),
    "tokenizer": ("tokenizer", _same),
    "log": ("log", _same),
    "log_level": ("log_level", _same),
    "retention": ("retention", lambda milliseconds: milliseconds / 1000),
    "store": ("store", _same),
    "state": ("state", _same),
    "tls_cert": ("tls_cert", _same),
    "tls_key": ("tls_key", _same),
    "forwarded": ("forwarded", _networks),
    "timeout": ("limits", _limits),
    "proxy": ("proxy_url", _same),
    "ui_password": ("ui_password", lambda key: key or None),
    "ui_port": ("ui_port", _same),
    "shipped": ("shipped", lambda word: word != "off"),
}
"""Option to field, and how its value is converted."""
_SECRETS = ("key", "ui_password")


def _value(option: Option, surroundings: Surroundings, environment: Environment) -> Any:
    """The option's value; None if it is not to be had."""
    declared = environment.blocks["server"].get(option.name.text)
    if declared is None:
        return None
    if isinstance(option.value, ListValue):
        return [_text(item, surroundings) for item in option.value.items]
    if option.name.text in _SECRETS:
        return _secret(option.value, surroundings)
    if declared.shape == "list":
        return [_text(option.value, surroundings)]
    if option.value.form is Form.ENV:
        return _text(option.value, surroundings) or None
    value = value_of(option.value, declared.type)
    return None if isinstance(value, Mistake) else value


def _secret(literal: Literal, surroundings: Surroundings) -> Secret | None:
    if literal.form is Form.ENV:
        return surroundings.variables.get(_variable(literal))
    return Secret(literal.text) if literal.text else None


def _text(literal: Literal, surroundings: Surroundings) -> str:
    if literal.form is not Form.ENV:
        return literal.text
    name = _variable(literal)
    return texts(surroundings.variables, (name,)).get(name, "")


def _variable(literal: Literal) -> str:
    return literal.text.removeprefix("env.")


# ---- people and findings ------------------------------------------------------------------------------------------


def _people(users: Iterable[User], surroundings: Surroundings) -> tuple[Mapping[str, Secret], tuple[Diagnostic, ...]]:
    """Names to keys. A key whose variable is not set matches nobody, so that person is left out (amendments S27)."""
    people: dict[str, Secret] = {}
    findings: list[Diagnostic] = []
    for user in users:
        for option in user.options:
            if option.name.text != "key" or isinstance(option.value, ListValue):
                continue
            key = _secret(option.value, surroundings)
            if key:
                people.setdefault(user.name.text, key)
            else:
                findings.append(_unset(option.value))
    return people, tuple(findings)


def _unset_keys(said: Mapping[str, Option], surroundings: Surroundings) -> Iterator[Diagnostic]:
    option = said.get("key")
    if option is not None and isinstance(option.value, Literal) and not _secret(option.value, surroundings):
        yield _unset(option.value)


def _unset(literal: Literal) -> Diagnostic:
    name = _variable(literal)
    return Diagnostic(UNSET_KEY, f"the variable `{name}` is not set", literal.span, "no key", help=f"export {name}=…")


def _zones(said: Mapping[str, Option], settings: Settings, surroundings: Surroundings) -> Sequence[Diagnostic]:
    option = said.get("zone")
    if option is None or surroundings.zones is None or settings.zone in surroundings.zones:
        return ()
    return (Diagnostic(UNKNOWN_ZONE, f"`{settings.zone}` is no time zone", option.span, "unknown here"),)


def _no_networks(said: Mapping[str, Option], surroundings: Surroundings) -> Iterator[Diagnostic]:
    option = said.get("forwarded")
    values = () if option is None else option.value.items if isinstance(option.value, ListValue) else (option.value,)
    for value in values:
        text = _text(value, surroundings)
        if not _is_network(text):
            help = 'an address or a network: forwarded = ["10.0.0.0/8"]'
            yield Diagnostic(WRONG_UNIT, f"`{text}` is no network", value.span, "not believed", help=help)


def _on_loopback(settings: Settings, host: Option | None, findings: tuple[Diagnostic, ...]) -> Served:
    if host is None or is_loopback(settings.host) or settings.api_key or settings.users:
        return Served(settings, findings)
    message = f"`host` is {settings.host} and there is no key: ccr listens on {_LOOPBACK}"
    finding = Diagnostic(LOOPBACK_ONLY, message, host.span, "open to others", help="key = env.CCR_KEY")
    return Served(structs.replace(settings, host=_LOOPBACK), (*findings, finding))


@lru_cache(maxsize=256)
def is_address(text: str) -> bool:
    """Whether this is a number and no name."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own."""
    if host.lower() in ("localhost", "ip6-localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
