"""Keys: that there are some, and that they look like keys: not quoted, not empty, without blanks or line ends."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, error, many, ok, warning
from ccr.doctor.machine import Key, Machine, Shape

_FLAWS = (
    ("empty", "is set and empty"),
    ("quoted", "has quotes around it, which are sent, too"),
    ("newline", "has a line end in it: it was read from a file, most likely"),
    ("blanks", "has blanks in it"),
    (
        "strange",
        "has characters that no header can carry: copied from a text with dashes or quotes of its own, most likely",
    ),
    ("placeholder", "is a placeholder and no key"),
)


def _look(machine: Machine) -> Iterator[Finding]:
    if machine.broken_keys:
        advice = "mend it, or take it away and give the keys anew: ccr key set NAME"
        yield error(f"{machine.broken_keys}: none of its keys is used", advice)
    good = []
    for key in machine.keys:
        flaw = _flaw(key.shape)
        if key.source and flaw:
            yield error(f"{key.source} {flaw} ({key.provider})", f"ccr key set {key.name}   reads it anew, unseen")
        elif key.source:
            good.append(key)
        elif key.wanted:
            yield warning(
                f"{key.provider} is used by your rules or config.json and has no key",
                f"export {key.name}=…   or   ccr key set {key.name}",
            )
    if good:
        yield ok(f"{many(len(good), 'key')} to be seen: {', '.join(_told(each) for each in good)}")


def _told(key: Key) -> str:
    return f"{key.provider} ({key.source.removeprefix('the variable ')})"


def _flaw(shape: Shape) -> str:
    return next((words for name, words in _FLAWS if getattr(shape, name)), "")


CHECK = Check("keys", "keys of providers", _look)
