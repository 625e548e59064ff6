"""A file's text becomes a module of its own, run once."""

import sys
import time

import pytest

from ccr.diagnostics.source import SourceFile
from ccr.hooks.load import Module, NoFunction


def test_the_text_is_run_once_and_leaves_no_trace() -> None:
    before = set(sys.modules)
    module = Module(SourceFile("mine.py", "seen = []\ndef f():\n    seen.append(1)\n    return len(seen), __file__\n"))
    assert [module.function("f")()[0] for _ in range(3)] == [1, 2, 3]
    assert module.function("f")()[1].endswith("mine.py") and set(sys.modules) == before


def test_two_versions_run_side_by_side() -> None:
    old, new = (Module(SourceFile("mine.py", f"def f():\n    return {n}\n")) for n in (1, 2))
    assert (old.function("f")(), new.function("f")(), old.function("f")()) == (1, 2, 1)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x = 1\n", NoFunction),
        ("f = 3\n", NoFunction),
        ("def f(:\n", SyntaxError),
        ("raise ValueError\n", ValueError),
        (None, FileNotFoundError),
        ("\0", (SyntaxError, ValueError)),
    ],
)
def test_what_cannot_be_used_raises_every_time(text: str | None, error: type[Exception]) -> None:
    module = Module(SourceFile("mine.py", text))
    for _ in range(2):
        with pytest.raises(error):
            module.function("f")


def test_waiting_functions_share_a_loop_and_are_cancelled() -> None:
    code = """
import asyncio
ended = []
async def loop():
    return id(asyncio.get_running_loop())
async def slow():
    try:
        await asyncio.sleep(60)
    finally:
        ended.append(True)
def look():
    return ended
"""
    module = Module(SourceFile("mine.py", code))
    assert module.wait_for(module.function("loop")(), 5) == module.wait_for(module.function("loop")(), 5)
    with pytest.raises(TimeoutError):
        module.wait_for(module.function("slow")(), 0.05)
    until = time.monotonic() + 5
    while not module.function("look")() and time.monotonic() < until:
        time.sleep(0.01)
    assert module.function("look")() == [True]
    module.close()


HALVES = """
class both:
    def request(self, body, context): ...
    def response(self, event, context): ...

class answers:
    def response(self, event, context): ...

class neither:
    pass

def function(body, context): ...
"""


@pytest.mark.parametrize(
    ("name", "halves"), [("both", (True, True)), ("answers", (False, True)), ("function", (True, False))]
)
def test_the_halves_of_a_transformer(name: str, halves: tuple[bool, bool]) -> None:
    module = Module(SourceFile("mine.py", HALVES))
    assert tuple(half is not None for half in module.halves(name)) == halves
    first, again = (getattr(module.halves(name)[1], "__self__", None) for _ in range(2))
    assert first is again, "of a class there is one object"


@pytest.mark.parametrize("name", ["neither", "nowhere"])
def test_what_has_no_half_is_no_transformer(name: str) -> None:
    with pytest.raises(NoFunction, match="`request` or a `response`"):
        Module(SourceFile("mine.py", HALVES)).halves(name)
