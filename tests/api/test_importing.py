"""config.json as rules: only its routes, and with them saved as they are every request goes where it went."""

from pathlib import Path

from tests.api.visiting import logged_in
from tests.running import running, write

CONFIG = """{"Providers": [{"name": "p", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "canary-config-key", "models": ["m", "long"]}],
"Router": {"default": "p,m", "longContext": "p,long"}}"""


def test_the_routes_come_as_a_file_that_sends_nothing_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, "config.json", CONFIG)
    write(tmp_path, "rules/10-routes.ccr", "# none yet\n")
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        answer = visitor.get("/rules/import")
        said = answer.json
        assert said["name"] == "10-routes-2.ccr"
        assert "default route p/m" in said["text"] and "provider p" not in said["text"]
        assert b"canary" not in answer.body
        compared = visitor.send("POST", "/rules/compare", {"name": said["name"], "text": said["text"]}).json
        # What a client names in a request may mean another thing where another layer says it: no model is another.
        assert {each["before"] for each in compared["difference"]["kinds"]} <= {"hint", "requested"}


def test_without_one_it_says_so(tmp_path: Path) -> None:
    with running(tmp_path) as ccr:
        assert logged_in(ccr).get("/rules/import").status == 404
