"""Proxy variables: the way to this machine must not lead through an outbound proxy, and the proxy must be an address."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from ccr.doctor.check import Check, Finding, error, note, ok, warning
from ccr.doctor.machine import Machine

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_SCHEMES = ("http", "https")


def _look(machine: Machine) -> Iterator[Finding]:
    named = {name: value for name in _PROXIES if (value := _read(machine, name))}
    if not named:
        yield ok("no outbound proxy is set")
        return
    for name, value in named.items():
        yield from _address(name, value)
    exempt = [each.strip() for each in _read(machine, "NO_PROXY").split(",")]
    if "*" in exempt or {"127.0.0.1", "localhost"} <= set(exempt):
        yield ok("NO_PROXY names this machine")
        return
    missing = [each for each in ("127.0.0.1", "localhost") if each not in exempt]
    said = ",".join([*(each for each in exempt if each), *missing])
    yield warning(
        f"NO_PROXY lacks {' and '.join(missing)}: a plain `claude` asks the proxy for the way to ccr",
        f"export NO_PROXY={said}   (`ccr code` and `ccr activate` do it by themselves)",
    )


def _read(machine: Machine, name: str) -> str:
    return machine.variables.get(name.lower()) or machine.variables.get(name) or ""


def _address(name: str, value: str) -> Iterator[Finding]:
    try:
        parts = urlsplit(value)
        good = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        parts, good = urlsplit(""), False
    if parts.scheme in _SCHEMES and good:
        yield note(f"{name} is {value}: providers are reached through it")
    elif parts.scheme.startswith("socks"):
        yield error(f"{name} is a SOCKS proxy ({value}), which ccr does not speak", "give the address of an HTTP proxy")
    else:
        yield error(f"{name} is {value!r}, which is no address", f"export {name}=http://HOST:PORT")


CHECK = Check("proxy", "HTTP_PROXY, HTTPS_PROXY, NO_PROXY", _look)
