"""PDF documents for targets that take no files: their text, or an error that names the block (acceptance G4)."""

import json
from typing import Any

import pytest

from ccr.dialects.builtin.anthropic import DIALECT as ANTHROPIC
from ccr.dialects.builtin.gemini import DIALECT as GEMINI
from ccr.dialects.builtin.ollama import DIALECT as OLLAMA
from ccr.dialects.builtin.openai_chat import DIALECT as CHAT
from ccr.dialects.builtin.openai_responses import DIALECT as RESPONSES
from ccr.dialects.dialect import Dialect
from ccr.dialects.profile import Profile
from ccr.exchange.flow import exchange
from ccr.exchange.steps import Answered, Ask, ClientGone, Open, Step, Text, Texts
from ccr.messages.request import MessagesRequest
from tests.exchange.play import attempt, attempts, chunks, context, ended, head, names, opened, play, record, told
from tests.fake_upstream import anthropic_events, openai_events

PDF = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0x"}}
SPEC = {**PDF, "title": "spec.pdf", "source": {**PDF["source"], "data": "JVBERi0y"}}  # type: ignore[dict-item]
CALL = {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "PDF file read"}, SPEC]}
SPOKEN = [
    {"role": "user", "content": [{"type": "text", "text": "look"}, PDF]},
    {"role": "assistant", "content": [CALL]},
    {"role": "user", "content": [RESULT]},
]
TOLD = Answered(Texts((Text("the first", 1), Text("the second", 2))), 0.1)


def _asked(messages: list[dict[str, Any]]) -> MessagesRequest:
    body = {"model": "claude-opus-5", "max_tokens": 100, "stream": True, "messages": messages}
    return MessagesRequest(body, json.dumps(body).encode())


def _play(*script: Any, dialects: tuple[Dialect, ...] = (CHAT,), messages: list[dict[str, Any]] = SPOKEN) -> list[Step]:
    targets = [
        attempt(name, dialect=each, relays=each is ANTHROPIC) for name, each in zip("ab", dialects, strict=False)
    ]
    return play(exchange(attempts(*targets), _asked(messages), context()), *script)


def _sent(steps: list[Step]) -> str:
    return next(step for step in steps if isinstance(step, Open)).wire.body.decode()


@pytest.mark.parametrize("dialect", [CHAT, RESPONSES, OLLAMA], ids=lambda each: each.name)
def test_g4_the_text_stands_where_the_file_stood(dialect: Dialect) -> None:
    before = json.dumps(SPOKEN)
    steps = _play(TOLD, ClientGone(0.2), dialects=(dialect,))
    asked = [step for step in steps if isinstance(step, Ask)]
    assert [(step.question, step.value) for step in asked] == [("pdf.text", ("JVBERi0x", "JVBERi0y"))]
    sent = _sent(steps)
    assert "the first" in sent and "spec.pdf:\\nthe second" in sent and "JVBER" not in sent
    assert "documents as text" in record(steps).edits and json.dumps(SPOKEN) == before


@pytest.mark.parametrize(("dialect", "profile"), [(ANTHROPIC, Profile()), (CHAT, Profile(takes_documents=True)), (RESPONSES, Profile(takes_documents=True)), (GEMINI, Profile(sees_images=True))], ids=lambda each: getattr(each, "name", ""))  # fmt: skip
def test_who_takes_files_gets_them(dialect: Dialect, profile: Profile) -> None:
    assert dialect.takes_files(profile)
    assert ANTHROPIC.takes_files(Profile()) and not OLLAMA.takes_files(profile)
    assert not CHAT.takes_files(Profile(takes_documents=True, string_content=True))


def test_towards_anthropic_nobody_is_asked() -> None:
    steps = _play(opened(), *chunks(anthropic_events("Hello")), ended(), dialects=(ANTHROPIC,))
    assert "Ask" not in names(steps) and "JVBERi0y" in _sent(steps) and not record(steps).edits


def test_pages_without_text_are_said_to_the_model() -> None:
    empty = Answered(Texts((Text("", 3), Text("x", 1))), 0.1)
    steps = _play(empty, opened(), *chunks(openai_events("Hello")), ended())
    assert "[3 pages without text: this model cannot see them]" in _sent(steps)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Texts((Text("x", 1), Text(wrong="it is locked"))), "messages.2.content.0.content.1: a document (spec.pdf) which this model does not take as a file, and it is locked"),
        (Texts((Text(wrong="no reader"), Text("x", 1))), "messages.0.content.1: a document which this model does not take as a file, and no reader"),
        (None, "messages.0.content.1: a document which this model does not take as a file, and nobody here reads it"),
    ],
)  # fmt: skip
def test_g4_a_text_that_cannot_be_had_is_a_400_that_names_the_block(answer: Texts | None, words: str) -> None:
    steps = _play(Answered(answer, 0.1))
    assert head(steps).status == 400 and "Open" not in names(steps)
    assert json.loads(told(steps))["error"] == {"type": "invalid_request_error", "message": f"{words} (a/model)"}


def test_another_target_that_takes_files_is_asked_then() -> None:
    locked = Answered(Texts((Text(wrong="it is locked"), Text("x", 1))), 0.1)
    steps = _play(locked, opened(), *chunks(anthropic_events("Hello")), ended(), dialects=(CHAT, ANTHROPIC))
    assert b"Hello" in told(steps) and "JVBERi0x" in _sent(steps) and record(steps).outcome == "ok"


@pytest.mark.parametrize("source", [{"type": "text", "data": "t"}, {"type": "url", "url": "https://x"}, None, "odd"])
def test_what_is_no_file_is_left_to_the_dialect(source: Any) -> None:
    messages = [{"role": "user", "content": [{"type": "document", "source": source}]}]
    steps = _play(opened(), *chunks(openai_events("Hello")), ended(), messages=messages)
    assert "Ask" not in names(steps)
