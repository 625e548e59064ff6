"""Settings of the proxy itself: where it listens, how long it waits, what it writes down.

They come from `server { … }`, from config.json and from flags, weakest to strongest as rulings R15 says; here is only
what they are.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ccr.routing.secret import Secret


class Limits(Struct, frozen=True):
    """How long is waited for what, in seconds. A stream that flows is never cut (amendments S12)."""

    connect: float = 10.0
    first_byte: float = 600.0
    idle: float = 600.0
    """Between two pieces of a stream."""
    whole: float = 3600.0
    """For a whole answer that is not streamed."""
    ping_after: float = 10.0
    """Silence after which the client is sent a sign of life."""


class Allowance(Struct, frozen=True):
    """How much a provider may be asked, as the person says of it; 0 is no limit. Of all its keys together."""

    concurrency: int = 0
    """Requests at the same time."""
    rpm: int = 0
    """Requests in any minute,"""
    rpd: int = 0
    """in any day."""
    tpm: int = 0
    """Tokens in any minute, of prompts and answers."""

    def __bool__(self) -> bool:
        return bool(self.concurrency or self.rpm or self.rpd or self.tpm)


class Settings(Struct, frozen=True):
    """`launcher` holds keys of config.json that are for the terminal, not for the proxy (StatusLine, CLAUDE_PATH, …)."""

    host: str = "127.0.0.1"
    port: int = 3456
    api_key: Secret | None = None
    """The key clients must present; None: nobody is asked."""
    users: Mapping[str, Secret] = {}
    hosts: tuple[str, ...] = ()
    """Host names the proxy answers to, besides loopback ones and the bound address."""
    zone: str = ""
    """IANA name; "": the machine's."""
    tokenizer: str = "cl100k"
    log: str = "meta"
    """off, meta or full."""
    log_level: str = ""
    """The least level that the log file says, a word such as `info`; "": there is no log file."""
    retention: float = 90 * 86_400.0
    """Seconds single requests stay in the log; 0: for ever."""
    store: str = ""
    """Where the log is kept, an address that may hold a password; "": a file in the ccr home."""
    tls_cert: str = ""
    """Files with which the proxy itself speaks TLS, below the ccr home unless absolute; "": it does not."""
    tls_key: str = ""
    forwarded: tuple[str, ...] = ()
    """Networks of reverse proxies whose word on the client is believed."""
    state: str = ""
    """The Redis server that hosts share, an address that may hold a password; "": this host remembers by itself."""
    limits: Limits = Limits()
    proxy_url: str = ""
    """Outbound proxy; never used for loopback, link-local or private addresses."""
    shipped: bool = True
    ui_password: Secret | None = None
    """The password of the web UI; None: a person chooses one."""
    ui_port: int = 3457
    """Where claude-code-router had its web UI: leads to ours; 0 for none."""
    launcher: Mapping[str, Any] = {}
