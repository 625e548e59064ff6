"""The way to a host: which hop fails is told; the key is never part of it."""

import socket
import ssl
import threading
import time
from email.utils import formatdate

import pytest

from ccr.doctor.reach import _problem, reach
from tests import fake_upstream as fake


def test_any_answer_will_do_and_its_clock_is_read() -> None:
    late = fake.whole({"error": "no key"}, status=401, headers=(("date", formatdate(time.time() - 600, usegmt=True)),))
    with fake.in_thread(late) as there:
        found = reach("p", there.url)
        assert (found.provider, found.host, found.problem) == ("p", "127.0.0.1", "")
        assert found.skew is not None
        assert 595 < found.skew < 610
        sent = there.requests[0]
        assert "authorization" not in {name.lower() for name in sent.headers}


def test_nobody_there() -> None:
    assert reach("p", f"http://127.0.0.1:{fake.free_port()}").problem == "refused"


def test_a_proxy_that_is_not_there_is_blamed_and_its_password_not_told() -> None:
    found = reach("p", "https://example.invalid", f"http://ada:secret@127.0.0.1:{fake.free_port()}")
    assert found.problem == "proxy"
    assert "secret" not in repr(found)


def test_a_host_that_says_nothing() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        found = reach("p", f"http://127.0.0.1:{mute.getsockname()[1]}", patience=0.2)
    assert found.problem == "timeout"


def test_a_host_that_speaks_no_tls() -> None:
    with socket.socket() as plain:
        plain.bind(("127.0.0.1", 0))
        plain.listen()

        def answer() -> None:
            client, _ = plain.accept()
            with client:
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                client.recv(1000)

        talking = threading.Thread(target=answer)
        talking.start()
        found = reach("p", f"https://127.0.0.1:{plain.getsockname()[1]}")
        talking.join(5)
    assert found.problem == "tls"


@pytest.mark.parametrize(
    ("error", "by_proxy", "problem"),
    [
        (socket.gaierror(), False, "dns"),
        (socket.gaierror(), True, "proxy"),
        (ssl.SSLCertVerificationError(), True, "tls"),
        (TimeoutError(), False, "timeout"),
        (OSError(), False, "other"),
    ],
)
def test_which_hop_it_was(error: Exception, by_proxy: bool, problem: str) -> None:
    assert _problem(error, by_proxy) == problem
