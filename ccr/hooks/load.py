"""A Python file of somebody's rules as a module: the text that the snapshot holds, run once, when it is first asked.

The text is never read again from the disk, so what runs is what the snapshot's id names. Nothing is put into
`sys.modules` or `sys.path`: two versions of a file can run side by side while a reload happens. Waiting functions run
on a loop of the module's own, so that a blocking one holds up nobody but its own file. Everything here is called from
threads of `call.py`, which also takes whatever the foreign code raises.
"""

import asyncio
import inspect
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import ModuleType
from typing import Any

from ccr.diagnostics.source import SourceFile


class NoFunction(Exception):
    """The file has no such function."""


class Module:
    """One version of one file."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._namespace: dict[str, Any] | None = None
        self._objects: dict[str, Any] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def function(self, name: str) -> Callable[..., Any]:
        """The function of that name. Raises NoFunction, and whatever the file raises when it is run."""
        found = self._run().get(name)
        if not callable(found):
            raise NoFunction(f"there is no function `{name}` in it")
        return found  # type: ignore[no-any-return]

    def halves(self, name: str) -> tuple[Callable[..., Any] | None, Callable[..., Any] | None]:
        """What the transformer of that name does to a request and to the events of an answer: its `request` and `response`;
        a function is a `request`. Of a class there is one object. Raises as `function` does, and what making it raises."""
        found = self._run().get(name)
        with self._lock:
            if isinstance(found, type):
                found = self._objects.get(name) or self._objects.setdefault(name, found())
        methods = [getattr(found, half, None) for half in ("request", "response")]
        request, response = (method if callable(method) else None for method in methods)
        if request is None and response is None:
            if not inspect.isroutine(found):
                kinds = "a class of that name with a `request` or a `response`"
                raise NoFunction(f"there is no function `{name}` in it, and not {kinds}")
            request = found
        return request, response

    def wait_for(self, coroutine: Coroutine[Any, Any, Any], seconds: float) -> Any:
        """What an `async def` comes to, on the module's own loop. Raises TimeoutError after that time and cancels it."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._own_loop())
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise

    def close(self) -> None:
        """Ends the loop, if there is one."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self) -> dict[str, Any]:
        with self._lock:
            if self._namespace is None:
                self._namespace = self._executed()
            return self._namespace

    def _executed(self) -> dict[str, Any]:
        if self._source.text is None:
            raise FileNotFoundError("there is no such file")
        path = str(Path(self._source.name).expanduser().absolute())
        module = ModuleType(Path(path).stem)
        module.__file__ = path
        exec(compile(self._source.text, path, "exec"), module.__dict__)
        return module.__dict__

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._turn, args=(self._loop,), daemon=True, name="ccr-python-loop").start()
            return self._loop

    @staticmethod
    def _turn(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            loop.close()
