"""Look at this machine, write the first rules, and try them.

Finds keys in the environment, Ollama, LM Studio, llama.cpp and vLLM on this machine, a Claude login and an old
config.json; shows the lines it would write to `rules/10-routes.ccr` in the ccr home, asks, writes, checks, and sends one
small real request. Nothing is ever overwritten. Exit codes: 0 good, 1 nothing to route to or it did not answer, 2 misused.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from msgspec import Struct, structs

from ccr.app import first_look
from ccr.cli import launching, report
from ccr.cli.waiting import waiting
from ccr.config.read import read_config
from ccr.config.show import as_rules
from ccr.config.terminal import read_terminal
from ccr.daemon import neighbours
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.live.files import read, read_sources, write_atomic
from ccr.live.paths import home, places, shown
from ccr.live.surroundings import look as surroundings
from ccr.providers.suggested import FIRST_STEPS
from ccr.routing.decision import Decision
from ccr.routing.snapshot import Loaded, Snapshot
from ccr.routing.surroundings import LayerSources, Sources
from ccr.routing.vocabulary import Vocabulary, vocabulary
from ccr.routing.workspace import load
from ccr.setup import machine as machines
from ccr.setup.lines import Chosen, choose, suggest
from ccr.setup.machine import Machine
from ccr.setup.trial import Trial, attempt

PLACE = Path("rules") / "10-routes.ccr"
_VERSION_3 = "claude-code-router 3 keeps its settings in {path}, which ccr does not read: export them there, then `ccr import FILE`"


class Seen(Struct, frozen=True, eq=False):
    """The machine, the world as it is, and the catalogue it was seen with."""

    words: Vocabulary
    machine: Machine
    local: Mapping[str, tuple[str, ...]]
    loaded: Loaded


@click.command(epilog="Example: ccr init --provider ollama --dry-run")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", "--print", "dry", is_flag=True, help="Show what would be written, and stop.")
@click.option("--provider", metavar="NAME", help="The provider that answers what no other line takes.")
@click.option("--json", "as_json", is_flag=True, help="For a program; asks nothing, so it writes only with --yes.")
@click.pass_context
def command(context: click.Context, yes: bool, dry: bool, provider: str | None, as_json: bool) -> None:
    """Look at this machine, write the first rules, and try them."""
    report.prepare()
    talk = _silent if as_json else report.say
    seen = _look(vocabulary())
    talk("On this machine:\n" + "\n".join(f"  {line}" for line in _findings(seen)) + "\n")
    told: dict[str, Any] = {"found": _as_json(seen.machine), "written": False}
    code = _go(seen, provider, yes, dry or (as_json and not yes), talk, told)
    if as_json:
        report.say(json.dumps(told, ensure_ascii=False, indent=2))
    context.exit(code)


def _silent(text: str, stream: object = None) -> None:
    """What a person would read, where a program reads."""


def _look(words: Vocabulary) -> Seen:
    local = first_look(words)
    around = surroundings(home(), local)
    loaded = load(read_sources(places()), around, words)
    configured = read_terminal(loaded.snapshot.settings.launcher).executable if loaded.snapshot is not None else ""
    specs = {name: words.providers[name] for name in words.providers}
    return Seen(words, machines.look(places(), specs, local, around.variables, configured), local, loaded)


def _go(seen: Seen, provider: str | None, yes: bool, dry: bool, talk: Any, told: dict[str, Any]) -> int:
    """What is to be done here. The exit code."""
    if seen.loaded.snapshot is None:
        errors = [each for each in seen.loaded.diagnostics if each.level is Severity.ERROR]
        talk(render(errors, report.colourful(sys.stderr)).rstrip("\n"), sys.stderr)
        told["problem"] = "the rules that are there do not load"
        talk("the rules that are there do not load: mend what is said above", sys.stderr)
        return report.FOUND
    decision = launching.main_decision(seen.loaded.snapshot)
    if decision is not None and decision.rule is not None and provider is None:
        talk(_already(decision, seen.machine))
        return _try(seen, seen.loaded.snapshot, decision, talk, told)
    chosen = choose(seen.machine, provider or "")
    if chosen is None:
        return _without(seen, provider, talk, told)
    return _propose(seen, chosen, yes, dry, talk, told)


def _without(seen: Seen, provider: str | None, talk: Any, told: dict[str, Any]) -> int:
    if provider is None:
        told["problem"] = "nothing answers for Claude Code yet"
        talk(_VERSION_3.format(path=shown(seen.machine.database)) if seen.machine.database else FIRST_STEPS)
        return report.FOUND
    spec = seen.words.providers.get(provider)
    if spec is None:
        told["problem"] = f"there is no provider {provider!r}; `ccr providers` lists them"
    elif spec.local:
        told["problem"] = f"{provider} did not answer at {spec.base_url}, or has no models"
    else:
        variable = next(iter(spec.auth.variables), "")
        told["problem"] = f"{provider} needs a key: export {variable}=..."
    talk(told["problem"], sys.stderr)
    return report.MISUSED


# ---- writing ----------------------------------------------------------------------------------------------------------


def _propose(seen: Seen, chosen: Chosen, yes: bool, dry: bool, talk: Any, told: dict[str, Any]) -> int:
    specs = {name: seen.words.providers[name] for name in seen.words.providers}
    text, target = suggest(seen.machine, chosen, specs), home() / PLACE
    told |= {"file": str(target), "text": text}
    taken = target.exists()
    talk(f"{'Lines for' if taken or dry else 'To write to'} {shown(target)}:\n\n" + _indented(text))
    if taken:
        told["problem"] = f"{shown(target)} is there already, so nothing was written"
        talk(f"{told['problem']}: put in what you like of these, `ccr check` reads it over", sys.stderr)
        return report.FOUND
    loaded = _loaded_with(seen, SourceFile(shown(target), text))
    if loaded.snapshot is None:
        raise AssertionError(f"lines of ours do not load: {render(loaded.diagnostics, form='concise')}")
    if dry or not _agreed(yes, talk):
        return report.GOOD
    write_atomic(target, text.encode("utf-8"), mode=0o644)
    told["written"] = True
    talk(f"wrote {shown(target)}\n{_checked(loaded.diagnostics, shown(target))}")
    decision = launching.main_decision(loaded.snapshot)
    return _try(seen, loaded.snapshot, decision, talk, told)


def is_asked() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def _agreed(yes: bool, talk: Any) -> bool:
    if yes:
        return True
    if not is_asked():
        talk("nothing was written: nobody is there to ask; `ccr init --yes` writes it", sys.stderr)
        return False
    try:
        agreed = click.confirm("Write it?", default=True)
    except click.Abort:
        agreed = False
    if not agreed:
        talk("nothing was written")
    return agreed


def _loaded_with(seen: Seen, file: SourceFile) -> Loaded:
    """The world with this file in the person's layer."""
    sources = read_sources(places())
    theirs = [layer for layer in sources.layers if layer.name == "user"]
    files = sorted((*(each for layer in theirs for each in layer.files), file), key=lambda each: each.name)
    user = LayerSources("user", tuple(files), tuple(each for layer in theirs for each in layer.mentioned))
    stronger = [layer for layer in sources.layers if layer.name == "policy"]
    weaker = [layer for layer in sources.layers if layer.name not in ("policy", "user")]
    whole = Sources((*stronger, user, *weaker), sources.config, sources.beside)
    return load(whole, surroundings(home(), seen.local), seen.words)


def _checked(findings: tuple[Diagnostic, ...], name: str) -> str:
    ours = [each for each in findings if each.at.file.name == name]
    said = render(ours, form="concise").rstrip("\n") if ours else ""
    return "\n".join(part for part in (said, f"checked: {'nothing to report' if not ours else 'see above'}") if part)


# ---- trying -----------------------------------------------------------------------------------------------------------


def _try(seen: Seen, snapshot: Snapshot, decision: Decision | None, talk: Any, told: dict[str, Any]) -> int:
    if decision is None or not decision.chain or decision.chain[0].provider == launching.DEMO:
        # A sample brings no login, so a rule that says `requested` comes to nothing for it.
        talk("not tried: your login and the model's name come with Claude Code\n" + _next())
        return report.GOOD
    trial = asyncio.run(_attempt(snapshot, decision, seen.words))
    told["trial"] = structs.asdict(trial)
    if trial.answered:
        talk(f"tried {trial.target}: it said {trial.text[:60]!r} after {trial.seconds:.2f} s\n{_next()}")
        return report.GOOD
    if trial.answered is None:
        talk(f"not tried {trial.target}: {trial.why}\n{_next()}")
        return report.GOOD
    talk(
        f"tried {trial.target}: it did not answer: {trial.why}\nto mend: {trial.mend or 'see ccr providers test'}",
        sys.stderr,
    )
    return report.FOUND


async def _attempt(snapshot: Snapshot, decision: Decision, words: Vocabulary) -> Trial:
    async with waiting(f"asking {decision.chain[0]}"):
        return await attempt(snapshot, decision.chain[0], words)


def _next() -> str:
    return "\nnext:  ccr code      Claude Code, by these rules\n       ccr rules     everything that is in force"


# ---- what is said -----------------------------------------------------------------------------------------------------


def _findings(seen: Seen) -> Iterator[str]:
    """One line for each thing that is here; what is not here is told in one line at the end."""
    found = seen.machine
    for provider, variable in found.keys.items():
        yield f"{variable} is set  ({provider})"
    for provider, models in found.local.items():
        more = f" and {len(models) - 3} more" if len(models) > 3 else ""
        yield f"{provider} answers  ({', '.join(models[:3])}{more})"
    if found.login:
        yield "Claude Code is logged in at Anthropic"
    if found.config is not None:
        yield f"{shown(found.config)} of claude-code-router is read as it is, and never changed"
    yield from (f"{each.path} is claude-code-router {each.npm} (npm); nothing of it is changed" for each in _npm())
    if found.claude is None:
        yield "Claude Code is not here: npm install -g @anthropic-ai/claude-code"
    else:
        said = found.claude.problem or found.claude.version
        yield f"Claude Code {said}  ({shown(Path(found.claude.path))})"
    if not (found.keys or found.local or found.login or found.config):
        yield "no key in the environment, no model server, no Claude login"


def _npm() -> Iterator[neighbours.Command]:
    return (each for each in neighbours.commands(os.environ.get("PATH", "")) if each.npm)


def _already(decision: Decision, found: Machine) -> str:
    """Where a plain request goes now; and what an old config.json means, which is what a person wants to see first."""
    assert decision.rule is not None, "asked where a rule decides"
    target = str(decision.chain[0]) if decision.chain else "nobody" if decision.denial else "what Claude Code asks for"
    lines = [f"Rules are there already: {decision.rule.place} sends a plain request to {target}. Nothing is written."]
    if found.config is not None and decision.rule.layer == "config":
        lines = [
            f"Your config.json says where requests go; it works as it is, and nothing is written. It means:\n\n{_indented(_meant(found.config))}"
        ]
        lines.append("`ccr import --verify` prints that as a rule file and proves it equal.")
    return "\n".join(lines)


def _meant(config: Path) -> str:
    """Its routes as rules."""
    transcript = read_config(read(config), os.environ)
    assert transcript.file is not None, "it was loaded"
    kept = tuple(each for each in transcript.file.statements if not isinstance(each, ast.Server | ast.Provider))
    tree = structs.replace(transcript.file, statements=kept)
    return as_rules(structs.replace(transcript, file=tree, remarks={}), os.environ)


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in text.rstrip("\n").split("\n"))


def _as_json(found: Machine) -> dict[str, Any]:
    return {
        "keys": dict(found.keys),
        "local": {name: list(models) for name, models in found.local.items()},
        "login": found.login,
        "claude": structs.asdict(found.claude) if found.claude is not None else None,
        "config": str(found.config) if found.config else None,
        "rules": [str(path) for path in found.rules],
        "npm": [each.path for each in _npm()],
    }
