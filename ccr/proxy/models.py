"""`GET /v1/models`: what the client's picker may choose, in Anthropic's shape.

The client keeps only ids that contain `claude` or `anthropic`, so an alias is listed as `claude-ccr-NAME`, a spelling
that is also understood when it comes back (amendments C.10g). Models are listed as `provider/model`.
"""

from collections.abc import Iterator
from typing import Any

from ccr.lang.shadow import is_hidden
from ccr.routing.snapshot import Snapshot

_CREATED = "2026-01-01T00:00:00Z"
"""The shape demands a date; catalogues do not know one."""


def list_models(snapshot: Snapshot) -> dict[str, Any]:
    """All models on one page."""
    data = [*_aliases(snapshot), *_models(snapshot)]
    ids = [each["id"] for each in data]
    return {"data": data, "has_more": False, "first_id": ids[0] if ids else None, "last_id": ids[-1] if ids else None}


def find_model(snapshot: Snapshot, identity: str) -> dict[str, Any] | None:
    return next((each for each in (*_aliases(snapshot), *_models(snapshot)) if each["id"] == identity), None)


def _aliases(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    for name in (each for each in snapshot.policy.aliases if not is_hidden(each)):
        yield _entry(f"claude-ccr-{name}", f"{name} (ccr)")


def _models(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    for provider in snapshot.catalog.configured:
        for model in provider.models.values():
            facts = {"max_input_tokens": model.spec.context, "max_tokens": model.spec.output}
            yield _entry(f"{provider.name}/{model.name}", f"{model.name} ({provider.name})", facts)


def _entry(identity: str, shown: str, facts: dict[str, int | None] | None = None) -> dict[str, Any]:
    known = {key: value for key, value in (facts or {}).items() if value is not None}
    return {"type": "model", "id": identity, "display_name": shown, "created_at": _CREATED, **known}
