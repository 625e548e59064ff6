"""What can be named: models of providers that are set up, aliases, and the names that clients ask for."""

from pathlib import Path

from tests.api.visiting import logged_in
from tests.running import running, write

RULES = """provider shop { url = "http://127.0.0.1:9/v1"; dialect = openai_chat; key = env.SHOP_KEY; models = [good]
  model good { price_in = $1 } }
alias smart = shop/good
default route smart
"""


def test_targets_are_told_with_what_is_known_of_them(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", RULES)
    with running(tmp_path, variables={"SHOP_KEY": "sk-canary-1"}) as ccr:
        said = logged_in(ccr).get("/targets").json
    assert {"name": "shop/good", "context": None, "output": None, "price_in": 1.0, "price_out": None} in said["targets"]
    assert said["aliases"] == ["smart"] and said["needs_key"] is False
    assert said["asked"] and all(name.startswith("claude-") for name in said["asked"])


def test_whether_a_key_is_needed_is_said(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", 'user alice { key = "a-users-key" }\ndefault route demo/m\n')
    with running(tmp_path) as ccr:
        assert logged_in(ccr).get("/targets").json["needs_key"] is True
