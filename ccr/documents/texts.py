"""The text of PDF documents for models that take none: each file is read once, by a process of its own, and kept.

A document stays in its conversation and comes again with each request, so its text is kept by the hash of the file. At
most so many files are read at a time, and each has so long; two requests that want the same wait for one reading.
"""

import asyncio
import base64
import binascii
import json
import os
import sys
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from importlib.util import find_spec
from typing import Any

from ccr.exchange.steps import Text, Texts

SECONDS = 20.0
"""A file has."""
AT_ONCE = 2
KEPT = 32
"""Texts kept, of at most `reader.CHARACTERS` each."""
LARGEST = 32 << 20
"""Bytes of a file (https://docs.anthropic.com/en/docs/build-with-claude/pdf-support)."""
_ENVIRONMENT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that a reader is told of this process: strange files are read there, and the environment holds keys."""
_EXTRA = "its text could be sent instead, by pypdf: pip install 'claude-code-rules[pdf]'"


class Documents:
    """`command` is how a reader is started; the file goes to its standard input."""

    def __init__(self, seconds: float = SECONDS, command: Sequence[str] = ()) -> None:
        self._seconds = seconds
        self._command = tuple(command) or (sys.executable, "-m", "ccr.documents.reader")
        self._kept: OrderedDict[bytes, asyncio.Future[Text]] = OrderedDict()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def read(self, files: Sequence[str]) -> Texts:
        """The text of each file, which is given in base64."""
        if find_spec("pypdf") is None:
            return Texts(tuple(Text(wrong=_EXTRA) for _ in files))
        return Texts(tuple(await asyncio.gather(*map(self._text, files))))

    async def _text(self, file: str) -> Text:
        key = blake2b(file.encode("utf-8", "replace"), digest_size=16).digest()
        known = self._kept.get(key)
        if known is None or (known.done() and (known.cancelled() or known.result().again)):
            known = self._kept[key] = asyncio.ensure_future(self._read(file))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        # Who leaves does not take the text from others who wait for it.
        return await asyncio.shield(known)

    async def _read(self, file: str) -> Text:
        try:
            data = base64.b64decode(file)
        except (binascii.Error, ValueError):
            return Text(wrong="it is no base64")
        if len(data) > LARGEST:
            return Text(wrong=f"it is larger than {LARGEST >> 20} MB")
        async with self._turns:
            try:
                return _told(await self._asked(data))
            except TimeoutError:
                return Text(wrong=f"reading it took longer than {self._seconds:g} s")
            except OSError as error:
                return Text(wrong=f"no reader could be started: {error.strerror}", again=True)

    async def _asked(self, data: bytes) -> bytes:
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        told = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        reader = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe, stderr=nothing, env=told)
        try:
            async with asyncio.timeout(self._seconds):
                said, _ = await reader.communicate(data)
            return said
        finally:
            if reader.returncode is None:
                reader.kill()
                await reader.wait()


def _told(said: bytes) -> Text:
    try:
        answer: Any = json.loads(said)
    except ValueError:
        return Text(wrong="its reader broke off")
    if "wrong" in answer:
        return Text(wrong=str(answer["wrong"]))
    return Text(str(answer["text"]), int(answer["pages"]))
