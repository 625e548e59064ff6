"""Who may use this ccr, each with a key of their own. A key is in the answer that made it, and in no other.

It is `ccr user`: `users.ccr` in the ccr home keeps hashes. Who is named in other rule files is listed, and changed there.
"""

from collections.abc import Callable

from msgspec import Struct

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.api.rewriting import Rewritten, write
from ccr.live import people
from ccr.live.paths import shown


class User(Struct, frozen=True):
    """`fingerprint` is no part of the key. `here`: in users.ccr, where it can be changed."""

    name: str
    fingerprint: str
    here: bool


class Users(Struct, frozen=True):
    """`file`: where they are kept. `key`: the fingerprint of the proxy's own key, null if it has none; `open`: nobody is
    asked for a key."""

    file: str
    key: str | None
    open: bool
    users: tuple[User, ...]


class Name(Struct, frozen=True):
    name: str


class UserKey(Struct, frozen=True):
    """`key` is shown this once. `first`: from now on everybody needs one."""

    name: str
    key: str
    first: bool
    written: Rewritten


class Removed(Struct, frozen=True):
    """`open`: no key is left, so everybody on this machine may use ccr, and nobody else."""

    name: str
    open: bool
    written: Rewritten


async def _list(call: Call) -> Users:
    settings, home = call.parts.settings(), call.parts.live.places.home
    own = {each.name: each.fingerprint for each in _people(call)}
    others = {name: key.fingerprint for name, key in settings.users.items() if name not in own}
    known = [User(name, mark, True) for name, mark in own.items()]
    return Users(
        file=shown(home / people.FILE),
        key=settings.api_key.fingerprint if settings.api_key is not None else None,
        open=settings.api_key is None and not settings.users,
        users=(*known, *(User(name, mark, False) for name, mark in others.items())),
    )


async def _add(call: Call) -> UserKey:
    name, settings = call.body.name.strip(), call.parts.settings()
    if not people.NAME.match(name):
        said = "a name is letters, digits and . _ @ + - , 64 at most, and begins with a letter or digit"
        raise Refused(400, "invalid", said)
    if name in settings.users or name in (each.name for each in _people(call)):
        raise Refused(409, "there", f"{name} has a key already: make them another one instead")
    first = not settings.users and settings.api_key is None
    key, hashed = people.new_key()
    home = call.parts.live.places.home
    return UserKey(name, key, first, await _write(call, people.with_person(people.source(home), name, hashed)))


async def _rotate(call: Call) -> UserKey:
    name = call.path["name"]
    key, hashed = people.new_key()
    text = _changed(call, name, lambda file: people.with_key(file, name, hashed))
    return UserKey(name, key, False, await _write(call, text))


async def _remove(call: Call) -> Removed:
    name = call.path["name"]
    text = _changed(call, name, lambda file: people.without_person(file, name))
    written, settings = await _write(call, text), call.parts.settings()
    return Removed(name, settings.api_key is None and not settings.users, written)


def _changed(call: Call, name: str, change: Callable[..., str | None]) -> str:
    _people(call)
    text = change(people.source(call.parts.live.places.home))
    if text is None:
        raise Refused(404, "not_found", f"{name} has no key in {people.FILE}")
    return text


def _people(call: Call) -> list[people.Person]:
    try:
        return people.people(people.source(call.parts.live.places.home))
    except people.Unreadable as wrong:
        raise Refused(422, "broken", f"{wrong}: mend it first, `ccr check` says how") from None


async def _write(call: Call, text: str) -> Rewritten:
    return await write(call, {call.parts.live.places.home / people.FILE: text})


RESOURCE = Resource(
    "users",
    "Who may use this ccr. Keys are shown once, when they are made.",
    (
        Operation("GET", "/users", "Who has a key", _list, Users),
        Operation("POST", "/users", "Make a key for somebody", _add, UserKey, Name),
        Operation("PUT", "/users/{name}", "Make another key for them; the one before fits no more", _rotate, UserKey),
        Operation("DELETE", "/users/{name}", "Take their key away", _remove, Removed),
    ),
)
