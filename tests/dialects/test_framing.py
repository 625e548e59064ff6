"""Frames of JSON lines and of Amazon's event stream: the same ones however the bytes are cut, and never an exception."""

import binascii
import json
import struct
from base64 import b64encode
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.dialects.event_stream import EventStreamDecoder
from ccr.dialects.framing import FRAMINGS, Frames, LineDecoder, framing_of
from ccr.dialects.profile import Profile
from ccr.messages.sse import Frame, SseDecoder


def decode(make: Callable[[], Frames], pieces: list[bytes]) -> list[Frame]:
    decoder = make()
    frames = [frame for piece in pieces for frame in decoder.feed(piece)]
    return [*frames, *decoder.finish()]


def said(frames: list[Frame]) -> list[tuple[str, bytes, bool]]:
    return [(frame.event, frame.data, frame.complete) for frame in frames]


def every_cut(make: Callable[[], Frames], stream: bytes, expected: list[tuple[str, bytes, bool]]) -> None:
    assert said(decode(make, [stream])) == expected
    assert said(decode(make, [stream[i : i + 1] for i in range(len(stream))])) == expected
    for cut in range(len(stream) + 1):
        assert said(decode(make, [stream[:cut], stream[cut:]])) == expected, cut


# ---- a value on each line -------------------------------------------------------------------------------------------


def test_lines_however_they_are_cut():
    lines = '{"a":"é\\n"}\n\n  \r\n{"b":\r2}\r\n{"c":"\u2028"}\n{"d":4}'.encode()
    values = ['{"a":"é\\n"}', '{"b":\r2}', '{"c":"\u2028"}']
    every_cut(LineDecoder, lines, [*(("", each.encode(), True) for each in values), ("", b'{"d":4}', False)])


def test_nothing_is_lost_on_the_way_through():
    stream = b'{"a":1}\r\n{"b":2}\n{"c"'
    assert b"".join(frame.raw for frame in decode(LineDecoder, [stream])) == stream


# ---- Amazon's event stream ------------------------------------------------------------------------------------------


def text_header(name: str, value: str) -> bytes:
    return bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value.encode())) + value.encode()


def message(headers: bytes, payload: bytes) -> bytes:
    """One message after the published layout."""
    start = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    body = start + struct.pack(">I", binascii.crc32(start)) + headers + payload
    return body + struct.pack(">I", binascii.crc32(body))


def chunk(event: object) -> bytes:
    headers = text_header(":event-type", "chunk") + text_header(":content-type", "application/json")
    payload = {"bytes": b64encode(json.dumps(event).encode()).decode(), "p": "abcdef"}
    return message(headers + text_header(":message-type", "event"), json.dumps(payload).encode())


def exception(kind: str, words: str) -> bytes:
    headers = text_header(":exception-type", kind) + text_header(":message-type", "exception")
    return message(headers, json.dumps({"message": words}).encode())


PING, STOP = {"type": "ping"}, {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 3}}


def test_events_however_they_are_cut():
    stream = chunk(PING) + chunk(STOP)
    expected = [("ping", json.dumps(PING).encode(), True), ("message_stop", json.dumps(STOP).encode(), True)]
    every_cut(EventStreamDecoder, stream, expected)
    raw = b"".join(frame.raw for frame in decode(EventStreamDecoder, [stream]))
    assert said(SseDecoder().feed(raw)) == expected


def test_headers_of_every_type_are_read_past():
    odd = b"".join(
        bytes([1]) + b"h" + value
        for value in (
            b"\x00", b"\x01", b"\x02x", b"\x03xx", b"\x04xxxx", b"\x05xxxxxxxx", b"\x06\x00\x03abc",
            b"\x08xxxxxxxx", b"\x09xxxxxxxxxxxxxxxx",
        )
    )  # fmt: skip
    payload = json.dumps({"bytes": b64encode(b'{"type":"ping"}').decode()}).encode()
    stream = message(odd + text_header(":message-type", "event"), payload)
    assert said(decode(EventStreamDecoder, [stream])) == [("ping", b'{"type":"ping"}', True)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("throttlingException", "rate_limit_error"), ("serviceUnavailableException", "overloaded_error"), ("zzz", "api_error")],
)  # fmt: skip
def test_an_exception_is_an_error_event(kind: str, expected: str):
    frames = decode(EventStreamDecoder, [chunk(PING) + exception(kind, "no more")])
    assert json.loads(frames[-1].data)["error"] == {"type": expected, "message": "no more"}
    assert frames[-1].event == "error" and len(frames) == 2


def test_an_error_without_an_event_is_one_too():
    headers = text_header(":message-type", "error") + text_header(":error-code", "internalServerException")
    [frame] = decode(EventStreamDecoder, [message(headers + text_header(":error-message", "broken"), b"")])
    assert json.loads(frame.data)["error"] == {"type": "api_error", "message": "broken"}


def test_events_without_a_chunk_say_nothing():
    assert decode(EventStreamDecoder, [message(text_header(":message-type", "event"), b'{"new":1}')]) == []
    assert decode(EventStreamDecoder, [message(b"", b"")]) == []


def test_damage_ends_the_stream_with_an_error():
    good = chunk(PING)
    for at in range(len(good)):
        broken = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        frames = decode(EventStreamDecoder, [broken + good])
        assert [frame.event for frame in frames] == ["error"], at
        assert "damaged" in json.loads(frames[0].data)["error"]["message"]


def test_half_a_message_is_no_frame():
    assert decode(EventStreamDecoder, [chunk(PING)[:-1]]) == []


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([chunk(PING), b"\0\0\0\x10", b"\n", b'{"a":1}'])), max_size=6))  # fmt: skip
def test_garbage_is_never_an_exception(pieces: list[bytes]):
    for framing in FRAMINGS.values():
        once = said(decode(partial(framing.decoder, None), [b"".join(pieces)]))
        assert said(decode(partial(framing.decoder, None), pieces)) == once


# ---- whose framing ---------------------------------------------------------------------------------------------------


def test_an_endpoint_comes_before_a_dialect_and_that_before_the_usual():
    class Lines:
        framing = "ndjson"

    assert framing_of(object(), Profile()) is FRAMINGS["sse"]
    assert framing_of(Lines(), Profile()) is FRAMINGS["ndjson"]
    assert framing_of(Lines(), Profile(framing="aws_event_stream")) is FRAMINGS["aws_event_stream"]
