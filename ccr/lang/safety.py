"""What makes rule files unsafe to keep or to share: keys written out, Python that others can change, letters that look
like others.

Looks at texts and names alone; whether others may write a file was read with it. A key is told by the name it stands
behind and by its look: long, letters and digits mixed. A short word behind `key` is what local servers take.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.source import SourceFile, Span
from ccr.diagnostics.veil import keylike
from ccr.lang import ast
from ccr.lang.findings import LOOK_ALIKE, LOOSE_FILE, SECRET
from ccr.lang.flatten import flatten
from ccr.lang.locations import normal, relative
from ccr.lang.splice import paths

_SHORTEST, _BITS = 16, 3.0
"""Characters of a key, and bits of entropy each of them has at least: hexadecimal keys have 3.5 or more, words less."""
_BEGINS_LIKE_ONE = re.compile(r"sk-[\w-]{8,}")
_HASHED = "sha256:"
_WORD = re.compile(r"[^\W\d_]{2,}")
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""They turn the writing round, so that a line shows something else than it says (CVE-2021-42574)."""
_ALIKE = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
"""Scripts with letters that look like Latin ones."""
_SKIP = re.compile(r'"{3}[\s\S]*?"{3}|"(?:[^"\\\n]|\\.)*"|#[^\n]*')


# ---- keys ------------------------------------------------------------------------------------------------------------


def leaks(statements: Sequence[object], layer: str) -> Iterator[Diagnostic]:
    """Keys that are written out. A file of the person's own may be private; a policy's or a project's never is."""
    private = layer == "user"
    where = "a rule file" if private else "a file that is meant to be shared"
    for named, value, variable in _values(statements):
        if keylike(named) and _is_key(value):
            yield Diagnostic(
                SECRET,
                f"a key is written out in {where}",
                value.span,
                help=f"put it into a variable of the environment and write env.{variable}" if variable else "",
                severity=Severity.WARNING if private else Severity.ERROR,
            )


def _values(statements: Iterable[object]) -> Iterator[tuple[str, ast.Literal, str]]:
    """Everything that is given a value, with the variable that could hold it."""
    for statement in statements:
        match statement:
            case ast.Provider(name=name) | ast.User(name=name):
                yield from _options(statement, re.sub(r"\W", "_", name.text).upper())
            case ast.Server():
                yield from _options(statement, "CCR")
        inner = statement.body if isinstance(statement, ast.Provider) else (statement,)
        for flat in flatten(inner):
            if isinstance(flat.action, ast.Set):
                yield flat.action.field.text.removeprefix("header."), flat.action.value, ""


def _options(block: ast.Provider | ast.User | ast.Server, name: str) -> Iterator[tuple[str, ast.Literal, str]]:
    for option in block.body if isinstance(block, ast.Provider) else block.options:
        if isinstance(option, ast.Option):
            values = option.value.items if isinstance(option.value, ast.ListValue) else (option.value,)
            variable = f"CCR_KEY_{name}" if isinstance(block, ast.User) else f"{name}_API_KEY"
            yield from ((option.name.text, value, variable) for value in values)


def _is_key(value: ast.Literal) -> bool:
    text = value.text
    if value.form is ast.Form.ENV or text.startswith((_HASHED, "$", "env.")) or "{" in text or " " in text:
        return False
    if _BEGINS_LIKE_ONE.match(text):
        return True
    mixed = any(char.isdigit() for char in text) and any(char.isalpha() for char in text)
    return len(text) >= _SHORTEST and mixed and _entropy(text) >= _BITS


def _entropy(text: str) -> float:
    """Bits of one character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


# ---- Python ----------------------------------------------------------------------------------------------------------


def loose(files: Sequence[ast.File], mentioned: Sequence[SourceFile]) -> Iterator[Diagnostic]:
    """Python that stands elsewhere than the rules, and files that everybody on the machine may write."""
    open_ = {normal(each.name) for each in mentioned if each.loose}
    for file in files:
        if file.span.file.loose:
            yield _loose(Span(file.span.file, 0, 0), file.span.file.name)
    for path in (path for file in files for path in paths(file.statements)):
        place = path.text.rpartition(":")[0]
        if not place.endswith(".py"):
            continue
        named = relative(path.span.file.name, place)
        own = normal(path.span.file.name)
        folder = own[: own.rfind("/") + 1]
        if named in open_:
            yield _loose(path.span, named)
        elif place.startswith(("/", "~")) or named.startswith("../") or not named.startswith(folder):
            yield Diagnostic(
                LOOSE_FILE,
                f"`{named}` is Python from outside the folder of these rules",
                path.span,
                "runs with your rights",
                help="keep it beside the rules, where it is looked at with them",
            )


def _loose(at: Span, name: str) -> Diagnostic:
    return Diagnostic(LOOSE_FILE, f"everybody on this machine may change `{name}`", at, help=f"chmod o-w {name}")


# ---- letters ---------------------------------------------------------------------------------------------------------


def look_alikes(file: SourceFile) -> Iterator[Diagnostic]:
    """Words of letters that look like others, and characters that turn the writing round, once a line."""
    if file.content.isascii():
        return
    told: set[int] = set()
    for at, end, why, label in _odd(file.content):
        span = Span(file, at, end)
        if span.position[0] not in told:
            told.add(span.position[0])
            yield Diagnostic(LOOK_ALIKE, why, span, label)


def _odd(text: str) -> Iterator[tuple[int, int, str, str]]:
    hidden = [(match.start(), match.end()) for match in _SKIP.finditer(text)]
    for match in _CONTROLS.finditer(text):
        # Outside texts and comments they are a mistake of their own (CCR012).
        if any(start <= match.start() < end for start, end in hidden):
            name = f"U+{ord(match[0]):04X}"
            yield (
                match.start(),
                match.end(),
                f"{name} turns the writing round, so this line shows something else",
                "delete it",
            )
    plain = _SKIP.sub(lambda found: found[0] if _is_short(found[0]) else " " * len(found[0]), text)
    for match in _WORD.finditer(plain):
        odd = next((char for char in match[0] if _script(char)), None)
        if odd is not None and any("a" <= char.lower() <= "z" for char in match[0]):
            why = (
                f"`{match[0]}` mixes letters that look alike: `{odd}` (U+{ord(odd):04X}) is {_script(odd).capitalize()}"
            )
            yield match.start(), match.end(), why, "write it in one alphabet"


def _is_short(text: str) -> bool:
    """A name or a pattern between quotes; prose and comments may say what they like."""
    return text.startswith('"') and not text.startswith('"""') and " " not in text


def _script(char: str) -> str:
    """The script of a letter that can be taken for a Latin one; else nothing."""
    if char.isascii():
        return ""
    return next((each for each in _ALIKE if unicodedata.name(char, "").startswith(each)), "")
