"""Tells a model that sees no pictures what is on them: `use describe_images(by = openrouter/google/gemini-2.5-flash)`.

Each picture is shown once to the model that `by` names (or an alias does), and its words stand in the picture's place from
then on, for every target but that model itself. Who asks for the words, and keeps them, is not here: a transformer waits
for nobody.
"""

from ccr.dialects.profile import Quirks
from ccr.lang.types import STRING
from ccr.transformers.transformer import Arguments, Transformer


def _looked_at(arguments: Arguments) -> Quirks:
    """No way of speaking: only whether the argument means anything."""
    if not arguments.get("by"):
        raise ValueError("`describe_images` needs `by`: the model that looks at pictures, such as by = provider/model")
    return {}


TRANSFORMER = Transformer(
    "describe_images",
    "Puts into words what is on pictures, once each, by asking the model that `by` names.",
    {"by": STRING},
    quirks=_looked_at,
)
