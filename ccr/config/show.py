"""What a config.json means, as the text of a rule file, without a key in clear.

Printed, parsed and loaded it is the same world but for the keys' values: that is the test of there being one language.
Remarks of the transcript stand above their lines.
"""

from collections.abc import Iterator, Mapping

from msgspec import structs

from ccr.config.masking import masked
from ccr.config.read import Transcript
from ccr.lang import ast
from ccr.lang.format import print_statement

_BLOCKS = (ast.Server, ast.Provider)


def as_rules(transcript: Transcript, known: Mapping[str, str] | None = None) -> str:
    """The text, ending in a newline; "" if there is no tree or nothing in it. `known` are environment variables."""
    if transcript.file is None:
        return ""
    hidden = masked(transcript.file, known)
    lines = [*hidden_keys(hidden.variables), *_statements(hidden.file, transcript.remarks)]
    return "\n".join(lines).strip("\n") + "\n" if lines else ""


def only_routes(transcript: Transcript) -> Transcript:
    """Without the proxy's settings and the providers, which stay in config.json with their keys. Of one that could be read."""
    assert transcript.file is not None, "asked for one that could be read"
    statements = transcript.file.statements
    kept = [at for at, each in enumerate(statements) if not isinstance(each, _BLOCKS)]
    remarks = {now: transcript.remarks[at] for now, at in enumerate(kept) if at in transcript.remarks}
    tree = structs.replace(transcript.file, statements=tuple(statements[at] for at in kept))
    return structs.replace(transcript, file=tree, remarks=remarks)


def hidden_keys(variables: Mapping[str, str]) -> Iterator[str]:
    """Comment lines that say what stands for keys that are not shown."""
    if variables:
        width = max(len(name) for name in variables)
        yield "# Keys that stand in the file are not shown. Set these variables, or write the keys in their places:"
        yield from (f"#   {name:<{width}}  {_in_a_line(what)}" for name, what in variables.items())


def _in_a_line(text: str) -> str:
    """Without what would end a comment: names in JSON may hold anything."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _statements(file: ast.File, remarks: Mapping[int, str]) -> Iterator[str]:
    ruling = False
    for index, statement in enumerate(file.statements):
        block = isinstance(statement, _BLOCKS)
        if block or not ruling:
            yield ""
        ruling = not block
        if index in remarks:
            yield f"# {remarks[index]}"
        yield print_statement(statement).rstrip("\n")
