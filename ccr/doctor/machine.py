"""All that the checks may know of this machine, as plain values, so that every check can be tried with a machine that is not
there. Gathered by `doctor/look.py`. No key is in it: of a key only its shape, of an address never a password.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

_PLACEHOLDER = re.compile(
    r"^(<.*>|\$\{?\w+\}?|(your|my|the)?[-_ ]*(api)?[-_ ]*key([-_ ]*here)?|x{3,}|sk-x{3,}|\.{3,}|changeme|test|todo)$",
    re.I,
)


class Shape(Struct, frozen=True):
    """What can be told of a key without telling it."""

    empty: bool = False
    quoted: bool = False
    blanks: bool = False
    """Before, after or in it; a newline counts."""
    newline: bool = False
    strange: bool = False
    """Characters that no HTTP header can carry."""
    placeholder: bool = False


def shape(text: str) -> Shape:
    """The shape of a key; a pure look at its text."""
    bare = text.strip().strip("\"'")
    return Shape(
        empty=not bare,
        quoted=len(text.strip()) > 1 and text.strip()[0] in "\"'" and text.strip()[0] == text.strip()[-1],
        blanks=any(char.isspace() for char in text),
        newline="\n" in text or "\r" in text,
        strange=any(not (" " < char <= "~") and not char.isspace() for char in text),
        placeholder=bool(_PLACEHOLDER.match(bare)),
    )


class Key(Struct, frozen=True):
    """A key that a provider asks for. `source`: `the variable X`, `X in keys.json`; "" where there is none."""

    name: str
    provider: str
    source: str = ""
    shape: Shape = Shape()
    wanted: bool = True
    """The provider is one of the person's."""


class File(Struct, frozen=True):
    """A file of the home that holds or may hold secrets. `mode`: its permission bits; None where the system has none."""

    path: str
    mode: int | None = None
    owned: bool = True


class Reached(Struct, frozen=True):
    """A try to reach a provider's host, without a key. `problem` is one of dns, refused, timeout, tls, proxy, other, "" if
    it answered; `said` the system's words; `proxy` the outbound proxy that was used; `skew` how many seconds our clock is
    ahead of its."""

    provider: str
    host: str
    problem: str = ""
    said: str = ""
    proxy: str = ""
    skew: float | None = None


class Served(Struct, frozen=True):
    pid: int
    url: str
    version: str
    answers: bool
    stale_rules: bool = False
    """The sources on disk do not load, and older ones are in force."""


class Executable(Struct, frozen=True):
    path: str
    version: str = ""
    source: str = ""
    problem: str = ""


class Clash(Struct, frozen=True):
    """A settings file of Claude Code that names a variable which leads past the proxy."""

    path: str
    name: str
    managed: bool = False


class Named(Struct, frozen=True):
    """A `ccr` on PATH; `npm` is the version of claude-code-router, if it is that."""

    path: str
    npm: str = ""
    ours: bool = False


class Rules(Struct, frozen=True):
    """What loading said: whether it loads, and its findings in one line each."""

    loads: bool = True
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    providers: int = 0
    """Those that the person has, besides the login that Claude Code brings."""
    config: bool = False
    """There is a config.json."""
    rule_files: int = 0


class Machine(Struct, frozen=True):
    """`system` is sys.platform; `variables` are those that matter here, with passwords taken out and keys as `(set)`."""

    system: str = "linux"
    version: str = ""
    python: tuple[int, int] = (3, 11)
    wsl: bool = False
    variables: Mapping[str, str] = {}
    home: str = "~/.claude-code-router"
    home_exists: bool = True
    home_problem: str = ""
    """Why it cannot be written, in the system's words."""
    free: int | None = None
    """Bytes free on its disk."""
    files: tuple[File, ...] = ()
    missing_files: Mapping[str, str] = {}
    """Files that a variable names and that cannot be read: variable to path."""
    host: str = "127.0.0.1"
    port: int = 3456
    held_by: str = ""
    """Who else has the port, while no service of ours runs."""
    service: Served | None = None
    stale: tuple[str, ...] = ()
    """Records of services whose process is gone."""
    npm_pid: int | None = None
    commands: tuple[Named, ...] = ()
    keys: tuple[Key, ...] = ()
    broken_keys: str = ""
    """Why keys.json cannot be read."""
    claude: tuple[Executable, ...] = ()
    login: bool = False
    clashes: tuple[Clash, ...] = ()
    rules: Rules = Rules()
    reached: tuple[Reached, ...] = ()
    asked: bool = False
    """Providers were tried; False with --offline."""
