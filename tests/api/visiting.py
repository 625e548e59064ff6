"""A person who has logged in, for the tests of the API: keeps the cookie and the seal, and names the snapshot seen."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.running import Answer, Running

PASSWORD = "correct horse battery"


class Visitor(NamedTuple):
    ccr: Running
    cookie: str
    seal: str

    def headers(self, **more: str) -> dict[str, str]:
        return {"cookie": self.cookie, "x-ccr-csrf": self.seal, **more}

    def get(self, path: str) -> Answer:
        return self.ccr.send("GET", f"/api{path}", headers=self.headers())

    def send(self, method: str, path: str, body: Any = None, seen: str | None = None) -> Answer:
        """`seen`: the snapshot named; the running one unless said."""
        tag = self.ccr.live.current.id if seen is None else seen
        headers: Mapping[str, str] = self.headers(**{"if-match": f'"{tag}"'})
        return self.ccr.send(method, f"/api{path}", body, headers)


def logged_in(ccr: Running) -> Visitor:
    """The first visitor at this machine, who chooses the password."""
    answer = ccr.send("POST", "/api/session/first", {"password": PASSWORD})
    assert answer.status == 200, answer.body
    return Visitor(ccr, answer.headers["set-cookie"].split(";")[0], answer.json["seal"])
