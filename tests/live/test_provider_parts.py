"""Inside a provider's block: its key, its transformers, and the block alone without its key."""

from pathlib import Path

import pytest
from msgspec import structs

from ccr.live.paths import Places, places
from ccr.live.provider_parts import KeySaid, blocks, key_said, portable, use_statement, using, with_key, with_uses

TEXT = """# mine
provider shop {
  url = "http://127.0.0.1:9/v1"  # the shop
  key = "sk-in-the-file-0123456789"
  use reasoning
  model a { context = 64k; use tooluse }
}
provider bare
when kind == search route shop/a   # stays
"""


@pytest.fixture
def where(tmp_path: Path) -> Places:
    (tmp_path / "10.ccr").write_text(TEXT, encoding="utf-8")
    return structs.replace(places(rules=tmp_path), home=tmp_path, policies=())


def test_what_a_block_says_of_its_key(where: Places) -> None:
    found = blocks(where)
    assert set(found) == {"shop", "bare"}
    assert key_said(found["shop"]) == KeySaid("", True) and key_said(found["bare"]) == KeySaid("", False)
    edit = with_key(where, "shop", "SHOP_API_KEY")
    assert edit is not None and "sk-in-the-file" not in edit.after and "env.SHOP_API_KEY" in edit.after
    assert edit.after.startswith("# mine\n") and "# the shop" in edit.after and edit.after.endswith("# stays\n")
    (where.rules / "10.ccr").write_text(edit.after, encoding="utf-8")
    assert key_said(blocks(where)["shop"]) == KeySaid("SHOP_API_KEY", False)
    assert with_key(where, "nobody", "X") is None


def test_transformers_are_put_in_place_of_those_of_the_block_and_of_no_model(where: Places) -> None:
    edit = with_uses(where, "shop", ["use maxtoken(max_tokens = 10)", "use cleancache"])
    assert edit is not None and "use reasoning" not in edit.after and "use tooluse" in edit.after
    assert edit.after.index("use maxtoken(max_tokens = 10)") < edit.after.index("use cleancache")
    none = with_uses(where, "shop", [])
    assert none is not None and "use reasoning" not in none.after
    braces = with_uses(where, "bare", ["use tooluse"])
    assert braces is not None and "provider bare {" in " ".join(braces.after.split())
    assert "use tooluse" in using("deepseek", ["use tooluse"]) and using("deepseek", []) == "provider deepseek\n"


def test_a_block_is_given_away_without_its_key(where: Places) -> None:
    text = portable(blocks(where)["shop"])
    assert "sk-" not in text and "key" not in text and "use reasoning" in text and "context = 64k" in text
    assert portable(blocks(where)["bare"]) == "provider bare"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ({}, "use x"),
        ({"a": "4096", "b": "true", "c": "0.5"}, "use x(a = 4096, b = true, c = 0.5)"),
        ({"text": 'say "hi"'}, 'use x(text = "say \\"hi\\"")'),
    ],
)
def test_an_option_is_written_as_what_it_is(said: dict[str, str], written: str) -> None:
    assert use_statement("x", said.items()) == written
