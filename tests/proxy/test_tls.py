"""TLS of our own: a pair that fits, words for every one that does not, and a renewed one without a restart."""

import json
import os
import shutil
import signal
import ssl
from pathlib import Path

import pytest
import trustme

from ccr.proxy.tls import BadCertificate, Certificate
from tests.cli.test_serve import refused, serving, write


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def pair(authority: trustme.CA, folder: Path, name: str = "127.0.0.1") -> tuple[Path, Path]:
    made = authority.issue_cert(name)
    certificate, key = folder / "cert.pem", folder / "key.pem"
    for each in (certificate, key):
        each.unlink(missing_ok=True)
    made.cert_chain_pems[0].write_to_path(str(certificate))
    made.private_key_pem.write_to_path(str(key))
    return certificate, key


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def serial(context: ssl.SSLContext, authority: trustme.CA) -> str:
    """The serial number of the certificate that a client is shown."""
    outgoing, incoming = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(authority).wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    server = context.wrap_bio(outgoing, incoming, server_side=True)
    for _ in range(4):
        for each in (client, server):
            try:
                each.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return str((client.getpeercert() or {})["serialNumber"])


def test_a_pair_that_fits_is_used_and_a_renewed_one_after_it(tmp_path: Path, authority: trustme.CA) -> None:
    certificate, said = Certificate(*pair(authority, tmp_path)), list[str]()
    before = serial(certificate.context, authority)
    certificate.renew(said.append)
    assert said == []
    pair(authority, tmp_path)
    certificate.renew(said.append)
    assert said == [f"the certificate {tmp_path / 'cert.pem'} was renewed"]
    assert serial(certificate.context, authority) != before


def test_a_renewed_pair_that_does_not_fit_is_said_once_and_the_old_one_stays(
    tmp_path: Path, authority: trustme.CA
) -> None:
    certificate, said = Certificate(*pair(authority, tmp_path)), list[str]()
    before = serial(certificate.context, authority)
    pair(authority, tmp_path)
    (tmp_path / "key.pem").unlink()
    authority.issue_cert("127.0.0.1").private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    certificate.renew(said.append)
    certificate.renew(said.append)
    assert len(said) == 1 and said[0].startswith("the certificate of before stays: ")
    assert serial(certificate.context, authority) == before


def spoil(folder: Path, how: str, authority: trustme.CA) -> None:
    certificate, key = folder / "cert.pem", folder / "key.pem"
    match how:
        case "no certificate":
            certificate.unlink()
        case "no key":
            key.unlink()
        case "another's key":
            key.unlink()
            authority.issue_cert("127.0.0.1").private_key_pem.write_to_path(str(key))
        case "no PEM":
            certificate.write_text("hello\n")
        case "a key without PEM":
            key.write_text("hello\n")
        case "a password":
            from cryptography.hazmat.primitives import serialization as form

            loaded = form.load_pem_private_key(key.read_bytes(), None)
            locked = form.BestAvailableEncryption(b"word")
            key.write_bytes(loaded.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, locked))
        case "a folder":
            key.unlink()
            key.mkdir()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("no certificate", "`tls_cert`: there is no file "),
        ("no key", "`tls_key`: there is no file "),
        ("another's key", "key.pem is not the key of "),
        ("no PEM", "cert.pem holds no certificate in PEM form"),
        ("a key without PEM", "key.pem holds no private key in PEM form"),
        ("a password", "key.pem is locked by a password; "),
        ("a folder", "key.pem cannot be read: Is a directory"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, authority: trustme.CA, how: str, words: str) -> None:
    files = pair(authority, tmp_path)
    spoil(tmp_path, how, authority)
    with pytest.raises(BadCertificate) as found:
        Certificate(*files)
    assert words in str(found.value)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals of POSIX")
@pytest.mark.parametrize("workers", [1, 2])
def test_ccr_speaks_tls_and_nothing_else(tmp_path: Path, authority: trustme.CA, workers: int) -> None:
    home = tmp_path / ".claude-code-router"
    home.mkdir()
    pair(authority, home)
    write(tmp_path, "rules/a.ccr", 'server { tls_cert = "cert.pem"; tls_key = "key.pem" }\ndefault deny 403 "no"\n')
    if workers > 1 and not hasattr(os, "fork"):
        pytest.skip("Windows has no workers")
    with serving(tmp_path, "--workers", str(workers)) as ccr:
        assert "https://127.0.0.1:" in ccr.banner
        ccr.tls = trusting(authority)
        assert ccr.get("/health")["status"] == "ok"
        assert ccr.post(b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}')[0] == 403
        ccr.tls = None
        with pytest.raises((OSError, json.JSONDecodeError)):
            ccr.get("/health")


def test_half_of_a_pair_keeps_it_from_starting(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", 'server { tls_cert = "cert.pem" }\ndefault deny 403 "no"\n')
    said = refused(tmp_path, "--port", "0")
    assert said.returncode == 1 and "`tls_cert` and `tls_key` belong together" in said.stderr
    shutil.rmtree(tmp_path / ".claude-code-router")
    write(tmp_path, "rules/a.ccr", 'server { tls_cert = "c.pem"; tls_key = "k.pem" }\ndefault deny 403 "no"\n')
    said = refused(tmp_path, "--port", "0")
    assert said.returncode == 1 and "`tls_cert`: there is no file " in said.stderr
