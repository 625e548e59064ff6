"""The name a client asked for becomes a destination: the target `requested`, and what a tag or `last` names.

The order is that of rulings R17: an alias, then `provider,model` or `provider/model`, then whoever serves the name.
A credential of the caller's own decides whether a provider without a key serves at all (rulings 1.4).
"""

from ccr.lang.ast import Alias
from ccr.messages.request import MessagesRequest
from ccr.providers.spec import LOGINS
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.decision import Destination
from ccr.routing.models import locate
from ccr.routing.names import without_window
from ccr.routing.scene import Scene
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Snapshot

_LISTED_ALIAS = "claude-ccr-"
"""How aliases are spelled in `GET /v1/models`: the client's picker takes only names like these."""


def named_alias(scene: Scene, name: str) -> Alias | None:
    """The alias of this name, also as `claude-ccr-NAME`; exact first, then ignoring case."""
    plain = without_window(name.strip())
    for spelling in (
        plain,
        plain.removeprefix(_LISTED_ALIAS),
        plain.lower(),
        plain.lower().removeprefix(_LISTED_ALIAS),
    ):
        if spelling in scene.aliases:
            return scene.aliases[spelling]
    return None


def named_provider(scene: Scene, name: str) -> Destination | None:
    """`provider,model` or `provider/model` of a provider one has; the rest goes as it is, listed or not."""
    first, rest = split_name(name)
    provider = _provider(scene, first) if rest else None
    return locate(provider, rest).destination if provider is not None else None


def split_name(name: str) -> tuple[str, str]:
    """The provider and the model of an explicit name; the model is "" if the name is not explicit."""
    separator = "," if "," in name else "/"
    first, _, rest = name.partition(separator)
    return first.strip(), rest.strip()


def served(scene: Scene, name: str) -> Destination | None:
    """Whoever serves this name: lists it, owns such names, or lists the same model under another spelling. Of several the
    vendor itself, else the first in the catalog's order."""
    providers = scene.snapshot.catalog.providers
    owner = next((each for each in usable(scene) if owns(each, name)), None)
    for exact, found in scene.snapshot.names.serving(name):
        able = [each for each in found if _can(scene, providers[each.provider])]
        native = next((each for each in able if owner is not None and each.provider == owner.name), None)
        if native is not None or (able and (exact or owner is None)):
            return native or able[0]
    return locate(owner, name).destination if owner is not None else None


def usable(scene: Scene) -> tuple[ConfiguredProvider, ...]:
    """The providers that this caller has a credential for, in the catalog's order."""
    return tuple(each for each in scene.snapshot.catalog.configured if _can(scene, each))


def owns(provider: ConfiguredProvider, name: str) -> bool:
    """The vendor's own model, by the look of its name."""
    return provider.spec is not None and name.lower().startswith(provider.spec.own)


def can_answer(provider: ConfiguredProvider, request: MessagesRequest, settings: Settings) -> bool:
    """Whether there is a credential for this provider: a key, none needed, the caller's own, or the login of the machine
    where somebody declared that it is to be used."""
    match provider.auth.scheme:
        case "none":
            return True
        case "client":
            return bool(caller_credential(provider, request, settings))
        case scheme:
            return any(provider.keys) or (scheme in LOGINS and provider.at is not None)


def caller_credential(provider: ConfiguredProvider, request: MessagesRequest, settings: Settings) -> str:
    """The caller's own credential if it is this vendor's and not one of ours, else "" (rulings 1.4)."""
    scheme, _, token = request.header("authorization").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    for presented in (bearer, request.header("x-api-key")):
        if presented.startswith(provider.auth.callers) and not _is_ours(presented, settings):
            return presented
    return ""


def has_anything(snapshot: Snapshot, request: MessagesRequest) -> bool:
    """Whether there is any provider for this caller: declared, by a key, on this machine, or by a login of their own."""
    return any(
        provider.at is not None or provider.auth.scheme != "client" or can_answer(provider, request, snapshot.settings)
        for provider in snapshot.catalog.configured
    )


def _is_ours(presented: str, settings: Settings) -> bool:
    own = (settings.api_key, *settings.users.values())
    return any(secret is not None and secret.matches(presented) for secret in own)


def _can(scene: Scene, provider: ConfiguredProvider) -> bool:
    return can_answer(provider, scene.facts.inputs.request, scene.snapshot.settings)


def _provider(scene: Scene, name: str) -> ConfiguredProvider | None:
    """The provider of that name, unless it is there only for callers with a login that this one does not bring."""
    providers = scene.snapshot.catalog.providers
    found = providers.get(name) or providers.get(name.lower())
    if found is None or not found.configured:
        return None
    return found if found.at is not None or _can(scene, found) else None
