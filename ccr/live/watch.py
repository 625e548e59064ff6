"""The only door to watchfiles: batches of changes in the watched folders end in `Live.reload()`.

Folders are watched, not files, because editors save by renaming; not what is below them, because a working directory
may hold a hundred thousand files. Folders that appear later are found by looking again:
soon while there is none at all, because a newcomer's first rule file makes the ccr home; else every few seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from watchfiles import Change, awatch

_SUFFIXES = (".ccr", ".json", ".py", ".md", ".txt")
_QUIET_MS = 50
_LOOK_AGAIN = 3.0
_LOOK_FOR_THE_FIRST = 0.2


def _matters(change: Change, path: str) -> bool:
    return path.endswith(_SUFFIXES) or (change is Change.added and Path(path).is_dir())


async def watch(folders: Callable[[], tuple[Path, ...]], changed: Callable[[], Awaitable[object]]) -> None:
    """Runs until cancelled. `folders` is asked anew when the set of existing folders may have changed."""
    while True:
        watched = folders()
        if not watched:
            await asyncio.sleep(_LOOK_FOR_THE_FIRST)
            if folders():
                await changed()
            continue
        await _watch_these(watched, folders, changed)


async def _watch_these(
    watched: tuple[Path, ...], folders: Callable[[], tuple[Path, ...]], changed: Callable[[], Awaitable[object]]
) -> None:
    stop = asyncio.Event()
    beside = [asyncio.ensure_future(each) for each in (_look_once(changed), _look_again(watched, folders, stop))]
    try:
        async for _ in awatch(
            *watched,
            watch_filter=_matters,
            debounce=_QUIET_MS * 4,
            step=_QUIET_MS,
            stop_event=stop,
            recursive=False,
            ignore_permission_denied=True,
        ):
            await changed()
            if folders() != watched:
                stop.set()
    finally:
        for each in beside:
            each.cancel()


async def _look_again(watched: tuple[Path, ...], folders: Callable[[], tuple[Path, ...]], stop: asyncio.Event) -> None:
    """Ends the watch when other folders are to be watched. Not left to the watch's own time-out, which never comes while
    something else, such as the log, is written in one of them."""
    while folders() == watched:
        await asyncio.sleep(_LOOK_AGAIN)
    stop.set()


async def _look_once(changed: Callable[[], Awaitable[object]]) -> None:
    """What changed between the last load and the beginning of a watch is in no batch of it."""
    await asyncio.sleep(_LOOK_FOR_THE_FIRST)
    await changed()
