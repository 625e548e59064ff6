"""Coming in and going out: who is here, logging in by password or by the code of `ccr ui`, choosing a password."""

from msgspec import Struct

from ccr import __version__
from ccr.api.password import SESSION_AGE, SHORTEST, seal
from ccr.api.refusal import Refused
from ccr.api.resource import Access, Call, Effect, Operation, Reply, Resource
from ccr.api.security import set_cookie

LONGEST = 1024
"""Characters of a password: hashing a novel is a way to keep a server busy."""


class Session(Struct, frozen=True):
    """`seal`: what goes with every call that is no GET, as `x-ccr-csrf`; "" before a login. `password`: none, chosen, or
    given (by `UI_PASSWORD`, and so not changed here). `may_choose`: the first password may be chosen from here."""

    logged_in: bool
    seal: str
    password: str
    may_choose: bool
    version: str


class Login(Struct, frozen=True):
    """One of both: the password, or the code of the address that `ccr ui` printed."""

    password: str = ""
    code: str = ""


class First(Struct, frozen=True):
    password: str


class NewPassword(Struct, frozen=True):
    current: str
    password: str


async def _show(call: Call) -> Session:
    return _session(call, call.visit.token)


async def _login(call: Call) -> Reply:
    keeper, patience, said = call.shared.keeper, call.shared.patience, call.body
    patience.ask(call.visit.client)
    good = keeper.accept(said.code) if said.code else await keeper.fits(said.password[:LONGEST])
    if not good:
        patience.failed(call.visit.client)
        wrong = (
            "this link was used or is too old: `ccr ui` prints a new one" if said.code else "that is not the password"
        )
        raise Refused(401, "wrong", wrong)
    patience.succeeded(call.visit.client)
    return _entered(call)


async def _choose_first(call: Call) -> Reply:
    """Once, from this machine or by somebody whom a code let in (amendments S16); never by the first visitor."""
    if call.shared.keeper.has_password:
        raise Refused(409, "chosen", "a password was chosen already: log in with it")
    if not (call.visit.local or call.visit.token):
        raise Refused(
            403, "forbidden", "the first password is chosen at the machine itself, or with what `ccr ui` prints"
        )
    await call.shared.keeper.choose(_fit(call.body.password))
    return _entered(call)


async def _change(call: Call) -> Reply:
    keeper, patience = call.shared.keeper, call.shared.patience
    if keeper.is_given:
        raise Refused(409, "given", "the password is set by UI_PASSWORD: change it there")
    patience.ask(call.visit.client)
    if not await keeper.fits(call.body.current[:LONGEST]):
        patience.failed(call.visit.client)
        raise Refused(401, "wrong", "that is not the current password")
    await keeper.choose(_fit(call.body.password))
    return _entered(call)


async def _leave(call: Call) -> Reply:
    call.shared.keeper.end(call.visit.token)
    return Reply(_session(call, ""), headers=(set_cookie("", call.visit, 0), ("clear-site-data", '"cache"')))


def _fit(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(400, "short", f"a password has at least {SHORTEST} characters")
    return password


def _entered(call: Call) -> Reply:
    token = call.shared.keeper.begin()
    return Reply(_session(call, token), headers=(set_cookie(token, call.visit, SESSION_AGE),))


def _session(call: Call, token: str) -> Session:
    keeper = call.shared.keeper
    kind = "given" if keeper.is_given else "chosen" if keeper.has_password else "none"
    may_choose = kind == "none" and (call.visit.local or bool(token))
    return Session(bool(token), seal(token) if token else "", kind, may_choose, __version__)


RESOURCE = Resource(
    "session",
    "Logging in and out. A program needs none of it: it sends the proxy's key as `x-api-key`.",
    (
        Operation("GET", "/session", "Who is here", _show, Session, access=Access.OPEN),
        Operation("POST", "/session", "Log in", _login, Session, takes=Login, effect=Effect.ENTERS, access=Access.OPEN),
        Operation(
            "POST",
            "/session/first",
            "Choose the first password",
            _choose_first,
            Session,
            takes=First,
            effect=Effect.ENTERS,
            access=Access.OPEN,
        ),
        Operation(
            "PUT",
            "/session/password",
            "Change the password",
            _change,
            Session,
            takes=NewPassword,
            effect=Effect.ENTERS,
        ),
        Operation("DELETE", "/session", "Log out", _leave, Session, effect=Effect.ENTERS),
    ),
)
