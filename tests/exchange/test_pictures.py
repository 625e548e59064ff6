"""Pictures in words: in their places, for everybody but who described them, and never a guess about one nobody saw."""

import json
from typing import Any

import pytest
from msgspec import structs

from ccr.diagnostics.source import SourceFile, Span
from ccr.dialects.builtin.anthropic import DIALECT as ANTHROPIC
from ccr.dialects.builtin.openai_chat import DIALECT as CHAT
from ccr.exchange.flow import exchange
from ccr.exchange.steps import Answered, Ask, ClientGone, Open, Step, Text, Texts
from ccr.messages.request import MessagesRequest
from ccr.routing.effects import DESCRIBES, Rewrite
from ccr.transformers.builtin.describe_images import TRANSFORMER
from tests.exchange.play import attempt, attempts, context, names, play, record, told

WANTED = Rewrite(DESCRIBES, Span(SourceFile("a.ccr", ""), 0, 0), {"by": "lab/eyes"})
OLD = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "b2xk"}}
NEW = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "bmV3"}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "read"}, NEW]}
SPOKEN = [
    {"role": "user", "content": [{"type": "text", "text": "look"}, {**OLD, "cache_control": {"type": "ephemeral"}}]},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {}}]},
    {"role": "user", "content": [RESULT]},
]


def _play(*script: Any, name: str = "a", dialect: Any = CHAT, messages: list[dict[str, Any]] = SPOKEN) -> list[Step]:
    target = structs.replace(attempt(name, dialect=dialect), effects=(WANTED,))
    body = {"model": "claude-opus-5", "max_tokens": 100, "stream": True, "messages": messages}
    request = MessagesRequest(body, json.dumps(body).encode())
    return play(exchange(attempts(target), request, context()), *script)


def _sent(steps: list[Step]) -> str:
    return next(step for step in steps if isinstance(step, Open)).wire.body.decode()


@pytest.mark.parametrize("dialect", [CHAT, ANTHROPIC], ids=lambda each: each.name)
def test_words_stand_where_the_pictures_stood(dialect: Any) -> None:
    before = json.dumps(SPOKEN)
    steps = _play(Answered(Texts((Text("a red cat"), Text("a login form"))), 0.1), ClientGone(0.2), dialect=dialect)
    asked = next(step for step in steps if isinstance(step, Ask))
    assert (asked.question, asked.options) == ("picture.text", {"by": "lab/eyes"})
    assert [each["source"] for each in asked.value] == [OLD["source"], NEW["source"]]
    sent = _sent(steps)
    assert "described:\\na red cat" in sent and "described:\\na login form" in sent
    assert "b2xk" not in sent and "bmV3" not in sent and "look" in sent and json.dumps(SPOKEN) == before
    assert "pictures in words" in record(steps).edits


def test_one_of_the_last_message_that_nobody_described_is_an_error() -> None:
    steps = _play(Answered(Texts((Text("a red cat"), Text(wrong="it is busy"))), 0.1))
    assert "Open" not in names(steps)
    assert "lab/eyes was to describe a picture: it is busy" in str(told(steps))


def test_an_earlier_one_is_told_as_not_described() -> None:
    steps = _play(Answered(Texts((Text(wrong="it is busy"), Text("a login form"))), 0.1), ClientGone(0.2))
    assert "could not be described: it is busy" in _sent(steps)


@pytest.mark.parametrize("answer", [Answered(None, 0.1), Answered(Texts(()), 0.1)])
def test_nobody_who_answers_is_no_answer(answer: Answered) -> None:
    assert "nobody here describes it" in str(told(_play(answer)))


def test_without_a_picture_nobody_is_asked() -> None:
    assert "Ask" not in names(_play(ClientGone(0.2), messages=[{"role": "user", "content": "hello"}]))


def test_the_transformer_goes_by_the_name_that_is_looked_for() -> None:
    assert TRANSFORMER.name == DESCRIBES
