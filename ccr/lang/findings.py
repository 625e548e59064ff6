"""The kinds of findings that names and types can give, each with its page, and a mistake before it has a place.

Numbers as the manual groups them: 1xx names, 2xx types and phases, 7xx safety, 8xx not built yet. Findings of the
syntax are made where text is read; findings of logic are made by the lints.
"""

from msgspec import Struct

from ccr.diagnostics.diagnostic import Code, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

UNKNOWN_ATTRIBUTE = Code(
    "CCR101",
    "unknown-attribute",
    _E,
    "A condition asks for something no request has. `ccr explain --attributes` lists what can be asked.",
)
UNKNOWN_ALIAS = Code(
    "CCR104",
    "unknown-alias",
    _E,
    "A target without `/` is an alias or one of the special targets; this name is neither.",
)
UNKNOWN_LET = Code("CCR105", "unknown-let", _E, "A condition uses a name that no `let` gives.")
UNKNOWN_TRANSFORM = Code("CCR106", "unknown-transform", _E, "`use` names a transform that does not exist.")
UNKNOWN_FIELD = Code("CCR107", "unknown-field", _E, "`set` or `drop` names something that cannot be set or dropped.")
UNKNOWN_OPTION = Code("CCR108", "unknown-option", _E, "A block or a transform has no such option.")
UNKNOWN_USER = Code(
    "CCR109", "unknown-user", _W, "A rule compares `user` with a name that no `user` block declares, so it never holds."
)
UNUSED = Code("CCR110", "unused-name", _W, "A `let` or an alias is given and no rule uses it.")
DEFINED_TWICE = Code(
    "CCR111",
    "defined-twice",
    _E,
    "A layer gives the same name, option or default twice. Which one was meant cannot be known.",
)
FILE_NOT_FOUND = Code(
    "CCR112",
    "file-not-found",
    _E,
    "A file that is mentioned is not there. Paths are relative to the file that mentions them.",
)
NO_FUNCTION = Code(
    "CCR116",
    "no-such-function",
    _W,
    "A rule names a function or a class of a Python file, and the file is no Python or gives nothing of that name. Such a "
    "condition is false, such a target has no opinion, and such a transformer lets every request pass unchanged.",
)
RESERVED_NAME = Code(
    "CCR113", "reserved-name", _E, "A word of the language, or the name of an attribute, cannot name something else."
)
BAD_VERSION = Code(
    "CCR114",
    "bad-version",
    _E,
    "`ccr 1` stands first in a file and says for which language it was written. This release knows version 1.",
)
CYCLE = Code(
    "CCR120", "cycle", _E, "Aliases, conditions or imports that need one another in a circle never come to an end."
)
WRONG_UNIT = Code(
    "CCR201",
    "wrong-unit",
    _E,
    "A value has another type than what it is compared with. Units are exact: `60k`, `1M`, `5MB`, `30s`, `$5`, `80%`, `22:00`.",
)
WRONG_OPERATOR = Code(
    "CCR202",
    "wrong-operator",
    _E,
    "This kind of value cannot be asked that way: texts know `==` and `~`, numbers `<` and `>`, sets `has` and `~`.",
)
UNKNOWN_VALUE = Code("CCR203", "unknown-value", _E, "The attribute is one of a few words, and this is none of them.")
BAD_RANGE = Code("CCR204", "bad-range", _E, "A range or a number that nothing can be in.")
BAD_REGEX = Code("CCR205", "bad-regex", _E, "A regular expression between slashes cannot be read.")
NOT_A_GLOB = Code("CCR206", "not-a-glob", _E, "In a pattern `*` alone stands for anything, and `.` is a dot.")
SLOW_REGEX = Code(
    "CCR207",
    "slow-regex",
    _E,
    "A regular expression may not look back, look around or repeat what repeats: matching has to stay quick whatever the text.",
)
TOO_LATE = Code(
    "CCR210", "too-late", _E, "A rule runs as soon as what it mentions is known. This action has to happen before that."
)
SECRET = Code(
    "CCR701",
    "secret-in-file",
    _W,
    "A key stands in clear where rules stand: whoever gets the file has it, and so has the history of its repository. Put it "
    "into a variable of the environment and write `env.NAME`. In the files of a policy or of a project it is an error. Found "
    "by the name it stands behind and by its look; what config.json holds is not told.",
)
LOOSE_FILE = Code(
    "CCR702",
    "loose-file",
    _W,
    "Python that rules name runs with your rights, and rules say where your code is sent. So the file should stand beside the "
    "rules, where it is looked at with them, and nobody else on the machine should be able to change either.",
)
LOOK_ALIKE = Code(
    "CCR720",
    "look-alike",
    _W,
    "A word mixes Latin letters with letters of another alphabet that look the same, so that it matches nothing anybody "
    "types; or a character turns the direction of writing, so that a line shows something else than it says.",
)
SECRET_HEADER = Code(
    "CCR703",
    "secret-header",
    _E,
    "Headers that carry keys, or belong to the connection, are neither asked nor changed: facts are written to the log.",
)
NOT_IN_A_PROJECT = Code(
    "CCR710",
    "not-in-a-project",
    _E,
    "A project's rules come from a repository that somebody else may have written: they choose among your targets and do nothing else.",
)
NOT_BUILT = Code("CCR801", "not-built-yet", _N, "The language knows this word; this release does not act on it yet.")

CODES = tuple(value for value in list(globals().values()) if isinstance(value, Code))


class Mistake(Struct, frozen=True):
    """What is wrong with a value, before it is known what the value is for.

    `what` is a clause about the value (`` `1m` is a duration (one minute) ``). `replacement` is what to write instead;
    `safe` when nothing else can have been meant.
    """

    code: Code
    what: str
    label: str = ""
    notes: tuple[str, ...] = ()
    help: str = ""
    replacement: str | None = None
    safe: bool = False
