"""Every resource and every page is attacked in every way, from the registries: nothing is reached around the guard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccr.api.door import operations
from ccr.api.resource import Access, Effect, Operation
from ccr.routing.secret import Secret
from tests.api.visiting import Visitor, logged_in
from tests.running import Answer, Running, running, write

OPERATIONS = [operation for _, operation in operations()]
CLOSED = [each for each in OPERATIONS if each.access is Access.SESSION]
PAGES = ("/ui", "/ui/overview", "/ui/rules/10.ccr", "/ui/assets/nothing.js", "/ui/../pyproject.toml")
ENDLESS = "/events"


def name(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


@pytest.fixture(scope="module")
def ccr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    write(
        home,
        "rules/10.ccr",
        'server { key = "the-proxys-key" }\nuser alice { key = "a-users-key" }\ndefault route demo/m\n',
    )
    with running(home) as served:
        yield served


@pytest.fixture(scope="module")
def visitor(ccr: Running) -> Visitor:
    return logged_in(ccr)


def attack(ccr: Running, operation: Operation, headers: dict[str, str]) -> Answer:
    path = operation.path.replace("{", "").replace("}", "")
    query = "?name=10.ccr" if operation.query is not None else ""
    body = {} if operation.takes is not None else None
    return ccr.send(operation.method, f"/api{path}{query}", body, headers)


def test_only_what_makes_a_login_possible_is_open() -> None:
    opened = {name(each) for each in OPERATIONS if each.access is Access.OPEN}
    assert opened == {"GET /session", "POST /session", "POST /session/first"}


def test_what_changes_needs_the_snapshot_unless_it_is_a_login_or_only_asks() -> None:
    free = {name(each) for each in OPERATIONS if each.method != "GET" and each.does is Effect.ENTERS}
    assert free == {"POST /session", "POST /session/first", "PUT /session/password", "DELETE /session"}
    assert all(each.does is Effect.READS for each in OPERATIONS if each.method == "GET")
    assert all(each.method == "POST" for each in OPERATIONS if each.does is Effect.READS and each.method != "GET")


@pytest.mark.parametrize("operation", CLOSED, ids=name)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="nobody"),
        pytest.param({"cookie": "ccr_session_1=x"}, 401, id="a made-up session"),
        pytest.param({"x-api-key": "wrong"}, 401, id="a wrong key"),
        pytest.param({"x-api-key": "a-users-key"}, 401, id="a user's key"),
        pytest.param({"authorization": "Bearer a-users-key"}, 401, id="a user's key as a bearer"),
    ],
)
def test_nobody_comes_in_without_a_session_or_the_proxys_key(
    ccr: Running, operation: Operation, headers: dict[str, str], status: int
) -> None:
    answer = attack(ccr, operation, headers)
    assert answer.status == status, answer.body
    assert answer.json["error"]["kind"] == "unauthorized"


def elsewhere(ccr: Running) -> list[dict[str, str]]:
    """What a browser sends for pages that are not ours; some are on this very machine."""
    here = f"127.0.0.1:{ccr.port}"
    return [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://localhost"},
        {"origin": f"http://localhost:{ccr.port}", "host": here},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"host": "evil.example"},
        {"host": f"127.0.0.1.evil.example:{ccr.port}"},
        {"host": f"rebound.example:{ccr.port}", "origin": f"http://rebound.example:{ccr.port}"},
    ]


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_other_sites_and_other_hosts_are_refused_whoever_is_logged_in(
    ccr: Running, visitor: Visitor, operation: Operation
) -> None:
    for headers in elsewhere(ccr):
        answer = attack(ccr, operation, visitor.headers(**headers))
        assert (answer.status, answer.json["error"]["kind"]) == (403, "forbidden"), (headers, answer.body)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_shown_to_nobody_elsewhere(ccr: Running, path: str) -> None:
    for headers in elsewhere(ccr):
        assert ccr.send("GET", path, headers=headers).status == 403, headers
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert ccr.send("GET", "/ui", headers=link).status in (200, 503)


@pytest.mark.parametrize("operation", [each for each in CLOSED if each.method != "GET"], ids=name)
@pytest.mark.parametrize("seal", ["", "0" * 64, "ü"])
def test_a_session_does_nothing_without_its_seal(
    ccr: Running, visitor: Visitor, operation: Operation, seal: str
) -> None:
    answer = attack(ccr, operation, {"cookie": visitor.cookie, "x-ccr-csrf": seal})
    assert answer.status == 403, answer.body


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.does is Effect.CHANGES], ids=name)
def test_nothing_is_changed_by_somebody_who_has_not_seen_it(
    ccr: Running, visitor: Visitor, operation: Operation
) -> None:
    assert attack(ccr, operation, visitor.headers()).status == 428
    old = attack(ccr, operation, visitor.headers(**{"if-match": '"00000000"'}))
    assert (old.status, old.json["error"]["kind"]) == (412, "conflict")
    assert old.json["error"]["snapshot"] == ccr.live.current.id
    program = attack(ccr, operation, {"x-api-key": "the-proxys-key"})
    assert program.status == 428


@pytest.mark.parametrize("operation", [each for each in CLOSED if each.path != ENDLESS], ids=name)
def test_the_proxys_key_opens_it_to_programs(ccr: Running, operation: Operation) -> None:
    if operation.does is not Effect.READS:
        return
    assert attack(ccr, operation, {"x-api-key": "the-proxys-key"}).status in (200, 400, 404)


def test_a_form_of_another_page_is_not_read(ccr: Running, visitor: Visitor) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = visitor.headers(**{"content-type": kind})
        assert ccr.send("POST", "/api/explain", b'{"sample":"{}"}', headers).status == 415


def test_every_answer_is_protected(ccr: Running, visitor: Visitor) -> None:
    for path in ("/ui", "/ui/assets/x", "/api/session", "/api/status", "/api/none", "/api/rules"):
        headers = ccr.send("GET", path, headers=visitor.headers()).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "http" not in policy
        assert "'nonce" not in policy.partition("script-src")[2].partition(";")[0]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


def test_no_path_leaves_the_folder_of_the_pages(ccr: Running) -> None:
    for path in (
        "/ui/assets/../../door.py",
        "/ui/assets/%2e%2e/%2e%2e/door.py",
        "/ui/assets/..%2f..%2fdoor.py",
        "/ui/assets//etc/passwd",
    ):
        answer = ccr.send("GET", path)
        assert b"class Door" not in answer.body and b"root:" not in answer.body, path


def test_no_key_comes_out_of_any_resource(tmp_path: Path) -> None:
    keys = [
        "sk-canary-provider-1234",
        "canary-proxy-key-1234",
        "canary-user-key-1234",
        "canary-env-key-1234",
        "canary-config-key",
    ]
    write(tmp_path, "rules/10.ccr", f"""
server {{ key = "{keys[1]}" }}
user alice {{ key = "{keys[2]}" }}
provider one {{ url = "http://127.0.0.1:9/v1"; dialect = openai_chat; key = "{keys[0]}" }}
provider two {{ url = "http://me:{keys[0]}@127.0.0.1:9/v1"; dialect = openai_chat; key = env.TWO_KEY }}
# the old key was {keys[0]}
default route demo/m
""")  # fmt: skip
    write(
        tmp_path,
        "config.json",
        '{"Providers": [{"name": "three", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "canary-config-key", "models": ["m"]}]}',
    )
    with running(tmp_path, variables={"TWO_KEY": keys[3]}) as ccr:
        visitor = logged_in(ccr)
        said = b""
        for operation in OPERATIONS:
            if operation.method == "GET" and operation.path != ENDLESS:
                for query in ("?name=10.ccr", "?name=config.json&layer=config"):
                    said += attack_get(visitor, operation, query)
        assert b"openai_chat" in said and b"alice" in said
        for key in keys:
            assert key.encode() not in said
        assert Secret(keys[1]).fingerprint.encode() in said


def attack_get(visitor: Visitor, operation: Operation, query: str) -> bytes:
    path = operation.path.replace("{topic}", "providers").replace("{name}", "one")
    answer = visitor.get(path + query)
    return answer.body
