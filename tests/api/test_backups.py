"""Copies through the API: listed, looked at without a key, put back to where they belong with a copy of what was there."""

import time
from pathlib import Path

from tests.api.visiting import logged_in
from tests.running import running, write

KEY = "sk-canary-backup-1234"
OLD = f'{{ "Providers": [{{ "name": "old", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "{KEY}", "models": ["m"] }}] }}\n'
NEW = OLD.replace('"old"', '"new"')


def test_a_copy_is_looked_at_and_put_back(tmp_path: Path) -> None:
    write(tmp_path, "config.json", OLD)
    write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        made = visitor.send("POST", "/backups").json["copies"]
        assert sorted(each[16:] for each in made) == ["10.ccr", "config.json"]
        write(tmp_path, "config.json", NEW)
        copy = next(each for each in visitor.get("/backups").json["copies"] if each["name"] == "config.json")
        look = visitor.get(f"/backups/{copy['id']}")
        assert KEY.encode() not in look.body
        assert [line[0] for line in look.json["lines"]] == ["-", "+"] and '"old"' in look.json["lines"][1]
        said = visitor.send("POST", f"/backups/{copy['id']}").json
        assert said["live"] is True and (tmp_path / "config.json").read_text() == OLD
        assert (tmp_path / "backups" / said["backups"][0]).read_text() == NEW
        assert "old" in ccr.live.current.catalog.providers


def test_a_copy_that_would_not_load_changes_nothing(tmp_path: Path) -> None:
    rules = write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    broken = f"{time.strftime('%Y%m%d-%H%M%S')}-10.ccr"
    write(tmp_path, f"backups/{broken}", "default route nobody/m\n")
    with running(tmp_path) as ccr:
        answer = logged_in(ccr).send("POST", f"/backups/{broken}")
        assert (answer.status, answer.json["error"]["kind"]) == (422, "broken")
        assert answer.json["error"]["findings"]["findings"]
    assert rules.read_text() == "default route demo/m\n"


def test_only_what_is_listed_is_opened_and_only_what_ccr_reads_is_put_back(tmp_path: Path) -> None:
    write(tmp_path, "secret.txt", "not a copy")
    write(tmp_path, "backups/20260101-000000-settings.json", "{}")
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        for name in ("..%2fsecret.txt", "20260101-000000-..%2fsecret.txt", "%2fetc%2fpasswd", "nothing"):
            answer = visitor.get(f"/backups/{name}")
            assert answer.status == 404 and b"not a copy" not in answer.body
        assert visitor.get("/backups").json["copies"][0]["belongs"] == ""
        assert visitor.send("POST", "/backups/20260101-000000-settings.json").status == 409
