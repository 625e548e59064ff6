"""`generationConfig`: how long, how random, how thoughtful, in which shape."""

from collections.abc import Mapping
from typing import Any

from ccr.dialects.asked import asked_limit, asked_numbers
from ccr.dialects.effort import OFF, asked_effort, lowest_effort, nearest_effort
from ccr.dialects.heads import asked_structure
from ccr.dialects.profile import Profile
from ccr.dialects.stops import asked_stops

_NAMES = {"temperature": "temperature", "top_p": "topP", "top_k": "topK"}
SAMPLING = frozenset(_NAMES)
MOST_STOPS = 5
"""https://ai.google.dev/api/generate-content#generationconfig (`stopSequences`)."""

_BUDGETS = {
    "none": 0, "minimal": 512, "low": 2_048, "medium": 8_192, "high": 24_576, "xhigh": 32_768, "max": 32_768,
}  # fmt: skip
"""Tokens of thinking for an effort; the profile's range clamps them."""


def generation_config(body: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if (limit := asked_limit(body, profile)) is not None:
        said["maxOutputTokens"] = limit
    if profile.sampling:
        said |= {_NAMES[key]: number for key, number in asked_numbers(body, *_NAMES).items()}
    if stops := asked_stops(body):
        said["stopSequences"] = stops[:MOST_STOPS]
    if thinking := _thinking(body, profile):
        said["thinkingConfig"] = thinking
    return said


def _thinking(body: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """Asked for by level or by budget, never both, which is refused; not at all where nobody has said how."""
    asked, forms = asked_effort(body), profile.reasoning_request.split("+")
    if not asked or not {"thinkingLevel", "thinkingBudget"} & set(forms):
        return {}
    if "thinkingLevel" in forms:
        off = profile.reasoning_off or lowest_effort(profile.reasoning_efforts)
        word = off if asked == OFF else nearest_effort(asked, profile.reasoning_efforts)
        said: dict[str, Any] = {"thinkingLevel": word.upper()}
    else:
        said = {"thinkingBudget": _budget(asked, body, profile)}
    if asked != OFF:
        thinking = body.get("thinking")
        said["includeThoughts"] = not (isinstance(thinking, dict) and thinking.get("display") == "omitted")
    return said


def _budget(asked: str, body: Mapping[str, Any], profile: Profile) -> int:
    """Tokens, in the model's range; 0 switches thinking off where that can be."""
    least, most = profile.thinking_budgets
    if asked == OFF:
        return 0 if profile.reasoning_off else least
    thinking = body.get("thinking")
    said = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    wanted = said if isinstance(said, int) else _BUDGETS.get(asked, _BUDGETS["medium"])
    return min(max(wanted, least), most)


def structure(body: Mapping[str, Any], profile: Profile, *, has_tools: bool) -> tuple[dict[str, Any], str]:
    """A JSON answer that follows the client's schema: asked for by field, or else in words.

    Fields for the answer's shape are refused beside functions by models before Gemini 3.
    """
    asked = asked_structure(body, profile, by_field=not has_tools)
    plain = {"responseMimeType": "application/json"}
    if asked.schema is not None:
        return {**plain, "responseJsonSchema": asked.schema}, ""
    return (plain if asked.plain else {}), asked.words
