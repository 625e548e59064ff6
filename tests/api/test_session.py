"""Coming in: by password, by code, once chosen at this machine; never by guessing, never by a default."""

import stat
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from ccr.api.password import FILE, INVITATION, INVITATION_AGE, SESSION_AGE, Keeper
from ccr.api.patience import TRIES
from tests.api.visiting import PASSWORD, logged_in
from tests.running import Running, running, write


@pytest.fixture
def ccr(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as served:
        yield served


def keeper(home: Path) -> Keeper:
    return Keeper(home, lambda: None, time.time)


def test_there_is_no_password_until_somebody_at_this_machine_chooses_one(ccr: Running, tmp_path: Path) -> None:
    before = ccr.send("GET", "/api/session").json
    assert (before["logged_in"], before["password"], before["may_choose"]) == (False, "none", True)
    assert not (tmp_path / FILE).exists()
    for guess in ("", "admin", "password", "ccr"):
        assert ccr.send("POST", "/api/session", {"password": guess}).status == 401
    visitor = logged_in(ccr)
    assert visitor.get("/status").status == 200
    again = ccr.send("POST", "/api/session/first", {"password": "another one entirely"})
    assert again.status == 409


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via"])
def test_the_first_visitor_through_a_proxy_chooses_none(ccr: Running, header: str) -> None:
    answer = ccr.send("POST", "/api/session/first", {"password": PASSWORD}, {header: "203.0.113.9"})
    assert answer.status == 403
    assert not ccr.send("GET", "/api/session", headers={header: "203.0.113.9"}).json["may_choose"]


def test_it_is_kept_as_a_hash_that_only_the_owner_can_read(ccr: Running, tmp_path: Path) -> None:
    visitor = logged_in(ccr)
    kept = tmp_path / FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    text = kept.read_text()
    assert "scrypt$" in text and PASSWORD not in text and visitor.cookie.partition("=")[2] not in text


def test_the_cookie_is_for_this_site_and_for_no_script(ccr: Running) -> None:
    answer = ccr.send("POST", "/api/session/first", {"password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and f"Max-Age={SESSION_AGE:.0f}" in cookie
    assert cookie.startswith(f"ccr_session_{ccr.port}=")


def test_logging_out_ends_the_session(ccr: Running) -> None:
    visitor = logged_in(ccr)
    assert visitor.send("DELETE", "/session").json["logged_in"] is False
    assert visitor.get("/status").status == 401


def test_a_session_outlives_the_server_and_ends_with_the_password(tmp_path: Path) -> None:
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
    with running(tmp_path) as ccr:
        here = visitor._replace(ccr=ccr, cookie=f"ccr_session_{ccr.port}={visitor.cookie.partition('=')[2]}")
        assert here.get("/status").status == 200
        changed = here.send("PUT", "/session/password", {"current": PASSWORD, "password": "a new one, longer"})
        assert changed.status == 200 and "set-cookie" in changed.headers
        assert here.get("/status").status == 401
        assert ccr.send("POST", "/api/session", {"password": PASSWORD}).status == 401
        assert ccr.send("POST", "/api/session", {"password": "a new one, longer"}).status == 200


def test_changing_it_needs_the_one_before(ccr: Running) -> None:
    visitor = logged_in(ccr)
    assert visitor.send("PUT", "/session/password", {"current": "no", "password": "long enough"}).status == 401
    assert visitor.send("PUT", "/session/password", {"current": PASSWORD, "password": "short"}).status == 400


def test_guessing_is_made_slow_and_the_owner_is_told_how_long(ccr: Running) -> None:
    logged_in(ccr)
    for _ in range(TRIES):
        assert ccr.send("POST", "/api/session", {"password": "guess"}).status == 401
    answer = ccr.send("POST", "/api/session", {"password": PASSWORD})
    assert answer.status == 429 and int(answer.headers["retry-after"]) >= 1
    assert answer.json["error"]["seconds"] >= 1


def test_a_code_opens_the_door_once(ccr: Running, tmp_path: Path) -> None:
    code = keeper(tmp_path).invite()
    assert stat.S_IMODE((tmp_path / INVITATION).stat().st_mode) == 0o600
    assert code not in (tmp_path / INVITATION).read_text()
    assert ccr.send("POST", "/api/session", {"code": "x" + code[1:]}).status == 401
    assert ccr.send("POST", "/api/session", {"code": code}).json["logged_in"]
    assert ccr.send("POST", "/api/session", {"code": code}).status == 401


def test_a_code_lets_somebody_elsewhere_choose_the_first_password(ccr: Running, tmp_path: Path) -> None:
    away = {"x-forwarded-for": "203.0.113.9"}
    entered = ccr.send("POST", "/api/session", {"code": keeper(tmp_path).invite()}, away)
    cookie = entered.headers["set-cookie"].split(";")[0]
    assert entered.json["may_choose"]
    chosen = ccr.send("POST", "/api/session/first", {"password": PASSWORD}, {**away, "cookie": cookie})
    assert chosen.status == 200


def test_a_code_grows_old(tmp_path: Path) -> None:
    now = 1000.0
    kept = Keeper(tmp_path, lambda: None, lambda: now)
    code = kept.invite()
    now += INVITATION_AGE + 1
    assert not kept.accept(code)


def test_a_session_grows_old(tmp_path: Path) -> None:
    now = 1000.0
    kept = Keeper(tmp_path, lambda: None, lambda: now)
    token = kept.begin()
    assert kept.knows(token)
    now += SESSION_AGE + 1
    assert not kept.knows(token)


def test_the_password_of_the_environment_is_the_one_and_is_not_changed_here(tmp_path: Path) -> None:
    with running(tmp_path, variables={"UI_PASSWORD": "from the environment"}) as ccr:
        assert ccr.send("GET", "/api/session").json["password"] == "given"
        assert ccr.send("POST", "/api/session/first", {"password": PASSWORD}).status == 409
        assert ccr.send("POST", "/api/session", {"password": "wrong"}).status == 401
        answer = ccr.send("POST", "/api/session", {"password": "from the environment"})
        assert answer.status == 200
        headers = {"cookie": answer.headers["set-cookie"].split(";")[0], "x-ccr-csrf": answer.json["seal"]}
        body = {"current": "from the environment", "password": "something else"}
        assert ccr.send("PUT", "/api/session/password", body, headers).status == 409


def test_the_password_of_config_json(tmp_path: Path) -> None:
    write(tmp_path, "config.json", '{"UI_PASSWORD": "from the config"}')
    with running(tmp_path) as ccr:
        assert ccr.send("POST", "/api/session", {"password": "from the config"}).status == 200


def test_a_damaged_file_lets_nobody_choose_anew(ccr: Running, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{ damaged")
    assert ccr.send("POST", "/api/session/first", {"password": PASSWORD}).status == 409
    assert ccr.send("POST", "/api/session", {"password": "unreadable"}).status == 401


def test_a_call_without_a_host_is_not_answered(ccr: Running) -> None:
    connection = HTTPConnection("127.0.0.1", ccr.port, timeout=10)
    connection.putrequest("GET", "/api/session", skip_host=True)
    connection.putheader("host", "")
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status in (400, 403)
    answer.read()
    connection.close()
