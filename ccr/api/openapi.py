"""The OpenAPI 3.1 document of the API, made from the operations and the types that they name.

The types of the web UI are made from it: `python -m ccr.api.openapi` prints it.
"""

import inspect
import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ccr import __version__
from ccr.api.resource import Access, Effect, Operation, Resource, Stream
from ccr.api.security import SEAL

_BRACE = re.compile(r"\{(\w+)\}")
_INTRO = (
    "What the web UI talks to, open to other programs. A program sends the proxy's own key (`APIKEY`, or `server { key "
    "= … }`) as `x-api-key` or `Authorization: Bearer`; the keys of users do not open it. A browser logs in with "
    f"`POST /api/session`, and sends `seal` of the answer as `{SEAL}` with everything that is no GET. What changes "
    "something needs `If-Match` with the id of the snapshot that was seen; 412 says that it has changed since."
)


def document(found: Iterable[tuple[Resource, Operation]]) -> dict[str, Any]:
    """The document."""
    pairs = list(found)
    types = {type_ for _, each in pairs for type_ in (each.takes, each.gives) if type_ not in (None, Stream)}
    ordered = sorted(types, key=str)
    schemas, components = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    by_type = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for resource, operation in pairs:
        told = _operation(resource, operation, by_type)
        paths.setdefault(f"/api{operation.path}", {})[operation.method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {"title": "ccr", "version": __version__, "description": _INTRO},
        "tags": [{"name": name, "description": doc} for name, doc in {r.name: r.doc for r, _ in pairs}.items()],
        "paths": paths,
        "components": {"schemas": {name: _plain(each) for name, each in components.items()}, **_SCHEMES},
    }


_SCHEMES = {
    "securitySchemes": {
        "key": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "The proxy's own key."},
        "session": {"type": "apiKey", "in": "cookie", "name": "ccr_session", "description": "A login of the web UI."},
    }
}


def _operation(resource: Resource, operation: Operation, types: dict[Any, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "tags": [resource.name],
        "operationId": _identity(operation),
        "summary": operation.summary,
        "parameters": list(_parameters(operation)),
        "responses": _responses(operation, types),
        "security": [] if operation.access is Access.OPEN else [{"key": []}, {"session": []}],
    }
    if operation.takes is not None:
        content = {"application/json": {"schema": _plain(types[operation.takes])}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _identity(operation: Operation) -> str:
    words = re.findall(r"\w+", operation.path)
    return "_".join((operation.method.lower(), *words))


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for name in _BRACE.findall(operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    if operation.query is not None:
        schema = msgspec.json.schema(operation.query)
        inner = next(iter(schema["$defs"].values()))
        for name, each in inner["properties"].items():
            needed = name in inner.get("required", ())
            yield {"name": name, "in": "query", "required": needed, "schema": each}
    if operation.does is Effect.CHANGES:
        yield {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}


def _responses(operation: Operation, types: dict[Any, Any]) -> dict[str, Any]:
    if operation.gives is Stream:
        content: dict[str, Any] = {"text/event-stream": {"schema": {"type": "string"}}}
    else:
        content = {"application/json": {"schema": _plain(types[operation.gives])}}
    told: dict[str, Any] = {"200": {"description": "Done", "content": content}}
    wrong = {"4XX": "`error` says in `kind` for a program and in `message` for a person why not"}
    if operation.does is Effect.CHANGES:
        wrong["412"] = "What was seen has changed since: nothing was done"
    return told | {status: {"description": said} for status, said in wrong.items()}


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """With docstrings as sentences, not as they stand in the source."""
    doc = schema.get("description")
    return {**schema, "description": " ".join(inspect.cleandoc(doc).split())} if isinstance(doc, str) else schema


def main() -> None:
    """Prints the document."""
    from ccr.api.door import operations

    json.dump(document(operations()), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
