"""What can be said in rules, from the registries: the same pages as `ccr reference`, and what can be found wrong."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.live.codes import page as codes_page
from ccr.routing.reference import Page as Written
from ccr.routing.reference import pages


class Known(Struct, frozen=True):
    """One short fact: its heading and what it says."""

    head: str
    text: str


class Entry(Struct, frozen=True):
    name: str
    doc: str
    facts: tuple[Known, ...]
    example: str


class Page(Struct, frozen=True):
    topic: str
    title: str
    intro: str
    entries: tuple[Entry, ...]


class Topic(Struct, frozen=True):
    topic: str
    title: str
    count: int


class Topics(Struct, frozen=True):
    topics: tuple[Topic, ...]


async def _topics(call: Call) -> Topics:
    found = [make() for make in _pages(call).values()]
    return Topics(tuple(Topic(each.topic, each.title, len(each.entries)) for each in found))


async def _page(call: Call) -> Page:
    make = _pages(call).get(call.path["topic"])
    if make is None:
        raise Refused(404, "not_found", f"there is no page {call.path['topic']!r}")
    page = make()
    entries = (
        Entry(each.name, each.doc, tuple(Known(head, text) for head, text in each.facts), each.example)
        for each in page.entries
    )
    return Page(page.topic, page.title, page.intro, tuple(entries))


def _pages(call: Call) -> Mapping[str, Callable[[], Written]]:
    return {**pages(call.parts.vocabulary), "codes": codes_page}


RESOURCE = Resource(
    "reference",
    "Attributes, operators, statements, fields, options, transformers, providers and findings, from what is installed.",
    (
        Operation("GET", "/reference", "The topics there are", _topics, Topics),
        Operation("GET", "/reference/{topic}", "One page of the reference", _page, Page),
    ),
)
