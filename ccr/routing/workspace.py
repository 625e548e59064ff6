"""The front door: sources, read into memory, become a Snapshot. The only way one is made.

Layers are analysed strongest first, policy, session, project, user, config, shipped (README decision 17). config.json
is transcribed and then treated like any other layer: same front door, same findings. An error anywhere keeps the whole
from loading; what was running goes on. Pure: the same sources and surroundings give an equal snapshot.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct, structs

from ccr.config.read import Transcript, read_config
from ccr.diagnostics.diagnostic import Diagnostic, Severity, in_order
from ccr.diagnostics.source import SourceFile, Span
from ccr.lang.analyze import Analysis, AnalyzedLayer, LayerText, analyze
from ccr.lang.ast import Alias, Condition, Deny, Let, Provider
from ccr.lang.environment import Environment
from ccr.lang.functions import unfounded
from ccr.lang.projects import PRIVATE
from ccr.lang.splice import missing
from ccr.lang.syntax import parse
from ccr.registry import Registry
from ccr.routing.conditions import standalone
from ccr.routing.configure import Configured, configure
from ccr.routing.declared import LayerProviders
from ccr.routing.findings import UNREADABLE
from ccr.routing.lint import LayerRules, Lint, Rules
from ccr.routing.names import index
from ccr.routing.proofs import allowed, proved
from ccr.routing.references import named_providers
from ccr.routing.secret import Secret, texts
from ccr.routing.server import Served, read_server
from ccr.routing.snapshot import LayerPolicy, Loaded, Policy, Snapshot
from ccr.routing.surroundings import Sources, Surroundings
from ccr.routing.vocabulary import Vocabulary, environment

SHIPPED, CONFIG = "shipped", "config"
_WORD = re.compile(r"[a-z][\w-]*(?:\.[\w-]+)*")
_LINTS = Registry("ccr.routing.lints", "LINT", separator="_")


def load(sources: Sources, surroundings: Surroundings, vocabulary: Vocabulary, *, proofs: bool = True) -> Loaded:
    """The world these sources describe, or what keeps it from being one.

    `proofs`: also prove what can be proved of the rules, which may take seconds. At a start a server loads without, binds,
    and loads again with them (rulings 1.19).
    """
    return world(sources, surroundings, vocabulary, proofs=proofs).loaded


class World(Struct, frozen=True, eq=False):
    """What loading gives, with the layers it came from: for those that ask about rules rather than run them."""

    loaded: Loaded
    layers: tuple[AnalyzedLayer, ...]
    found: tuple[Diagnostic, ...] = ()
    """Everything found before the proofs, also what a comment allows."""


def world(sources: Sources, surroundings: Surroundings, vocabulary: Vocabulary, *, proofs: bool = True) -> World:
    """`load`, with the checked layers."""
    made = _made(sources, surroundings, vocabulary)
    if not proofs or made.loaded.snapshot is None:
        return made
    snapshot = made.loaded.snapshot
    shown = tuple(proved(snapshot, made.layers, vocabulary.readers))
    kept = allowed([*made.found, *shown], snapshot.sources)
    wrong = {each.at.file.name for each in kept if each.level is Severity.ERROR and each in shown}
    findings = in_order(kept)
    if not wrong:
        return World(Loaded(structs.replace(snapshot, findings=findings), findings), made.layers)
    private = [layer for layer in sources.layers if layer.name in PRIVATE]
    if private and wrong <= {file.name for layer in private for file in (*layer.files, *layer.mentioned)}:
        kept_in = tuple(layer for layer in sources.layers if layer.name not in PRIVATE)
        others = structs.replace(sources, layers=kept_in)
        rest = _made(others, surroundings, vocabulary)
        return World(Loaded(rest.loaded.snapshot, findings), rest.layers)
    return World(Loaded(None, findings), made.layers)


def _made(sources: Sources, surroundings: Surroundings, vocabulary: Vocabulary) -> World:
    transcript = _transcribe(sources, surroundings)
    layers = _layer_texts(sources, transcript)
    words = environment(vocabulary, _provider_names(layers))
    analysis = analyze(layers, words)
    configured = _configure(analysis.layers, surroundings, vocabulary, words)
    served = _serve(analysis.layers, transcript, surroundings, words)
    rules = Rules(_layer_rules(analysis.layers), configured.catalog, served.settings, vocabulary)
    found = [
        *_unreadable(sources),
        *_absent(sources, transcript),
        *transcript.diagnostics,
        *configured.findings,
        *served.findings,
        *_linted(rules),
    ]
    whole = (*found, *analysis.diagnostics)
    findings = in_order(allowed(whole, sources.files, complete=False))
    # An error in somebody's session or project keeps only that layer out, and analysis has done so (rulings 1.22).
    if not analysis.layers or any(finding.level is Severity.ERROR for finding in found):
        return World(Loaded(None, findings), analysis.layers, whole)
    snapshot = _snapshot(sources, surroundings, analysis, configured, served, words, findings)
    return World(Loaded(snapshot, findings), analysis.layers, whole)


# ---- sources ------------------------------------------------------------------------------------------------------


def _unreadable(sources: Sources) -> Iterator[Diagnostic]:
    """What is only mentioned and not there is told by the language, at the place that mentions it."""
    read = (file for layer in sources.layers for file in layer.files)
    for file in (*read, *([sources.config] if sources.config is not None else [])):
        if file.text is None:
            help_ = "look at its permissions, or move it away"
            yield Diagnostic(UNREADABLE, f"`{file.name}` cannot be read", Span(file, 0, 0), help=help_)


def _absent(sources: Sources, transcript: Transcript) -> Iterator[Diagnostic]:
    """A router that config.json names and that is not there, or is none: requests are routed without it (amendments S14)."""
    if transcript.file is not None:
        for finding in missing((transcript.file,), sources.beside):
            yield structs.replace(finding, severity=Severity.WARNING)
        yield from unfounded((transcript.file,), sources.beside)


def _transcribe(sources: Sources, surroundings: Surroundings) -> Transcript:
    config = sources.config if sources.config is not None and sources.config.text is not None else None
    if config is None and sources.router is None:
        return Transcript(None)
    mentioned = read_config(config, router=sources.router).variables
    return read_config(config, texts(surroundings.variables, mentioned), sources.router)


def _layer_texts(sources: Sources, transcript: Transcript) -> tuple[LayerText, ...]:
    """The layers strongest first; config.json stands above what is shipped and below everything else."""
    written = [LayerText(name=each.name, files=each.files, mentioned=each.mentioned) for each in sources.layers]
    if transcript.file is None:
        return tuple(written)
    config = LayerText(name=CONFIG, transcribed=(transcript.file,))
    at = next((number for number, each in enumerate(written) if each.name == SHIPPED), len(written))
    return (*written[:at], config, *written[at:])


def _provider_names(layers: Sequence[LayerText]) -> Iterator[str]:
    """Names that rules may use in `NAME.down` and the like; known before anything is checked."""
    for layer in layers:
        parsed = (parse(file)[0] for file in (*layer.files, *layer.mentioned) if file.name.endswith(".ccr"))
        for file in (*parsed, *layer.transcribed):
            yield from (each.name.text for each in file.statements if isinstance(each, Provider))


# ---- the parts ----------------------------------------------------------------------------------------------------


def _configure(
    layers: Sequence[AnalyzedLayer], surroundings: Surroundings, vocabulary: Vocabulary, words: Environment
) -> Configured:
    declared = [LayerProviders(layer.providers, _lets(layer, layers), binding=layer.name != CONFIG) for layer in layers]
    named = dict.fromkeys(name for layer in layers for name in named_providers(layer.files))
    return configure(declared, named, surroundings, vocabulary, words)


def _serve(
    layers: Sequence[AnalyzedLayer], transcript: Transcript, surroundings: Surroundings, words: Environment
) -> Served:
    options = [option for layer in layers for option in layer.server]
    users = [user for layer in layers for user in layer.users]
    return read_server(options, users, transcript.settings, surroundings, words)


def _linted(rules: Rules) -> Iterator[Diagnostic]:
    for name in _LINTS:
        lint: Lint = _LINTS[name]
        yield from lint.check(rules)


def _layer_rules(layers: Sequence[AnalyzedLayer]) -> tuple[LayerRules, ...]:
    return tuple(LayerRules(layer.name, layer.files, layer.aliases) for layer in layers)


# ---- names over layers --------------------------------------------------------------------------------------------


def _lets(own: AnalyzedLayer, layers: Sequence[AnalyzedLayer]) -> Mapping[str, Condition]:
    """What names in the layer's conditions stand for: its own before everybody's (rulings R8)."""
    found: dict[str, Condition] = {}
    for layer in (own, *(each for each in layers if each.name not in PRIVATE)):
        lets = (each for file in layer.files for each in file.statements if isinstance(each, Let))
        found = {**{let.name.text: let.condition for let in lets}, **found}
    return found


# ---- the snapshot -------------------------------------------------------------------------------------------------


def _snapshot(
    sources: Sources,
    surroundings: Surroundings,
    analysis: Analysis,
    configured: Configured,
    served: Served,
    words: Environment,
    findings: tuple[Diagnostic, ...],
) -> Snapshot:
    kept = [layer for layer in analysis.layers if layer.name != SHIPPED or served.settings.shipped]
    files = sources.files
    return Snapshot(
        id=_id(files, surroundings, configured, served),
        policy=_policy(kept, analysis.aliases),
        catalog=configured.catalog,
        settings=served.settings,
        sources=files,
        names=index(configured.catalog),
        environment=words,
        conditions=standalone(words),
        asked=_words(sources),
        home=surroundings.home,
        origin=sources,
        surroundings=surroundings,
        findings=findings,
    )


def _words(sources: Sources) -> frozenset[str]:
    """Every word that could be an attribute of sums, also inside texts that interpolate. config.json asks for none."""
    files = (file for layer in sources.layers for file in (*layer.files, *layer.mentioned))
    words = (word for file in files for word in _WORD.findall(file.content))
    return frozenset(word for word in words if "spend" in word or "requests" in word)


def _policy(layers: Sequence[AnalyzedLayer], aliases: Mapping[str, Alias]) -> Policy:
    return Policy(
        programs=tuple((layer.name, layer.program) for layer in layers),
        aliases=dict(aliases),
        layers=tuple(_layer_policy(layer, layers) for layer in layers),
    )


def _layer_policy(layer: AnalyzedLayer, layers: Sequence[AnalyzedLayer]) -> LayerPolicy:
    return LayerPolicy(
        name=layer.name,
        program=layer.program,
        aliases=layer.aliases,
        denies=any(isinstance(rule.action, Deny) for rule in layer.program.rules),
        shapes=bool(layer.program.effects),
        lets=_lets(layer, layers),
    )


def _id(files: Sequence[SourceFile], surroundings: Surroundings, configured: Configured, served: Served) -> str:
    """Equal for equal sources, keys and discoveries; holds no part of a key."""
    digest = blake2b(digest_size=4, person=b"ccr-snapshot")
    for part in _identity(files, surroundings, configured, served):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def _identity(
    files: Sequence[SourceFile], surroundings: Surroundings, configured: Configured, served: Served
) -> Iterator[str]:
    for file in files:
        yield from (file.name, "there" if file.text is not None else "missing", file.content)
    for provider in configured.catalog.providers.values():
        yield from (provider.name, provider.url, provider.proxy, *(_shown(key) for key in provider.keys))
    for name, key in served.settings.users.items():
        yield from (name, _shown(key))
    yield _shown(served.settings.api_key)
    yield _shown(served.settings.ui_password)
    for name in sorted(surroundings.discovered):
        yield from (name, *surroundings.discovered[name])


def _shown(key: Secret | None) -> str:
    return key.fingerprint if key is not None else ""
