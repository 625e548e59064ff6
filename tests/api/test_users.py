"""Keys of people through the API: made, shown once, renewed, taken away; the file keeps hashes and what a person wrote."""

from pathlib import Path

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.running import running, write


def names(visitor: Visitor) -> dict[str, bool]:
    return {each["name"]: each["here"] for each in visitor.get("/users").json["users"]}


def test_a_key_is_made_renewed_and_taken_away(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        assert visitor.get("/users").json["open"] is True
        made = visitor.send("POST", "/users", {"name": "alice"}).json
        key = made["key"]
        assert made["first"] is True and made["written"]["live"] is True
        assert ccr.ask().status == 401 and ccr.ask(headers={"x-api-key": key}).status == 200
        said = visitor.get("/users")
        assert key.encode() not in said.body and names(visitor) == {"alice": True}
        assert key not in (tmp_path / "users.ccr").read_text()
        again = visitor.send("PUT", "/users/alice").json["key"]
        assert ccr.ask(headers={"x-api-key": key}).status == 401
        assert ccr.ask(headers={"x-api-key": again}).status == 200
        gone = visitor.send("DELETE", "/users/alice").json
        assert gone["open"] is True and names(visitor) == {} and ccr.ask().status == 200
        assert len(list((tmp_path / "backups").glob("*-users.ccr"))) == 2


def test_who_is_named_elsewhere_is_listed_and_not_changed_here(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", 'user bob { key = "bobs-key" }\ndefault route demo/m\n')
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        assert names(visitor) == {"bob": False}
        assert visitor.send("POST", "/users", {"name": "bob"}).status == 409
        assert visitor.send("DELETE", "/users/bob").status == 404
        assert visitor.send("PUT", "/users/bob").status == 404
        assert visitor.send("POST", "/users", {"name": "carol"}).json["first"] is False


@pytest.mark.parametrize("name", ["", "-x", "a b", 'x" }\nuser eve { key = "e', "a" * 65, "../x"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with running(tmp_path) as ccr:
        assert logged_in(ccr).send("POST", "/users", {"name": name}).status == 400
    assert not (tmp_path / "users.ccr").exists()


def test_a_file_with_mistakes_is_left_alone(tmp_path: Path) -> None:
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        write(tmp_path, "users.ccr", "user {{{\n")
        answer = visitor.send("POST", "/users", {"name": "alice"})
        assert answer.status == 422, answer.body
    assert (tmp_path / "users.ccr").read_text() == "user {{{\n"
