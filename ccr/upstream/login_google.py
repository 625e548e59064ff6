"""The only door to google-auth: a service account's file, that file's text, or the machine's own login.

Without a key the machine's own login is taken (Application Default Credentials,
https://cloud.google.com/docs/authentication/application-default-credentials). A token that somebody else made is shown
as it is.
"""

import json
import threading
from pathlib import Path
from typing import Any

from ccr.messages.errors import ApiError
from ccr.providers.google import SCOPES
from ccr.upstream.login import Shows, bearer, refused

_EXTRA = "to sign in to Google, ccr needs google-auth: pip install 'claude-code-rules[vertex]'"


class GoogleLogin:
    """`said` is the key: "", a path, a file's text, or a token."""

    def __init__(self, said: str) -> None:
        self._said = said
        self._token = bearer(said) if said and not said.startswith("{") and not _is_path(said) else None
        self._credentials: Any = None
        self._lock = threading.Lock()

    def ready(self) -> Shows | None:
        """If the token is good for some minutes still."""
        held = self._credentials
        return _shown(held) if held is not None and held.valid and not held.expired else self._token

    def renew(self) -> Shows | ApiError:
        try:
            from google.auth.exceptions import GoogleAuthError
            from google.auth.transport.requests import Request
        except ImportError:
            return refused(_EXTRA)
        with self._lock:
            try:
                if (ready := self.ready()) is not None:
                    return ready
                if self._credentials is None:
                    self._credentials = _found(self._said)
                self._credentials.refresh(Request())
                return _shown(self._credentials)
            except GoogleAuthError as error:
                return refused(f"the login to Google failed: {error}")
            except (OSError, ValueError, KeyError, AttributeError) as error:
                return refused(f"the key is no file of a Google service account: {error}")


def _found(said: str) -> Any:
    """Credentials for a service account's file, for its text, or for the machine's own login where nothing is said."""
    import google.auth
    from google.oauth2.credentials import Credentials as Person
    from google.oauth2.service_account import Credentials as Account

    if not said:
        return google.auth.default(scopes=SCOPES)[0]
    info = json.loads(said if said.startswith("{") else Path(said).expanduser().read_text("utf-8"))
    known: Any = Person if info.get("type") == "authorized_user" else Account
    made = known.from_authorized_user_info if known is Person else known.from_service_account_info
    return made(info, scopes=SCOPES)


def _is_path(text: str) -> bool:
    """Tokens have neither blanks nor separators, and do not end so."""
    return text.endswith(".json") or any(mark in text for mark in "/\\")


def _shown(credentials: Any) -> Shows:
    project = getattr(credentials, "quota_project_id", None)
    return bearer(credentials.token, *((("x-goog-user-project", project),) if project else ()))
