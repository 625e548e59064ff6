"""Environment variables in texts: `$NAME` and `${NAME}`, as claude-code-router 1.x and 2.x write them.

`$NAME` takes upper-case letters, digits and `_`; `${…}` takes any name. The one spelling inside ccr is `${NAME}`. What
is not set stays as it is written, as in the reference. Values come in as a mapping: nothing here reads an environment.
"""

import re
from collections.abc import Mapping

HOST, PORT = "HOST", "PORT"
"""Variables that say where to listen, called as the keys of config.json (rulings R15)."""

_MENTION = re.compile(r"\$\{([^{}$]+)\}|\$([A-Z_][A-Z0-9_]*)")
_WHOLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def canonical(text: str) -> str:
    """The text with every mention written `${NAME}`."""
    return _MENTION.sub(lambda match: f"${{{match[1] or match[2]}}}", text) if "$" in text else text


def names(text: str) -> tuple[str, ...]:
    """The variables a text mentions, in order."""
    return tuple(match[1] or match[2] for match in _MENTION.finditer(text)) if "$" in text else ()


def whole(text: str) -> str | None:
    """The variable's name, if the text is nothing but one mention that `env.NAME` can say."""
    match = _WHOLE.fullmatch(canonical(text).strip())
    return match[1] if match else None


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """The text with the variables that have a value replaced by it. Values are not looked into again."""
    if "$" not in text:
        return text
    return _MENTION.sub(lambda match: values.get(match[1] or match[2]) or match[0], text)
