"""A picture towards a model that sees none, through a whole ccr (forceUseImageAgent): described once, by another one."""

import json
from pathlib import Path
from typing import Any

from tests.fake_upstream import Received, Script, in_thread, openai_events, openai_message, stream, whole
from tests.running import running, write

EYES = "it shows a red cat"


def picture(data: str = "aGk=") -> dict[str, Any]:
    return {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}


def said(*blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [*blocks, {"type": "text", "text": "what is this?"}]}]


def choose(request: Received) -> Script:
    if request.json["model"] == "eyes":
        return stream(*openai_events(EYES))
    return stream(*openai_events("A cat.")) if request.json.get("stream") else whole(openai_message("A cat."))


def config(url: str, **more: object) -> str:
    lab = {"name": "lab", "api_base_url": f"{url}/v1/chat/completions", "api_key": "k", "models": ["eyes", "text"]}
    router = {"default": "lab,text", "image": "lab,eyes"}
    return json.dumps({"Providers": [lab], "Router": router, "LOG": False, **more})


def test_a_picture_is_described_once_and_the_words_go_to_whoever_is_asked(tmp_path: Path) -> None:
    with in_thread(choose=choose) as upstream:
        write(tmp_path, "config.json", config(upstream.url, forceUseImageAgent=True))
        with running(tmp_path) as ccr:
            first = ccr.ask(stream=True, messages=said(picture()))
            again = ccr.ask(messages=said(picture()))
            more = ccr.ask(messages=said(picture(), picture("aG8=")))
            entries = [(each.record.kind, each.record.target) for each in ccr.entries]
    assert [first.text, again.text, more.text] == ["A cat."] * 3
    models = [sent.json["model"] for sent in upstream.requests]
    assert models == ["eyes", "text", "text", "eyes", "text"], "each picture once"
    for sent in upstream.requests:
        shown = json.dumps(sent.json["messages"])
        assert ("image_url" in shown) == (sent.json["model"] == "eyes")
        assert (EYES in shown) == (sent.json["model"] == "text")
    assert entries.count(("side", "lab/eyes")) == 2, "what it costs is logged as requests of their own"


def test_without_the_switch_the_request_itself_goes_to_who_sees(tmp_path: Path) -> None:
    with in_thread(choose=choose) as upstream:
        write(tmp_path, "config.json", config(upstream.url))
        with running(tmp_path) as ccr:
            assert ccr.ask(stream=True, messages=said(picture())).text == EYES
    assert [sent.json["model"] for sent in upstream.requests] == ["eyes"]


def test_a_describer_that_fails_is_named_and_asked_again_the_next_time(tmp_path: Path) -> None:
    def failing(request: Received) -> Script:
        down = request.json["model"] == "eyes" and sum(r.json["model"] == "eyes" for r in upstream.requests) == 1
        return whole({"error": {"message": "out of paint"}}, status=400) if down else choose(request)

    with in_thread(choose=failing) as upstream:
        write(tmp_path, "config.json", config(upstream.url, forceUseImageAgent=True))
        with running(tmp_path) as ccr:
            refused = ccr.ask(messages=said(picture()))
            served = ccr.ask(messages=said(picture()))
    assert refused.status == 502 and "lab/eyes was to describe a picture" in refused.json["error"]["message"]
    assert "out of paint" in refused.json["error"]["message"] and served.text == "A cat."


def test_whoever_nobody_serves_is_named(tmp_path: Path) -> None:
    with in_thread(choose=choose) as upstream:
        lab = f'provider lab {{ url = "{upstream.url}/v1"; dialect = openai_chat; key = "k"; models = [text] }}\n'
        write(tmp_path, "rules/10.ccr", lab + "use describe_images(by = gone)\nroute lab/text\n")
        with running(tmp_path) as ccr:
            refused = ccr.ask(messages=said(picture()))
    assert refused.status == 502 and "nobody here serves `gone`" in refused.json["error"]["message"]
    assert not upstream.requests


def test_a_guard_holds_for_whoever_looks_at_a_picture(tmp_path: Path) -> None:
    """`never` keeps a picture from a provider also on this way, and the words that were made before are no leak."""
    with in_thread(choose=choose) as upstream:
        at = f'url = "{upstream.url}/v1"; dialect = openai_chat; key = "k"'
        rules = (
            f"provider lab {{ {at}; models = [text] }}\nprovider cloud {{ {at}; models = [eyes] }}\n"
            "when session == s-secret never cloud/*\nuse describe_images(by = cloud/eyes)\nroute lab/text\n"
        )
        write(tmp_path, "rules/10.ccr", rules)
        with running(tmp_path) as ccr:
            secret = {"x-claude-code-session-id": "s-secret"}
            refused = ccr.ask(headers=secret, messages=said(picture()))
            assert not upstream.requests
            served = ccr.ask(messages=said(picture()))
    assert (
        refused.status == 502
        and "guard of the rules keeps `cloud/eyes` from seeing it" in refused.json["error"]["message"]
    )
    assert served.text == "A cat." and [sent.json["model"] for sent in upstream.requests] == ["eyes", "text"]
