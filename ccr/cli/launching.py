"""What `ccr code`, `activate` and `env` share: the world's settings become what Claude Code needs to be told.

The rooms below do the parts: `launcher` the variables and the executable, `daemon` the service, `routing` the settings.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from ccr.cli import report, serving
from ccr.config.terminal import Terminal, read_terminal
from ccr.daemon.records import Running
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_text import render
from ccr.lang.values import Undecided
from ccr.launcher.environment import API_KEY, BASE_URL, TOKEN, Changes, Wishes, changes
from ccr.launcher.login import logged_in
from ccr.launcher.settings import Clash, SettingsFile, clashes, settings_files
from ccr.live.files import read_sources
from ccr.live.paths import places
from ccr.live.surroundings import look
from ccr.routing.decide import decide
from ccr.routing.decision import Decision
from ccr.routing.plan import KeyUse
from ccr.routing.sample import read_sample
from ccr.routing.settings import Limits, Settings
from ccr.routing.snapshot import Snapshot
from ccr.routing.surroundings import Sources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.upstream.signing import sign

OWN = "anthropic"
"""The provider that takes a Claude login; it is called as its protocol is."""

OWN_KEY = "CCR_KEY"
"""The variable with a person's own key, where the proxy knows people by theirs (`user NAME { key = … }`)."""
DEMO = "demo"
"""Who answers where nobody else is."""


class World(Struct, frozen=True, eq=False):
    """`snapshot` as a service would load it now; `broken` are the errors that keep the rules out, where only
    config.json's word could be had."""

    snapshot: Snapshot
    broken: tuple[Diagnostic, ...] = ()

    @property
    def settings(self) -> Settings:
        return self.snapshot.settings

    @property
    def terminal(self) -> Terminal:
        return read_terminal(self.settings.launcher)


def look_at_world(service: Running | None) -> World | tuple[Diagnostic, ...]:
    """The world, or the errors that keep it from being. Rules that are being edited keep nobody from working with a
    service that runs: it has the last good ones, and the settings are those of config.json. One that runs is looked at where
    it reads, which may be another config.json with another key."""
    where = serving.places_of(service.arguments) if service is not None else places()
    sources, words, machine = read_sources(where), vocabulary(), look(where.home, {})
    loaded = load(sources, machine, words, proofs=False)
    if loaded.snapshot is not None:
        return World(loaded.snapshot)
    errors = tuple(each for each in loaded.diagnostics if each.level is Severity.ERROR)
    shipped = tuple(layer for layer in sources.layers if layer.name == "shipped")
    alone = load(Sources(shipped, sources.config), machine, words, proofs=False).snapshot
    return errors if service is None or alone is None else World(alone, errors)


def tell(findings: tuple[Diagnostic, ...]) -> None:
    report.say(render(findings, report.colourful(sys.stderr)).rstrip("\n"), sys.stderr)


def wishes(world: World, url: str, *, project: str = "", repo: str = "") -> Wishes:
    """What a Claude Code at this address is to be told."""
    settings, terminal = world.settings, world.terminal
    own = world.snapshot.catalog.providers.get(OWN)
    passes_on = own is not None and own.auth.scheme == "client"
    waits = settings.limits.first_byte
    return Wishes(
        url=url,
        key=key_text(settings),
        login=passes_on and logged_in(os.environ),
        project=project,
        repo=repo,
        small_model=terminal.small_model or _haiku(world.snapshot),
        timeout=round(waits * 1000) if waits != Limits().first_byte else 0,
        non_interactive=terminal.non_interactive,
    )


def key_text(settings: Settings) -> str:
    """The key clients must present: the proxy's, or where it has only people's, the one in `CCR_KEY`. "" if nobody is
    asked."""
    if settings.api_key is None:
        return os.environ.get(OWN_KEY, "") if settings.users else ""
    return dict(sign(KeyUse("x-api-key", settings.api_key), ()))["x-api-key"]


def made_changes(wanted: Wishes) -> Changes:
    return changes(os.environ, wanted)


def leading_elsewhere(wanted: Wishes, files: tuple[SettingsFile, ...]) -> tuple[Clash, ...]:
    """Where Claude Code's settings files would lead past the proxy."""
    return clashes(files, leading_here(wanted), () if wanted.login else (API_KEY,))


def leading_here(wanted: Wishes) -> Mapping[str, str]:
    """The variables that decide where requests go and as whom."""
    return {BASE_URL: wanted.url} | ({} if wanted.login else {TOKEN: wanted.key or "ccr"})


def files_of(project: Path) -> tuple[SettingsFile, ...]:
    return settings_files(os.environ, project)


def service_url(settings: Settings, service: Running | None) -> str:
    """Where the service is, or would be."""
    if service is not None:
        return service.url
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


# ---- what the rules would do ----------------------------------------------------------------------------------------


def main_decision(snapshot: Snapshot, model: str = "claude-opus-5-5", kind: str = "main") -> Decision | None:
    """What becomes of a plain request; None where the rules ask for more than is known before one comes."""
    assert snapshot.environment is not None, "a snapshot is made by workspace.load"
    facts = read_sample(f'{{ model = "{model}", kind = {kind} }}', snapshot.environment).facts
    if facts is None:
        return None
    outcome = decide(snapshot, facts)
    return None if isinstance(outcome, Undecided) else outcome


def goes_nowhere(world: World, login: bool) -> bool:
    """Whether no rule says where a plain request goes, and nobody has a model of the name that Claude Code asks for. A
    login goes to its vendor."""
    decision = main_decision(world.snapshot)
    return not login and decision is not None and decision.rule is None and not _served(decision)


def goes_elsewhere(world: World, login: bool) -> bool:
    """Whether a plain request is answered by others than Anthropic."""
    decision = main_decision(world.snapshot)
    return decision is not None and _served(decision) and decision.chain[0].provider != OWN


def _served(decision: Decision) -> bool:
    return bool(decision.chain) and decision.chain[0].provider != DEMO


def _haiku(snapshot: Snapshot) -> str:
    """A small model's name, where the rules treat one otherwise than the main model: else the client asks the main model
    for titles, and a rule for small models would never see them. "" where it makes no difference."""
    small = next((name for name in vocabulary().providers[OWN].models if "haiku" in name), "")
    large, less = main_decision(snapshot, kind="title"), main_decision(snapshot, small, "title")
    if not small or large is None or less is None or large.rule == less.rule:
        return ""
    return small
