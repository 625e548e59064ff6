"""The table in `flow.py`, cell by cell, and what the acceptance page says of fallback, signs of life and leaving."""

import json
from typing import Any

import pytest
from msgspec import structs

from ccr.dialects.builtin.openai_chat import DIALECT as CHAT
from ccr.exchange.record import RESTING
from ccr.exchange.steps import (
    Answered,
    Ask,
    Changed,
    Chunk,
    ClientGone,
    Close,
    Done,
    Open,
    Read,
    Remember,
    Reply,
    SendBody,
    SendHead,
    Step,
    Stopped,
    Wait,
)
from ccr.messages.encode import PING
from ccr.messages.errors import ErrorKind
from ccr.messages.events import BlockDelta, Event
from ccr.messages.request import MessagesRequest
from ccr.routing.effects import DropField, Effect, Rewrite, SetField, Tagged
from ccr.routing.plan import Rewriting
from ccr.routing.settings import Limits
from ccr.transformers.transformer import Transformer
from tests.exchange.play import (
    JSON,
    SOMEWHERE,
    attempt,
    attempts,
    broken,
    chunks,
    context,
    ended,
    exchange,
    head,
    hosts,
    names,
    opened,
    play,
    quiet,
    record,
    refusal,
    request,
    story,
    told,
)
from tests.fake_upstream import anthropic_events, anthropic_message, sse

HELLO = anthropic_events("Hel", "lo")
START, CONTENT = HELLO[0], HELLO[1:]
OVERLOADED = sse({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}})
BROKEN_SIGNATURE = b'{"type":"error","error":{"type":"invalid_request_error","message":"messages.1.content.0: Invalid `signature` in `thinking` block"}}'


def error_of(body: bytes) -> dict[str, str]:
    """The error in a whole body, or in the last event of a stream."""
    if body.startswith(b"{"):
        return json.loads(body)["error"]
    last = body.strip().rsplit(b"\n\n", 1)[-1]
    assert last.startswith(b"event: error\ndata: "), last
    return json.loads(last.split(b"data: ", 1)[1])["error"]


# ---- the table: content ---------------------------------------------------------------------------------------------


def test_content_while_silent_makes_the_head_and_the_body() -> None:
    steps = play(story(attempt()), opened(), *chunks(HELLO), ended())
    assert names(steps)[:4] == ["Open", "Read", "Read", "SendHead"]
    assert head(steps).status == 200
    assert dict(head(steps).headers)["content-type"].startswith("text/event-stream")
    assert told(steps) == b"".join(HELLO).replace(b'"model": "upstream-model"', b'"model":"claude-opus-5[1m]"')
    assert [step.last for step in steps if isinstance(step, SendBody)][-1] is True
    assert (record(steps).outcome, record(steps).usage.output, record(steps).stop_reason) == ("ok", 7, "end_turn")


def test_nothing_is_sent_before_the_first_content_r43() -> None:
    steps = play(story(attempt()), opened(), Chunk(START, 0.2), ClientGone(0.3))
    assert not [step for step in steps if isinstance(step, SendHead | SendBody)]


def test_what_arrives_together_leaves_together() -> None:
    steps = play(story(attempt()), opened(), Chunk(b"".join(HELLO), 0.2), ended())
    assert len([step for step in steps if isinstance(step, SendBody)]) == 1


def test_content_after_an_early_head_is_preceded_by_who_answered() -> None:
    steps = play(story(attempt()), quiet(10.0), opened(at=11.0), *chunks(HELLO, 12.0), ended(12.1))
    comment = b": ccr target=a/model rule=rules/10-routes.ccr:2\n\n"
    assert told(steps).startswith(PING + comment + b"event: message_start")


def test_heads_say_rule_target_snapshot_and_request() -> None:
    said = dict(head(play(story(attempt()), opened(), *chunks(HELLO), ended())).headers)
    assert said["x-ccr-rule"] == "rules/10-routes.ccr:2"
    assert said["x-ccr-target"] == "a/model"
    assert said["x-ccr-snapshot"] == "3f2a"
    assert said["request-id"] == "req_1"


def test_a_relayed_head_keeps_the_rate_limits() -> None:
    limits = ("anthropic-ratelimit-unified-status", "allowed")
    steps = play(story(attempt()), opened(headers=(limits, ("server", "x"))), *chunks(HELLO), ended())
    assert limits in head(steps).headers
    assert "server" not in dict(head(steps).headers)


# ---- the table: quiet -----------------------------------------------------------------------------------------------


def test_quiet_for_ping_after_commits_the_head_once_and_pings_i2() -> None:
    steps = play(
        story(attempt()), quiet(10.0), quiet(20.0), opened(at=21.0), quiet(30.0), *chunks(HELLO, 31.0), ended(31.0)
    )
    assert names(steps)[:5] == ["Open", "SendHead", "SendBody", "Read", "SendBody"]
    assert told(steps).count(PING) == 3


def test_quiet_for_less_waits() -> None:
    steps = play(story(attempt()), quiet(4.0), ClientGone(4.1))
    assert not [step for step in steps if isinstance(step, SendHead)]


def test_patience_is_what_is_left_until_the_next_sign_of_life() -> None:
    steps = play(story(attempt()), opened(at=4.0), Chunk(START, 7.0), ClientGone(8.0))
    patiences = [step.patience for step in steps if isinstance(step, Open | Read)]
    assert patiences == pytest.approx([10.0, 6.0, 3.0])


def test_a_provider_that_only_pings_does_not_keep_the_client_waiting_i2() -> None:
    ping = sse({"type": "ping"})
    steps = play(story(attempt()), opened(), *[Chunk(ping, at) for at in (4.0, 8.0, 12.0)], ClientGone(13.0))
    assert told(steps) == PING


def test_pings_go_on_while_speaking() -> None:
    steps = play(story(attempt()), opened(), *chunks(HELLO[:3]), quiet(10.3), ClientGone(11.0))
    assert told(steps).endswith(PING)


def test_quiet_too_long_is_a_timeout_and_falls_back() -> None:
    hurried = attempt("a", limits=Limits(first_byte=5.0))
    steps = play(story(hurried, attempt("b")), quiet(5.0), opened(at=5.1), *chunks(HELLO, 5.2), ended(5.3))
    assert hosts(steps) == ["a", "b"]
    assert record(steps).attempts[0].outcome == "timeout"


def test_timeout_is_the_time_to_the_first_content_r22() -> None:
    set_timeout = SetField("timeout", 5000, SOMEWHERE)
    steps = play(story(attempt(effects=(set_timeout,))), opened(), Chunk(START, 2.0), quiet(5.0))
    assert head(steps).status == 504


def test_a_stream_that_flows_is_never_cut_s12() -> None:
    pieces = [Chunk(HELLO[2], 0.9 * n) for n in range(1, 2000)]
    steps = play(
        story(attempt(limits=Limits(first_byte=1.0, idle=1.0))),
        opened(),
        *chunks(HELLO[:2], 0.5),
        *pieces,
        *chunks(HELLO[3:], 1800.0),
        ended(1800.0),
    )
    assert record(steps).outcome == "ok"


def test_a_stream_that_stalls_ends_with_an_error_event() -> None:
    steps = play(story(attempt(limits=Limits(idle=8.0))), opened(), *chunks(HELLO[:3]), quiet(8.3))
    assert error_of(told(steps))["type"] == "timeout_error"


# ---- the table: failed ----------------------------------------------------------------------------------------------


def test_failed_while_silent_with_attempts_left_tries_the_next() -> None:
    steps = play(story(attempt("a"), attempt("b")), broken(), opened(), *chunks(HELLO), ended())
    assert hosts(steps) == ["a", "b"]
    assert head(steps).status == 200
    assert dict(head(steps).headers)["x-ccr-target"] == "b/model"


def test_failed_while_committed_with_attempts_left_tries_the_next_i2() -> None:
    steps = play(
        story(attempt("a"), attempt("b")),
        quiet(10.0),
        broken(at=100.0),
        opened(at=100.1),
        *chunks(HELLO, 100.2),
        ended(100.3),
    )
    assert dict(head(steps).headers)["x-ccr-target"] == "a/model"
    assert b": ccr target=b/model" in told(steps)
    assert told(steps).count(b"event: message_start") == 1


def test_failed_while_silent_without_more_answers_with_the_errors_status() -> None:
    steps = play(
        story(attempt()), *refusal(529, b'{"type":"error","error":{"type":"overloaded_error","message":"busy"}}')
    )
    assert head(steps).status == 529
    assert error_of(told(steps)) == {"type": "overloaded_error", "message": "busy (a/model answered 529)"}
    assert record(steps).outcome == "error"


def test_failed_while_committed_without_more_ends_with_an_error_event() -> None:
    steps = play(story(attempt()), quiet(10.0), *refusal(529, at=11.0))
    assert error_of(told(steps))["type"] == "overloaded_error"
    assert b"message_stop" not in told(steps)


def test_failed_while_speaking_ends_with_an_error_event_h4_a5() -> None:
    cut = broken(ErrorKind.TRUNCATED, "upstream closed the connection", at=0.4)
    steps = play(story(attempt("a"), attempt("b")), opened(), *chunks(HELLO[:3]), cut)
    assert hosts(steps) == ["a"]
    assert "upstream closed" in error_of(told(steps))["message"]
    assert b"message_stop" not in told(steps)
    assert record(steps).outcome == "truncated"


def test_an_answer_that_was_complete_survives_a_rude_end_a5d() -> None:
    steps = play(story(attempt()), opened(), *chunks(HELLO[:-1]), broken(ErrorKind.TRUNCATED))
    assert told(steps).endswith(b'{"type":"message_stop"}\n\n')
    assert record(steps).outcome == "ok"


def test_failing_after_message_start_and_pings_falls_back_h4() -> None:
    ping = sse({"type": "ping"})
    steps = play(
        story(attempt("a"), attempt("b")), opened(), *chunks([START, ping]), broken(), opened(), *chunks(HELLO), ended()
    )
    assert told(steps).count(b"event: message_start") == 1
    assert hosts(steps) == ["a", "b"]


def test_an_error_inside_a_200_falls_back_without_a_trace_a6() -> None:
    steps = play(
        story(attempt("a"), attempt("b")), opened(), Chunk(START + OVERLOADED, 0.2), opened(), *chunks(HELLO), ended()
    )
    assert hosts(steps) == ["a", "b"]
    assert b"busy" not in told(steps)


def test_an_error_inside_a_200_alone_is_no_200_a6() -> None:
    steps = play(story(attempt()), opened(), Chunk(OVERLOADED, 0.2))
    assert head(steps).status == 529
    assert error_of(told(steps))["type"] == "overloaded_error"


def test_an_error_inside_a_200_after_content_is_an_event_a6c() -> None:
    steps = play(story(attempt("a"), attempt("b")), opened(), *chunks([*HELLO[:3], OVERLOADED]))
    assert hosts(steps) == ["a"]
    assert error_of(told(steps))["type"] == "overloaded_error"


@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 409, 429, 500, 502, 503, 504, 529])
def test_statuses_that_fall_back_h1(status: int) -> None:
    steps = play(story(attempt("a"), attempt("b")), *refusal(status), opened(), *chunks(HELLO), ended())
    assert hosts(steps) == ["a", "b"]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_statuses_that_do_not_h1(status: int) -> None:
    steps = play(story(attempt("a"), attempt("b")), *refusal(status))
    assert hosts(steps) == ["a"]
    assert head(steps).status == status


def test_the_most_useful_error_is_told_with_the_soonest_retry_h1() -> None:
    limited = (*JSON, ("retry-after", "30"))
    soon = (*JSON, ("retry-after", "7"))
    steps = play(
        story(attempt("a"), attempt("b"), attempt("c")),
        *refusal(429, headers=limited),
        *refusal(500),
        *refusal(429, headers=soon),
    )
    assert head(steps).status == 429
    assert dict(head(steps).headers)["retry-after"] == "7"
    assert "a/model answered 429" in error_of(told(steps))["message"]
    assert "b/model answered 500" in error_of(told(steps))["message"]


def test_a_401_must_not_be_retried_by_the_client() -> None:
    assert ("x-should-retry", "false") in head(play(story(attempt()), *refusal(401))).headers


OVERFLOW = b'{"error":{"message":"prompt is too long: 90000 tokens > 64000 maximum","type":"invalid_request_error"}}'


def test_an_overflow_goes_only_to_a_larger_window_h1_e3() -> None:
    small, smaller, large = attempt("a", context=64_000), attempt("b", context=32_000), attempt("c", context=1_000_000)
    steps = play(story(small, smaller, large), *refusal(400, OVERFLOW), opened(), *chunks(HELLO), ended())
    assert hosts(steps) == ["a", "c"]


def test_an_overflow_without_a_larger_window_is_told_so_that_the_client_compacts() -> None:
    steps = play(story(attempt("a", context=64_000), attempt("b", context=32_000)), *refusal(400, OVERFLOW))
    assert head(steps).status == 400
    assert error_of(told(steps))["message"].startswith("prompt is too long: 90000 tokens > 64000 maximum")


def test_thinking_is_dropped_once_after_a_400_about_signatures_c1() -> None:
    thought = {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "T", "signature": "s" * 200}, {"type": "text", "text": "A"}],
    }
    asked = request(
        messages=[{"role": "user", "content": "hi"}, thought, {"role": "user", "content": "go"}],
        thinking={"type": "enabled", "budget_tokens": 2000},
    )
    steps = play(
        exchange(attempts(attempt()), asked, context()),
        *refusal(400, BROKEN_SIGNATURE),
        opened(),
        *chunks(HELLO),
        ended(),
    )
    sent = [json.loads(step.wire.body) for step in steps if isinstance(step, Open)]
    assert [len(body["messages"][1]["content"]) for body in sent] == [2, 1]
    assert record(steps).outcome == "ok"


def test_a_second_400_about_signatures_is_told_c1b() -> None:
    asked = request(thinking={"type": "enabled", "budget_tokens": 2000})
    steps = play(
        exchange(attempts(attempt()), asked, context()),
        *refusal(400, BROKEN_SIGNATURE),
        *refusal(400, BROKEN_SIGNATURE),
    )
    assert hosts(steps) == ["a", "a"]
    assert head(steps).status == 400


def test_a_529_is_repeated_in_place_as_often_as_a_rule_says_h2() -> None:
    retries = SetField("retries", 2, SOMEWHERE)
    script = [*refusal(529), Done(0.6), *refusal(529), Done(1.6), *refusal(529)]
    steps = play(story(attempt(effects=(retries,))), *script)
    assert hosts(steps) == ["a", "a", "a"]
    assert len([step for step in steps if isinstance(step, Wait)]) == 2
    assert head(steps).status == 529
    assert max(step.value.seconds for step in steps if isinstance(step, Remember) and step.key == RESTING) <= 5.0


def test_a_redirect_is_not_followed() -> None:
    steps = play(story(attempt()), *refusal(302, headers=(("location", "https://elsewhere.example/"),)))
    assert head(steps).status == 502
    assert "https://elsewhere.example/" in error_of(told(steps))["message"]


# ---- the table: ended -----------------------------------------------------------------------------------------------


def test_ended_before_content_is_told_as_it_is() -> None:
    empty = [HELLO[0], *HELLO[-2:]]
    steps = play(story(attempt()), opened(), *chunks(empty), ended())
    assert told(steps).count(b"event: ") == 3
    assert record(steps).outcome == "ok"


def test_ended_without_an_end_is_truncated_a5c() -> None:
    steps = play(story(attempt()), opened(), *chunks(HELLO[:3]), ended())
    assert error_of(told(steps))["type"] == "api_error"
    assert record(steps).outcome == "truncated"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    "body", [b"", b"<html><h1>502 Bad Gateway</h1></html>", b"upstream says no", b"{", b"[]", b"{}", b"\n\n\n"]
)
def test_what_is_no_answer_falls_back_and_alone_is_a_bad_gateway_h6(body: bytes, stream: bool) -> None:
    script = [opened(headers=(("content-type", "text/html"),)), *chunks([body] if body else []), ended()]
    steps = play(story(attempt(), stream=stream), *script)
    assert head(steps).status == 502
    assert error_of(told(steps))["type"] == "api_error"
    steps = play(story(attempt("a"), attempt("b"), stream=stream), *script, opened(), *chunks(HELLO), ended())
    assert head(steps).status == 200


def test_html_is_told_with_its_beginning_h6() -> None:
    script = [
        opened(headers=(("content-type", "text/html"),)),
        *chunks([b"<html>\n<h1>502  Bad Gateway</h1>"]),
        ended(),
    ]
    assert "<html> <h1>502 Bad Gateway</h1>" in error_of(told(play(story(attempt()), *script)))["message"]


def test_a_complete_answer_is_told_before_its_connection_ends() -> None:
    steps = play(story(attempt()), opened(), *chunks(HELLO), quiet(0.5))
    last = next(i for i, step in enumerate(steps) if isinstance(step, SendBody) and step.last)
    assert names(steps)[last + 1 :] == ["Read", "Close", "Record"]


# ---- the table: client gone -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        [ClientGone(0.1)],
        [opened(), ClientGone(0.2)],
        [opened(), Chunk(START, 0.2), ClientGone(0.3)],
        [opened(), *chunks(HELLO[:3]), ClientGone(0.3)],
    ],
    ids=["before the head", "before the first byte", "before content", "while speaking"],
)
def test_a_client_that_leaves_closes_and_is_recorded_i1(script: list) -> None:
    steps = play(story(attempt("a"), attempt("b")), *script)
    assert names(steps)[-2:] == ["Close", "Record"]
    assert hosts(steps) == ["a"]
    assert record(steps).outcome == "client_closed"
    assert not [step for step in steps if isinstance(step, Remember)], "nobody rests for it"


def test_a_client_that_leaves_while_it_is_sent_something_i1() -> None:
    steps = play(story(attempt()), opened(), Chunk(b"".join(HELLO), 0.2), ClientGone(0.2), leaves_at_send=True)
    assert names(steps)[-3:] == ["SendHead", "Close", "Record"]


def test_a_client_that_leaves_in_a_wait_i1e() -> None:
    steps = play(story(attempt(effects=(SetField("retries", 1, SOMEWHERE),))), *refusal(529), ClientGone(0.5))
    assert hosts(steps) == ["a"]
    assert record(steps).outcome == "client_closed"


def test_a_shutdown_is_told() -> None:
    steps = play(story(attempt("a"), attempt("b")), opened(), *chunks(HELLO[:3]), Stopped(0.5))
    assert hosts(steps) == ["a"]
    assert error_of(told(steps))["message"] == "ccr is shutting down"


# ---- clients that do not stream, providers that do not --------------------------------------------------------------


def test_a_client_that_does_not_stream_gets_one_json_of_a_stream() -> None:
    steps = play(story(attempt(), stream=False), opened(), *chunks(HELLO), ended())
    body = json.loads(told(steps))
    assert body["content"] == [{"type": "text", "text": "Hello"}]
    assert body["model"] == "claude-opus-5[1m]"
    assert dict(head(steps).headers)["content-length"] == str(len(told(steps)))


def test_a_client_that_streams_gets_a_stream_of_one_json() -> None:
    whole = json.dumps(anthropic_message("Hello")).encode()
    steps = play(story(attempt()), opened(headers=JSON), *chunks([whole[:9], whole[9:]]), ended())
    assert told(steps).count(b"event: message_stop") == 1
    assert b'"text":"Hello"' in told(steps)
    assert b'"model":"claude-opus-5[1m]"' in told(steps)


def test_json_is_known_by_looking_whatever_its_type_says() -> None:
    whole = json.dumps(anthropic_message("Hello")).encode()
    assert b"Hello" in told(play(story(attempt()), opened(), *chunks([b"\xef\xbb\xbf \n", whole]), ended()))


def test_a_whole_answer_is_relayed_with_all_it_has_j5() -> None:
    whole = json.dumps({**anthropic_message("Hello"), "zzz_2027": [1]}).encode()
    steps = play(story(attempt(), stream=False), opened(headers=JSON), *chunks([whole]), ended())
    assert json.loads(told(steps)) == {**json.loads(whole), "model": "claude-opus-5[1m]"}


def test_a_client_that_does_not_stream_hears_nothing_until_the_end_i2() -> None:
    steps = play(
        story(attempt(), stream=False),
        quiet(600.0),
        opened(headers=JSON, at=900.0),
        *chunks([json.dumps(anthropic_message("x")).encode()], 901.0),
        ended(901.0),
    )
    assert names(steps)[-3:] == ["SendHead", "SendBody", "Record"]
    assert len([step for step in steps if isinstance(step, SendBody)]) == 1


def test_half_an_answer_falls_back_for_a_client_that_does_not_stream() -> None:
    steps = play(
        story(attempt("a"), attempt("b"), stream=False),
        opened(),
        *chunks(HELLO[:3]),
        ended(),
        opened(),
        *chunks(HELLO),
        ended(),
    )
    assert hosts(steps) == ["a", "b"]
    assert json.loads(told(steps))["content"][0]["text"] == "Hello"


# ---- rules about the answer -----------------------------------------------------------------------------------------


def test_rules_set_and_drop_headers_of_the_answer() -> None:
    effects = (
        SetField("response.header.x-mine", "yes", SOMEWHERE),
        DropField("response.header.cache-control", SOMEWHERE),
    )
    said = dict(head(play(story(attempt(effects=effects)), opened(), *chunks(HELLO), ended())).headers)
    assert said["x-mine"] == "yes"
    assert "cache-control" not in said


def test_a_header_of_the_answer_can_tell_of_the_answer_r25() -> None:
    value = "{response.status} after {response.latency}, {{braces}}"
    effects = (
        SetField("response.header.x-told", value, SOMEWHERE),
        SetField("response.header.x-done", "{{a}", SOMEWHERE),
    )
    said = dict(head(play(story(attempt(effects=effects)), opened(), *chunks(HELLO, 1.5), ended(1.6))).headers)
    assert said["x-told"] == "200 after 1.5s, {braces}}"
    assert said["x-done"] == "{{a}"


def test_rules_about_the_answer_ask_their_condition_then() -> None:
    from ccr.lang.ast import Condition

    slow: Condition = object()  # type: ignore[assignment]
    asked: list[tuple[object, dict[str, object]]] = []

    def holds(condition: object, known: object) -> bool:
        asked.append((condition, dict(known)))  # type: ignore[call-overload]
        return True

    effects = (SetField("response.status", 299, SOMEWHERE, condition=slow), Tagged("slow", SOMEWHERE, condition=slow))
    steps = play(story(attempt(effects=effects), holds=holds), opened(), *chunks(HELLO, 1.5), ended(1.6))
    assert head(steps).status == 299
    assert record(steps).tags == ("slow",)
    assert asked[0] == (slow, {"response.status": 200, "response.latency": 1500})
    assert asked[1][1]["response.stop_reason"] == "end_turn"


def test_tags_are_recorded() -> None:
    steps = play(story(attempt(effects=(Tagged("big", SOMEWHERE),))), opened(), *chunks(HELLO), ended())
    assert record(steps).tags == ("big",)


def test_thinking_can_be_dropped_from_the_answer() -> None:
    thinking = [
        sse(
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "thinking", "thinking": "", "signature": ""},
            }
        ),
        sse({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}}),
        sse({"type": "content_block_stop", "index": 0}),
    ]
    text = [piece.replace(b'"index": 0', b'"index": 1') for piece in CONTENT]
    steps = play(
        story(attempt(effects=(DropField("response.thinking", SOMEWHERE),))),
        opened(),
        *chunks([START, *thinking, *text]),
        ended(),
    )
    assert b"hm" not in told(steps)
    assert b'"index":0' in told(steps) and b'"index":1' not in told(steps)


def test_a_mistake_of_ours_is_recorded_and_goes_on_up() -> None:
    class Clumsy:
        name = "clumsy"

        def encode_request(self, request: object, speech: object) -> object:
            raise ValueError("clumsy")

    told_story = story(attempt(dialect=Clumsy()))
    with pytest.raises(ValueError, match="clumsy"):
        play(told_story)


def test_a_story_that_is_left_does_not_complain() -> None:
    left = story(attempt())
    assert isinstance(next(left), Open)
    left.close()


def test_close_comes_before_the_next_attempt() -> None:
    steps = play(story(attempt("a"), attempt("b")), *refusal(500), opened(), *chunks(HELLO), ended())
    first, second = (i for i, step in enumerate(steps) if isinstance(step, Open))
    assert any(isinstance(step, Close) for step in steps[first:second])


def test_what_the_last_target_was_not_told_stands_in_the_record_g1() -> None:
    asked = request(top_k=5, temperature=0.5)
    chat, own = attempt("a", dialect=CHAT, relays=False), attempt("b")
    steps = play(exchange(attempts(chat), asked, context()), *refusal(400))
    assert record(steps).edits == ("top_k left out",)
    steps = play(exchange(attempts(chat, own), asked, context()), *refusal(500), opened(), *chunks(HELLO), ended())
    assert record(steps).edits == ()


# ---- use python -----------------------------------------------------------------------------------------------------

PLACE = "python.use:rules/redact.py:mask"


def _asked(*answers: Changed | None, effects: tuple[Effect, ...] = (), **more: Any) -> tuple[list[Step], list[Ask]]:
    """The steps of a story whose rule is `use python`, with these answers to its questions."""
    target = attempt(effects=(*effects, Rewrite(PLACE.replace(".use", ""), SOMEWHERE)), **more)
    steps = play(story(target), *(Answered(each, 0.05) for each in answers), opened(), *chunks(HELLO), ended())
    return steps, [step for step in steps if isinstance(step, Ask)]


def _sent(steps: list[Step]) -> dict[str, Any]:
    sent = next(step for step in steps if isinstance(step, Open))
    return json.loads(sent.wire.body)  # type: ignore[no-any-return]


def test_what_python_makes_of_a_request_is_what_is_sent() -> None:
    changed = {**request().body, "messages": [{"role": "user", "content": "***"}], "temperature": 0.1}
    steps, asked = _asked(Changed(changed))
    assert names(steps)[:2] == ["Ask", "Open"] and asked[0].question == PLACE
    assert (str(asked[0].target), asked[0].value) == ("a/model", request().body)
    assert _sent(steps)["messages"] == [{"role": "user", "content": "***"}] and _sent(steps)["temperature"] == 0.1
    assert record(steps).outcome == "ok"


def test_python_is_asked_where_its_use_stands_with_what_rules_set_and_dropped() -> None:
    before = (SetField("max_tokens", 9, SOMEWHERE), SetField("system", "be brief", SOMEWHERE))
    _, asked = _asked(None, effects=before)
    assert asked[0].value["max_tokens"] == 9 and asked[0].value["system"] == "be brief"


def test_no_opinion_leaves_the_request_as_it_is() -> None:
    steps, _ = _asked(None)
    assert _sent(steps)["messages"] == request().body["messages"] and told(steps)


def test_python_takes_a_field_away_and_cannot_say_where_a_request_goes_or_how_it_is_answered() -> None:
    made = {key: value for key, value in request().body.items() if key not in ("max_tokens", "stream")}
    steps, _ = _asked(Changed({**made, "model": "another"}))
    sent = _sent(steps)
    assert "max_tokens" not in sent and sent["stream"] is True and sent["model"] == "model"
    assert b'"model":"claude-opus-5[1m]"' in told(steps)


class _Marks:
    """A stage that writes its mark behind each piece of text."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def feed(self, event: Event) -> list[Event]:
        return [structs.replace(event, text=event.text + self._mark) if isinstance(event, BlockDelta) else event]

    def finish(self) -> list[Event]:
        return []


def _marking(name: str) -> Transformer:
    return Transformer(name, "", on_stream=lambda request, arguments: _Marks(f"<{name}>"))


@pytest.mark.parametrize("streams", [True, False])
def test_who_changed_a_request_sees_its_answer_in_the_reverse_order(streams: bool) -> None:
    uses = [Rewrite(name, SOMEWHERE) for name in ("first", "python:a.py:f", "middle", "python:b.py:f", "last")]
    own = tuple(Rewriting(_marking(name), {}) for name in ("first", "middle", "last"))
    body = {**request().body, "stream": streams}
    asked = MessagesRequest(body, json.dumps(body).encode(), ())
    answers = [Answered(Changed(body, _Marks(f"<{name}>")), 0.0) for name in "ab"]
    came = chunks(HELLO) if streams else (Chunk(json.dumps(anthropic_message("Hello")).encode(), 0.2),)
    target = attempt(effects=tuple(uses), rewrites=own, relays=False)
    steps = play(exchange(attempts(target), asked, context()), *answers, opened(), *came, ended())
    assert b"<last><b><middle><a><first>" in told(steps) and record(steps).outcome == "ok"


def test_an_answer_that_somebody_looks_at_is_not_relayed_and_one_that_nobody_does_is() -> None:
    seen, _ = _asked(Changed(request().body, _Marks("!")), relays=True)
    unseen, _ = _asked(Changed(request().body), relays=True)
    assert b"!" in told(seen) and b"!" not in told(unseen)
    assert all(chunk in told(unseen) for chunk in HELLO[1:2])


def test_what_a_rule_gives_along_is_handed_on() -> None:
    use = Rewrite(PLACE.replace(".use", ""), SOMEWHERE, {"level": 3})
    steps = play(story(attempt(effects=(use,))), Answered(None, 0.0), opened(), *chunks(HELLO), ended())
    assert [step.options for step in steps if isinstance(step, Ask)] == [{"level": 3}]


def test_each_target_is_asked_for_anew() -> None:
    effects = (Rewrite(PLACE.replace(".use", ""), SOMEWHERE),)
    first, second = attempt("a", effects=effects), attempt("b", effects=effects)
    script = (Answered(None, 0.0), broken(), Answered(None, 0.2), opened(at=0.3), *chunks(HELLO, at=0.4), ended(0.5))
    steps = play(story(first, second), *script)
    assert [str(step.target) for step in steps if isinstance(step, Ask)] == ["a/model", "b/model"]


@pytest.mark.parametrize(("reply", "outcome"), [(ClientGone(0.1), "client_closed"), (Stopped(0.1), "error")])
def test_an_exchange_that_ends_while_python_is_asked_sends_nothing_to_a_provider(reply: Reply, outcome: str) -> None:
    target = attempt(effects=(Rewrite(PLACE.replace(".use", ""), SOMEWHERE),))
    steps = play(story(target), reply)
    assert not hosts(steps) and record(steps).outcome == outcome


# ---- a server on the person's own machine -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "advised"),
    [
        (ErrorKind.UNREACHABLE, {"starts": "`ollama serve` has to run."}, True),
        (ErrorKind.UNREACHABLE, {"starts": "`ollama serve` has to run.", "proxy": "http://proxy"}, False),
        (ErrorKind.UNREACHABLE, {}, False),
        (ErrorKind.TIMEOUT, {"starts": "`ollama serve` has to run."}, False),
    ],
)
def test_one_that_is_down_is_told_with_how_it_is_started(kind: ErrorKind, more: dict[str, str], advised: bool) -> None:
    target = attempt(url="http://me:pw@127.0.0.1:11434/api", **more)
    steps = play(story(target), broken(kind))
    message = error_of(told(steps))["message"]
    advice = "; nothing listens at http://127.0.0.1:11434/api: `ollama serve` has to run."
    assert (advice in message) is advised and "pw" not in message and message.endswith("(a/model)")
