"""What leads Claude Code past ccr: variables of this shell, and settings files, whose `env` is stronger than variables."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, error, note, ok, warning
from ccr.doctor.machine import Machine

_ADDRESS, _TOKEN, _KEY = "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"
_CLOUDS = ("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY")
_MODELS = ("ANTHROPIC_MODEL", "CLAUDE_CODE_SUBAGENT_MODEL")


def _look(machine: Machine) -> Iterator[Finding]:
    found = [*_files(machine), *_variables(machine)]
    yield from found
    if not found:
        yield ok("nothing leads Claude Code elsewhere")


def _files(machine: Machine) -> Iterator[Finding]:
    for clash in machine.clashes:
        text = f"{clash.path} sets {clash.name} in its `env`, which is stronger than this shell's variables"
        if clash.managed:
            yield error(f"{text}, and than `ccr code`", "ask who manages this machine")
        else:
            yield warning(text, f"take {clash.name} out of it; `ccr code` works around it, a plain `claude` does not")


def _variables(machine: Machine) -> Iterator[Finding]:
    said = machine.variables
    ours = {f"http://{host}:{machine.port}" for host in ("127.0.0.1", "localhost", machine.host)}
    address = said.get(_ADDRESS, "").rstrip("/")
    if machine.service is not None:
        ours.add(machine.service.url)
    if address and address not in ours:
        yield note(f"{_ADDRESS} is {address}: a plain `claude` goes there", 'ccr code, or: eval "$(ccr activate)"')
    if _TOKEN in said and _KEY in said:
        yield note(f"{_TOKEN} and {_KEY} are both set: Claude Code warns of that", f"unset {_KEY}")
    for name in _CLOUDS:
        if said.get(name) not in (None, "", "0"):
            yield note(f"{name} is set: a plain `claude` goes to that cloud and not to ccr", f"unset {name}")
    for name in _MODELS:
        if name in said:
            yield note(
                f"{name} is {said[name]}: this is the model that Claude Code asks for", "rules see it as `model`"
            )


CHECK = Check("bypass", "what leads Claude Code past ccr", _look)
