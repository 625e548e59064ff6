"""What a reverse proxy tells of a request: who asked it and whether by TLS. Believed from the networks that the person
named (`server { forwarded = […] }`) and from nobody else, because anybody can send such a header.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network


def believed(scope: dict[str, Any], networks: tuple[str, ...]) -> dict[str, Any]:
    """The scope with the client and the scheme that the reverse proxies told, as far as they are to be believed."""
    peer = (scope.get("client") or ("", 0))[0]
    known = _networks(networks)
    if not _within(peer, known):
        return scope
    client = _client(list(_told(scope, b"x-forwarded-for")), known)
    scheme = next(iter(_told(scope, b"x-forwarded-proto")), "")
    changes: dict[str, Any] = {}
    if client:
        changes["client"] = (client, 0)
    if scheme in ("http", "https"):
        changes["scheme"] = scheme
    return {**scope, **changes}


def _client(hops: list[str], known: tuple[Network, ...]) -> str:
    """The nearest address that is no reverse proxy of ours: what stands before it, anybody can have written."""
    for hop in reversed(hops):
        if not _within(hop, known):
            return hop if _address(hop) is not None else ""
    return hops[0] if hops else ""


def _told(scope: dict[str, Any], name: bytes) -> Iterable[str]:
    for key, value in scope["headers"]:
        if key.lower() == name:
            yield from (each.strip() for each in value.decode("latin-1").split(","))


def _within(text: str, known: tuple[Network, ...]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in known)


def _address(text: str) -> Any:
    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(maxsize=8)
def _networks(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(each, strict=False) for each in networks)
