"""How a service is asked to end where there are no signals: a word sent to a port of this machine that only its record tells.

Windows ends a process at once or not at all; so a service there listens for the word, and then ends as it does for SIGTERM
elsewhere. The record is its person's own file, so whoever knows the word may read that.
"""

import hmac
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_PATIENCE = 2.0
_LONGEST = 200
_DONE = b"ending\n"


class Control:
    """Listens from when it is made until `close`; `told` is called in a thread of its own when the word comes."""

    def __init__(self, told: Callable[[], None]) -> None:
        self.token = secrets.token_hex(16)
        self._told = told
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, name="ccr-control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            with client, suppress(OSError):
                client.settimeout(_PATIENCE)
                if hmac.compare_digest(client.recv(_LONGEST).strip(), self.token.encode()):
                    client.sendall(_DONE)
                    self._told()
                    return


def ask_to_end(port: int, token: str) -> bool:
    """Whether the service has heard it."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as there:
            there.sendall(token.encode() + b"\n")
            return there.recv(_LONGEST) == _DONE
    except OSError:
        return False
