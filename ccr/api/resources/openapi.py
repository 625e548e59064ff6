"""The description of this API, made from what it is made of."""

from typing import Any

from ccr.api.resource import Call, Operation, Resource


async def _document(call: Call) -> dict[str, Any]:
    from ccr.api.door import operations
    from ccr.api.openapi import document

    return document(operations())


RESOURCE = Resource(
    "openapi",
    "This description.",
    (Operation("GET", "/openapi.json", "This API as an OpenAPI document", _document, dict[str, Any]),),
)
