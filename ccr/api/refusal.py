"""Why a call is not done."""

from typing import Any


class Refused(Exception):
    """Why a call is not done, in words for a person. `kind` is for programs; `more` stands beside it in the answer."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.more = status, kind, message, more
        self.headers: tuple[tuple[str, str], ...] = ()
