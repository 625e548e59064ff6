"""How hard the client wants the model to think."""

from typing import Any

from ccr.facts.attribute import Attribute
from ccr.facts.inputs import Inputs
from ccr.lang.environment import AttributeDecl
from ccr.lang.types import BOOL, INT, ordered

_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")


def _thinking(inputs: Inputs) -> bool:
    return inputs.request.thinking.get("type") in ("enabled", "adaptive")


def _budget(inputs: Inputs) -> int:
    """0 unless thinking is `enabled`, the only form that has a budget (rulings R36)."""
    thinking = inputs.request.thinking
    budget: Any = thinking.get("budget_tokens") if thinking.get("type") == "enabled" else None
    return budget if isinstance(budget, int) and not isinstance(budget, bool) and budget > 0 else 0


def _effort(inputs: Inputs) -> str:
    """The request's own, else that of the last system-role message that carries one (the client's per-turn control)."""
    if word := _word(inputs.request.body):
        return word
    said = (
        each for each in reversed(inputs.request.messages) if isinstance(each, dict) and each.get("role") == "system"
    )
    return next((word for each in said if (word := _word(each))), "none")


def _word(carrier: Any) -> str:
    config = carrier.get("output_config")
    word = config.get("effort") if isinstance(config, dict) else None
    return word if isinstance(word, str) and word in _EFFORTS else ""


ATTRIBUTES = (
    Attribute(
        AttributeDecl(
            "thinking",
            BOOL,
            "Thinking is `enabled` or `adaptive`. Nearly every request of a current client has it; see `effort`.",
            "thinking and effort >= high",
        ),
        _thinking,
    ),
    Attribute(
        AttributeDecl(
            "thinking.budget", INT, "The budget of thinking the client sent, tokens; else 0.", "thinking.budget > 10k"
        ),
        _budget,
    ),
    Attribute(
        AttributeDecl(
            "effort",
            ordered(*_EFFORTS),
            "The effort asked for: none, low, medium, high, xhigh or max.",
            "effort >= high",
        ),
        _effort,
    ),
)
