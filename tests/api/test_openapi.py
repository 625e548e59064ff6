"""The document says what the API is: made from the operations, whole, without a name that stands for two things."""

import json
import re
from typing import Any

from ccr.api.door import operations
from ccr.api.openapi import document
from ccr.api.resource import Access, Effect


def found() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(json.dumps(document(operations())))
    return whole


def test_every_operation_is_in_it() -> None:
    paths = found()["paths"]
    for _, operation in operations():
        told = paths[f"/api{operation.path}"][operation.method.lower()]
        assert told["summary"] == operation.summary
        assert bool(told["security"]) is (operation.access is Access.SESSION)
        named = {each["name"] for each in told["parameters"]}
        assert ("If-Match" in named) is (operation.does is Effect.CHANGES)
        assert set(re.findall(r"\{(\w+)\}", operation.path)) <= named
    identities = [each["operationId"] for path in paths.values() for each in path.values()]
    assert len(set(identities)) == len(identities)


def test_every_reference_leads_somewhere() -> None:
    whole = found()
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(whole)))
    assert named and named <= set(whole["components"]["schemas"])


def test_types_are_told_apart_by_their_own_names() -> None:
    """The web UI uses them as they are."""
    odd = [name for name in found()["components"]["schemas"] if not re.fullmatch(r"[A-Z]\w+", name)]
    assert not odd, "two resources give types of one name: rename one"


def test_resources_and_types_say_what_they_are() -> None:
    for resource, operation in operations():
        assert resource.doc.endswith("."), resource.name
        assert operation.summary and not operation.summary.endswith("."), operation.path


def test_no_two_operations_answer_at_one_place() -> None:
    places = [(each.method, re.sub(r"\{\w+\}", "{}", each.path)) for _, each in operations()]
    assert len(set(places)) == len(places)
