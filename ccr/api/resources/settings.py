"""The settings in force, without a secret: where it listens, how long it waits, who may use it, where its files lie."""

from msgspec import Struct

from ccr.api.resource import Call, Operation, Resource
from ccr.live.paths import shown
from ccr.routing.settings import Limits
from ccr.upstream.advice import bare


class Person(Struct, frozen=True):
    """A user of the proxy, and the fingerprint of the key; it is no part of the key."""

    name: str
    fingerprint: str


class Places(Struct, frozen=True):
    home: str
    config: str
    rules: str
    policies: tuple[str, ...]


class Shown(Struct, frozen=True):
    """`key`: the fingerprint of the proxy's own key, null if it has none. `limits` in seconds."""

    host: str
    port: int
    hosts: tuple[str, ...]
    key: str | None
    users: tuple[Person, ...]
    zone: str
    tokenizer: str
    log: str
    limits: Limits
    proxy: str
    shipped: bool
    password: str
    places: Places


async def _settings(call: Call) -> Shown:
    settings, places, keeper = call.parts.settings(), call.parts.live.places, call.shared.keeper
    return Shown(
        host=settings.host,
        port=settings.port,
        hosts=settings.hosts,
        key=settings.api_key.fingerprint if settings.api_key is not None else None,
        users=tuple(Person(name, key.fingerprint) for name, key in settings.users.items()),
        zone=settings.zone,
        tokenizer=settings.tokenizer,
        log=settings.log,
        limits=settings.limits,
        proxy=bare(settings.proxy_url),
        shipped=settings.shipped,
        password="given" if keeper.is_given else "chosen" if keeper.has_password else "none",
        places=Places(
            str(places.home), shown(places.config), shown(places.rules), tuple(shown(each) for each in places.policies)
        ),
    )


RESOURCE = Resource(
    "settings",
    "What is set, secrets as fingerprints.",
    (Operation("GET", "/settings", "The settings in force", _settings, Shown),),
)
