"""Providers over the API: added, tried, given a key and transformers, exported, imported, removed; no key comes out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ccr.live.surroundings import look
from tests.api.visiting import Visitor, logged_in
from tests.fake_upstream import FakeUpstream, Received, Script, in_thread, openai_events, openai_message, stream, whole
from tests.running import running, write

KEY = "sk-canary-key-0123456789"
RULES = 'provider old { url = "http://127.0.0.1:9/v1"; dialect = openai_chat; key = "sk-canary-in-the-file-1" }\ndefault route demo/m\n'


def choose(received: Received) -> Script:
    """An OpenAI-shaped server with two models that wants KEY."""
    if received.headers.get("authorization") != f"Bearer {KEY}":
        return whole({"error": {"message": "wrong key", "code": "invalid_api_key"}}, status=401)
    if received.path == "/v1/models":
        return whole({"data": [{"id": "small"}, {"id": "large"}]})
    if received.path != "/v1/chat/completions":
        return whole({"error": {"message": "no such path"}}, status=404)
    if received.json.get("stream"):
        return stream(*openai_events("pong"))
    return whole(openai_message("pong"))


class There(NamedTuple):
    visitor: Visitor
    home: Path
    upstream: FakeUpstream

    def send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.visitor.send(method, path, body)
        assert KEY not in answer.body.decode()
        return answer

    def provider(self, name: str) -> Any:
        listed = self.visitor.get("/providers").json["providers"]
        return next(each for each in listed if each["name"] == name)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    write(tmp_path, "rules/10.ccr", RULES)
    with in_thread(choose=choose) as upstream, running(tmp_path) as ccr:
        ccr.live.look = lambda: look(tmp_path, ccr.live.discovered)  # type: ignore[method-assign]
        yield There(logged_in(ccr), tmp_path, upstream)


def added(there: There) -> Any:
    new = {"name": "shop", "url": f"{there.upstream.url}/v1", "dialect": "openai_chat", "key": KEY, "models": ["small"]}
    return there.send("POST", "/providers", new)


def test_one_is_previewed_added_routed_to_and_removed(there: There) -> None:
    new = {"name": "shop", "url": f"{there.upstream.url}/v1", "dialect": "openai_chat", "key": KEY}
    seen = there.send("POST", "/providers/preview", new).json
    assert "provider shop" in seen["text"] and "env.SHOP_API_KEY" in seen["text"] and not seen["why"]
    assert not (there.home / "rules" / "00-providers.ccr").exists()
    answer = added(there)
    assert (answer.status, answer.json["live"]) == (200, True), answer.body
    assert KEY not in (there.home / "rules" / "00-providers.ccr").read_text()
    assert json.loads((there.home / "keys.json").read_text()) == {"SHOP_API_KEY": KEY}
    assert there.visitor.ccr.ask(model="shop/small").text == "pong"
    shop = there.provider("shop")
    assert (shop["writable"], shop["variable"], shop["own_key"], len(shop["keys"])) == (True, "SHOP_API_KEY", True, 1)
    assert shop["pulse"]["latency"] is not None and shop["pulse"]["load"] == 0
    removed = there.send("DELETE", "/providers/shop").json
    assert removed["backup"] and "shop" not in (there.home / "rules" / "00-providers.ccr").read_text()


def test_nothing_is_written_over_what_was_not_seen(there: There) -> None:
    answer = there.visitor.send("POST", "/providers", {"name": "deepseek"}, seen="00000000")
    assert answer.status == 412 and not (there.home / "rules" / "00-providers.ccr").exists()


def test_what_cannot_be_added_is_refused_with_why(there: There) -> None:
    for new, why in (
        ({"name": "old", "url": "http://x"}, "is there already"),
        ({"name": "Bad Name", "url": "http://x"}, "no name for a provider"),
        ({"name": "nobody-knows"}, "knows no nobody-knows"),
        ({"name": "shop", "url": "http://x", "key": "two words"}, "blanks"),
        ({"name": "shop", "url": "http://x", "dialect": "klingon"}, "would not load"),
    ):
        answer = there.send("POST", "/providers", new)
        assert answer.status == 422 and why in answer.json["error"]["message"], answer.body
    assert not (there.home / "keys.json").exists()


def test_one_that_something_needs_is_not_removed(there: There) -> None:
    added(there)
    write(there.home, "rules/20.ccr", "when kind == search route shop/small\n")
    answer = there.send("DELETE", "/providers/shop")
    assert answer.status == 422 and answer.json["error"]["findings"]["findings"]
    assert "shop" in (there.home / "rules" / "00-providers.ccr").read_text()
    config = there.send("DELETE", "/providers/demo-of-nobody")
    assert config.status == 404


def test_a_key_that_stood_in_the_file_moves_to_where_keys_are_kept(there: There) -> None:
    answer = there.send("PUT", "/providers/old/key", {"key": KEY})
    assert answer.status == 200, answer.body
    text = (there.home / "rules" / "10.ccr").read_text()
    assert "sk-canary-in-the-file-1" not in text and "= env.OLD_API_KEY" in text and "default route demo/m" in text
    assert "sk-canary-in-the-file-1" in (there.home / "backups" / Path(answer.json["backup"]).name).read_text()
    assert there.provider("old")["own_key"]
    assert there.send("DELETE", "/providers/old/key").status == 200
    assert not there.provider("old")["keys"] and not there.provider("old")["own_key"]
    assert there.send("PUT", "/providers/old/key", {"key": ""}).status == 422


def test_a_provider_of_config_json_keeps_its_key_where_it_names_one(there: There) -> None:
    providers = [
        {"name": name, "api_base_url": f"{there.upstream.url}/v1/chat/completions", "api_key": key, "models": ["small"]}
        for name, key in (("named", "$NAMED_KEY"), ("said", "sk-canary-of-config"))
    ]
    before = write(there.home, "config.json", json.dumps({"Providers": providers})).read_text()
    there.send("PUT", "/providers/old/key", {"key": KEY})  # whatever is written reads all anew
    assert (there.provider("named")["variable"], there.provider("named")["writable"]) == ("NAMED_KEY", False)
    assert there.send("PUT", "/providers/named/key", {"key": KEY}).status == 200
    assert there.visitor.ccr.ask(model="named/small").text == "pong"
    refused = there.send("PUT", "/providers/said/key", {"key": KEY})
    assert refused.status == 409 and "config.json" in refused.json["error"]["message"]
    assert (there.home / "config.json").read_text() == before
    assert there.send("DELETE", "/providers/named/key").status == 200 and not there.provider("named")["own_key"]


def test_a_vendor_of_the_catalogue_is_there_as_soon_as_it_has_a_key(there: There) -> None:
    assert there.provider("deepseek")["state"] == "idle"
    assert there.send("PUT", "/providers/deepseek/key", {"key": KEY}).status == 200
    assert there.provider("deepseek")["state"] == "well"


def test_a_model_is_tried_and_what_mends_it_is_said(there: There) -> None:
    added(there)
    good = there.send("POST", "/providers/shop/test", {"model": "small"}).json
    assert (good["ok"], good["text"], good["target"]) == (True, "pong", "shop/small") and good["first_byte"] is not None
    there.send("PUT", "/providers/shop/key", {"key": "sk-another-one-123"})
    bad = there.send("POST", "/providers/shop/test", {}).json
    assert (bad["ok"], bad["outcome"], bad["status"]) == (
        False,
        "authentication",
        401,
    ) and "the key is not taken" in bad["mend"]
    assert there.visitor.ccr.records == []


def test_its_models_are_asked_of_the_provider(there: There) -> None:
    added(there)
    assert there.send("POST", "/providers/shop/discover").json == {"models": ["small", "large"], "known": ["small"]}
    assert there.send("POST", "/providers/old/discover").status == 502


def test_an_address_is_looked_at(there: There) -> None:
    found = there.send("POST", "/probe", {"url": f"{there.upstream.url}/v1", "key": KEY}).json
    assert (found["dialect"], found["models"], found["model"]) == ("openai_chat", ["small", "large"], "small")
    assert found["ways"][0]["trial"]["ok"]
    wrong = there.send(
        "POST", "/probe", {"url": f"{there.upstream.url}/v1", "key": "sk-wrong-123", "model": "small"}
    ).json
    assert wrong["dialect"] == "openai_chat" and not wrong["ways"][0]["trial"]["ok"]
    assert there.send("POST", "/probe", {"url": "file:///etc/passwd"}).status == 400


def test_ollama_says_what_it_has(tmp_path: Path) -> None:
    tags = {"models": [{"name": "qwen3:4b", "modified_at": "2026-11-01"}]}
    write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    found = whole(tags)
    with in_thread(choose=lambda asked: found if asked.path == "/api/tags" else whole({}, status=404)) as upstream:
        with running(tmp_path) as ccr:
            visitor = logged_in(ccr)
            assert visitor.send("POST", "/probe", {"url": upstream.url}).json["models"] == ["qwen3:4b"]


def test_transformers_stand_in_the_block(there: There) -> None:
    added(there)
    uses = [{"name": "maxtoken", "arguments": {"max_tokens": "4096"}}, {"name": "reasoning"}]
    assert there.send("PUT", "/providers/shop/transformers", {"uses": uses}).status == 200
    assert there.provider("shop")["uses"] == [uses[0], {"name": "reasoning", "arguments": {}}]
    assert there.send("PUT", "/providers/shop/transformers", {"uses": uses[1:]}).status == 200
    text = (there.home / "rules" / "00-providers.ccr").read_text()
    assert "maxtoken" not in text and "use reasoning" in text and "= [small]" in text
    wrong = there.send("PUT", "/providers/shop/transformers", {"uses": [{"name": "nothing-such"}]})
    assert wrong.status == 422 and wrong.json["error"]["findings"]["findings"]
    known = there.visitor.get("/transformers").json["transformers"]
    assert {"name": "max_tokens", "kind": "int"} in next(each for each in known if each["name"] == "maxtoken")[
        "arguments"
    ]


def test_a_vendor_of_the_catalogue_gets_a_block_for_its_transformers(there: There) -> None:
    there.send("PUT", "/providers/deepseek/key", {"key": KEY})
    for uses in ([{"name": "tooluse"}], [{"name": "reasoning"}, {"name": "tooluse"}], []):
        answer = there.send("PUT", "/providers/deepseek/transformers", {"uses": uses})
        assert answer.status == 200, answer.body
        assert [each["name"] for each in there.provider("deepseek")["uses"]] == [each["name"] for each in uses]
    there.send("POST", "/providers", {"name": "zai", "key": KEY})
    assert there.send("PUT", "/providers/zai/transformers", {"uses": [{"name": "tooluse"}]}).status == 200
    assert (there.provider("zai")["uses"], there.provider("zai")["state"]) == (
        [{"name": "tooluse", "arguments": {}}],
        "well",
    )


def test_one_is_given_to_somebody_else_without_its_key(there: There) -> None:
    added(there)
    assert "sk-canary" not in there.visitor.get("/providers/old/export").json["text"]
    text = there.visitor.get("/providers/shop/export").json["text"]
    assert "env.SHOP_API_KEY" in text and KEY not in text
    assert there.send("POST", "/providers/import", {"text": text}).status == 409
    there.send("DELETE", "/providers/shop")
    assert there.send("POST", "/providers/import", {"text": text}).json["live"]
    assert there.provider("shop")["state"] == "well"
    assert there.send("POST", "/providers/import", {"text": "default route demo/m"}).status == 422
    assert there.send("POST", "/providers/import", {"text": "provider {{"}).status == 422
