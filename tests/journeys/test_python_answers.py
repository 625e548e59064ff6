"""`response` of a transformer in Python, and transformers that config.json names: through a whole ccr."""

import json
import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ccr.config.read import read_config
from ccr.config.show import as_rules
from ccr.diagnostics.source import SourceFile
from tests.fake_upstream import (
    FakeUpstream,
    Received,
    Script,
    anthropic_events,
    anthropic_message,
    in_thread,
    openai_events,
    openai_message,
    stream,
    whole,
)
from tests.running import Running, running, write

USES = 'use python "py/mine.py:mine"\ndefault route lab/rest\n'
KEY = "ghp_0123456789abcdefghij"
MASK = """
import re

class mine:
    def request(self, body, context):
        context.hidden = {}
        def hide(found):
            name = f"<key-{len(context.hidden)}>"
            context.hidden[name] = found[0]
            return name
        body["messages"] = [{**each, "content": re.sub("ghp_[a-z0-9]+", hide, str(each["content"]))} for each in body["messages"]]
        return body

    def response(self, event, context):
        if event["type"] == "content_block_delta" and event["delta"]["type"] == "text_delta":
            for name, key in context.hidden.items():
                event["delta"]["text"] = event["delta"]["text"].replace(name, key)
        return event
"""


def _answer(received: Received) -> Script:
    """Says again what it was told, in the dialect it was asked in."""
    said = json.dumps(received.json["messages"])
    found = re.search("<key-0>|KEY0", said)
    text = found[0] if found else "nothing hidden"
    chat = received.path.endswith("/chat/completions")
    if received.json.get("stream"):
        return stream(*(openai_events if chat else anthropic_events)("It is ", text, "."))
    return whole((openai_message if chat else anthropic_message)(f"It is {text}."))


@pytest.fixture
def upstream() -> Iterator[FakeUpstream]:
    with in_thread(choose=_answer) as fake:
        yield fake


def _home(folder: Path, upstream: FakeUpstream, code: str, rules: str = USES, dialect: str = "anthropic") -> Path:
    lab = f'provider lab {{ url = "{upstream.url}"; dialect = {dialect}; key = "k" }}\n'
    write(folder, "rules/00.ccr", lab)
    write(folder, "rules/10.ccr", rules)
    write(folder, "rules/py/mine.py", code)
    return folder


@pytest.mark.parametrize("dialect", ["anthropic", "openai_chat"])
@pytest.mark.parametrize("streams", [True, False])
def test_what_was_hidden_from_the_provider_is_told_to_the_client(
    tmp_path: Path, upstream: FakeUpstream, dialect: str, streams: bool
) -> None:
    with running(_home(tmp_path, upstream, MASK, dialect=dialect)) as ccr:
        first, second = ccr.ask(f"the key is {KEY}", stream=streams), ccr.ask("no key", stream=streams)
    assert KEY.encode() not in upstream.requests[0].body and b"key-0" in upstream.requests[0].body
    assert first.text == f"It is {KEY}." and second.text == "It is nothing hidden."


def _said(code: str, folder: Path, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture, times: int = 1) -> Any:
    with caplog.at_level(logging.WARNING, "ccr.hooks"), running(_home(folder, upstream, code)) as ccr:
        texts = [ccr.ask(str(number), stream=True).text for number in range(times)]
    return texts, [record.getMessage() for record in caplog.records]


def _class(body: str) -> str:
    return f"class mine:\n    def response(self, event, context):\n        {body}\n"


def test_a_response_that_raises_lets_the_answer_pass_and_is_switched_off(
    tmp_path: Path, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    texts, said = _said(_class("raise ValueError('not today')"), tmp_path, upstream, caplog, 2)
    assert texts == ["It is nothing hidden."] * 2
    assert len(said) == 4 and all(
        "ValueError: not today; no opinion, this event passes unchanged" in x for x in said[:3]
    )
    assert "not asked for 30 s" in said[2] and "switched off after failures" in said[3]


def test_a_slow_response_is_switched_off_at_once(
    tmp_path: Path, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    began = time.monotonic()
    texts, said = _said(_class("import time; time.sleep(0.3)"), tmp_path, upstream, caplog, 2)
    assert texts == ["It is nothing hidden."] * 2 and time.monotonic() - began < 5
    assert "took 0.3 s for one event, in which nobody else was served" in said[0] and "switched off" in said[1]


def test_a_response_sees_what_was_found_out_for_its_request_and_finds_out_nothing(
    tmp_path: Path, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    code = _class("""
        if event["type"] == "content_block_delta":
            event["delta"]["text"] = f"{context.target_provider} {context.options['word']} {context.tokens > 0} "
        return event
    def request(self, body, context):
        if context.options["counts"]:
            context.tokens
        return body""")
    for number, counts in enumerate(("true", "false")):
        rules = f'use python "py/mine.py:mine"(word = "hey", counts = {counts})\ndefault route lab/rest\n'
        caplog.clear()
        with caplog.at_level(logging.WARNING, "ccr.hooks"):
            with running(_home(tmp_path / counts, upstream, code, rules)) as ccr:
                text = ccr.ask(stream=True).text
        said = [record.getMessage() for record in caplog.records]
        if number == 0:
            assert text == "lab hey True " * 3 and not said
        else:
            assert text == "It is nothing hidden." and "ask for it in `request`, not in `response`" in said[0]


def test_an_answer_that_it_makes_senseless_is_an_error(
    tmp_path: Path, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    code = _class("return [] if event['type'] == 'content_block_start' else event")
    with running(_home(tmp_path, upstream, code)) as ccr:
        answer = ccr.ask(stream=True)
    assert b"broke the protocol" in answer.body and answer.status == 502


PAGE = Path(__file__).parents[2] / "docs" / "python.md"


@pytest.mark.parametrize("name", ["mask_secrets", "mask_and_show"])
def test_the_transformers_of_the_page_do_what_it_says(tmp_path: Path, upstream: FakeUpstream, name: str) -> None:
    (code,) = (
        block for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S) if f"class {name}" in block
    )
    call = {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": f"token = {KEY}"}
    asks = {"mask_secrets": [{"role": "user", "content": "read"}, {"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}], "mask_and_show": [{"role": "user", "content": f"it is {KEY}"}]}  # fmt: skip
    with running(_home(tmp_path, upstream, code, USES.replace("mine.py:mine", f"mine.py:{name}"))) as ccr:
        answer = ccr.ask(stream=True, messages=asks[name])
    assert KEY.encode() not in upstream.requests[0].body
    assert answer.text == (f"It is {KEY}." if name == "mask_and_show" else "It is nothing hidden.")


def test_the_config_json_of_the_page_is_understood() -> None:
    (text,) = re.findall(r"```json5\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    transcript = read_config(SourceFile("config.json", text))
    assert not transcript.diagnostics and 'use python "plugins/mask.py:transformer"(words' in as_rules(transcript)


# ---- config.json ----------------------------------------------------------------------------------------------------

SHOUT = """
class transformer:
    def request(self, body, context):
        return {**body, "system": f"{context.options['word']} {context.options['deep']}"}

    def response(self, event, context):
        if event["type"] == "content_block_delta":
            event["delta"]["text"] = event["delta"]["text"].upper()
        return event
"""


def _config(folder: Path, upstream: FakeUpstream, path: str) -> Path:
    provider = {
        "name": "lab",
        "api_base_url": f"{upstream.url}/v1/chat/completions",
        "api_key": "k",
        "models": ["loud", "quiet"],
        "transformer": {"loud": {"use": [["shout", {"word": "hey"}]]}},
    }
    plugin = {"path": path, "options": {"word": "?", "deep": {"low": -1}}}
    config = {
        "Providers": [provider],
        "transformers": [plugin],
        "Router": {"default": "lab,loud", "think": "lab,quiet"},
    }
    write(folder, "config.json", json.dumps(config))
    return folder


def _until(ccr: Running, snapshot: str) -> None:
    until = time.monotonic() + 5
    while ccr.live.current.id == snapshot and time.monotonic() < until:
        time.sleep(0.02)


def test_a_transformer_of_config_json_runs_where_it_is_used_and_an_edit_of_it_is_heard(
    tmp_path: Path, upstream: FakeUpstream
) -> None:
    write(tmp_path, "plugins/shout.py", SHOUT)
    with running(_config(tmp_path, upstream, "plugins/shout.py"), watching=True) as ccr:
        loud = ccr.ask(stream=True)
        quiet = ccr.ask(stream=True, thinking={"type": "enabled", "budget_tokens": 1024}, max_tokens=2000)
        time.sleep(0.3)
        write(tmp_path, "plugins/shout.py", SHOUT.replace(".upper()", ".title()"))
        _until(ccr, loud.headers["x-ccr-snapshot"])
        titled = ccr.ask(stream=True)
    assert (loud.text, quiet.text, titled.text) == (
        "IT IS NOTHING HIDDEN.",
        "It is nothing hidden.",
        "It Is Nothing Hidden.",
    )
    systems = [sent.json["messages"][0] for sent in upstream.requests]
    assert systems[0]["content"] == "hey {'low': -1}" and systems[1]["role"] == "user"


def test_one_that_is_not_there_is_a_warning_and_requests_pass_unchanged(
    tmp_path: Path, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "ccr.hooks"):
        with running(_config(tmp_path, upstream, "plugins/shout.py")) as ccr:
            assert "file-not-found" in [each.code.name for each in ccr.live.current.findings]
            assert ccr.ask(stream=True).text == "It is nothing hidden."
    assert "there is no such file; no opinion, the request passes unchanged" in caplog.records[0].getMessage()


def test_one_without_the_name_is_a_warning(tmp_path: Path, upstream: FakeUpstream) -> None:
    write(tmp_path, "plugins/shout.py", "class Transformer:\n    pass\n")
    with running(_config(tmp_path, upstream, "plugins/shout.py")) as ccr:
        (finding,) = (each for each in ccr.live.current.findings if each.code.number == "CCR116")
        assert "its file has no `transformer`" in finding.message
