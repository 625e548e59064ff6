"""What a resource of the API is: a file `resources/<name>.py` with one constant `RESOURCE`, and nothing to register.

An operation says what it takes and gives as types; from them the door reads bodies, and the OpenAPI document and the
types of the web UI are made. Who may call, and that nobody overwrites what he has not seen, is held by `security.py`
before an operation runs: an operation never checks it, and cannot forget it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from enum import Enum
from typing import Any

from msgspec import Struct

from ccr.api.parts import Parts
from ccr.api.shared import Shared


class Access(Enum):
    """`OPEN`: also before a login; only what makes a login possible."""

    OPEN = "open"
    SESSION = "session"


class Effect(Enum):
    """`READS`: changes nothing, whatever its method. `CHANGES`: needs the id of the snapshot that the caller saw, as
    `If-Match`; what has changed since is answered 412. `ENTERS`: begins or ends a session, and touches nothing else."""

    READS = "reads"
    CHANGES = "changes"
    ENTERS = "enters"


class Visit(Struct, frozen=True):
    """Who calls. `token`: of the session's cookie, "" for a program with the proxy's key and before a login. `local`: the
    call comes from this machine. `port`: the one that was called, by which the cookie is named; `secure`: by TLS."""

    token: str = ""
    program: bool = False
    local: bool = False
    client: str = ""
    port: str = ""
    secure: bool = False


class Call(Struct, frozen=True, eq=False):
    """One call. `path` holds what stands in braces in the operation's path, `query` and `body` are of the types that the
    operation names."""

    parts: Parts
    shared: Shared
    visit: Visit
    path: Mapping[str, str] = {}
    query: Any = None
    body: Any = None


class Reply(Struct, frozen=True, eq=False):
    """An answer that needs more than its value: another status, or headers."""

    value: Any = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Stream(Struct, frozen=True, eq=False):
    """An answer that goes on: pieces of an event stream, until they end or the client leaves."""

    pieces: AsyncIterator[bytes]


Run = Callable[[Call], Awaitable[Any]]


class Operation(Struct, frozen=True, eq=False):
    """One method at one path below `/api`. `query` is a Struct whose fields are the parameters, all with a default or
    needed; `takes` the type of the body; `gives` that of the answer, `Stream` for an event stream."""

    method: str
    path: str
    summary: str
    run: Run
    gives: Any
    takes: Any = None
    query: Any = None
    effect: Effect | None = None
    access: Access = Access.SESSION

    @property
    def does(self) -> Effect:
        """GET reads; any other method changes unless it says otherwise."""
        return self.effect or (Effect.READS if self.method == "GET" else Effect.CHANGES)


class Resource(Struct, frozen=True, eq=False):
    name: str
    doc: str
    operations: tuple[Operation, ...]
