"""The files of the web UI under `/ui`: what `make ui` built into `static/`, read into memory once.

Every path below `/ui` that names no file is the application's, which shows the page of that name. Where nothing was
built, one page says what is missing and how to get it; the API and everything else work without.
"""

import mimetypes
import secrets
from pathlib import Path
from string import Template

from ccr.api.refusal import Refused
from ccr.api.security import first, protections
from ccr.messages.request import Headers

FOLDER = Path(__file__).parent / "static"
INDEX = "index.html"
PREFIX = "/ui"
_YEAR = "public, max-age=31536000, immutable"
_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>ccr</title>
<meta name="viewport" content="width=device-width"><style nonce="$nonce">
body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem;color:#222;background:#fafaf9}
code{background:#eee;padding:.1em .35em;border-radius:4px}@media(prefers-color-scheme:dark){body{color:#ddd;background:#161615}
code{background:#2a2a28}}</style><h1>The web UI is not built</h1>
<p>ccr itself works: rules, providers and the API under <code>/api</code> need nothing else.</p>
<p>The pages are built from <code>ui/</code> with Node 20 or newer, which was not there when ccr was installed. Install Node,
then run <code>make ui</code> in the checkout and reload this page. A released package brings them built.</p></html>"""


class Pages:
    """`folder`: what was built."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._read: dict[str, tuple[float, bytes]] = {}

    def answer(self, method: str, path: str, headers: Headers) -> tuple[int, bytes, Headers]:
        """Status, body and headers. Raises Refused for a method that pages do not take, and for a file that is none."""
        if method not in ("GET", "HEAD"):
            raise Refused(405, "method", "pages are read with GET")
        name = path.removeprefix(PREFIX).strip("/")
        if name.startswith("assets/"):
            found, kind = self._file(name), mimetypes.guess_type(name)[0] or "application/octet-stream"
            if found is None:
                raise Refused(404, "not_found", f"there is no {path}")
            return self._packed(name, found, headers, (("content-type", _charset(kind)), ("cache-control", _YEAR)))
        nonce = secrets.token_urlsafe(12)
        index = self._file(INDEX)
        text = Template(index.decode() if index is not None else _MISSING).safe_substitute(nonce=nonce)
        head = (("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), *protections(nonce))
        return (200 if index is not None else 503), text.encode(), head

    def _packed(self, name: str, data: bytes, headers: Headers, head: Headers) -> tuple[int, bytes, Headers]:
        """Packed where it was built packed and the browser takes it."""
        packed = self._file(f"{name}.gz") if "gzip" in first(headers, "accept-encoding") else None
        more: Headers = (("content-encoding", "gzip"),) if packed is not None else ()
        return 200, packed or data, (*head, ("vary", "accept-encoding"), *more, *protections())

    def _file(self, name: str) -> bytes | None:
        """A file of the folder and of nowhere else, as it is now."""
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            return None
        try:
            changed = path.stat().st_mtime
            if name not in self._read or self._read[name][0] != changed:
                self._read[name] = (changed, path.read_bytes())
        except OSError:
            return None
        return self._read[name][1]


def _charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
