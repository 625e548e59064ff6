"""The driver over real sockets: answers of every shape, breaks at every place, clients that leave at every stage."""

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from ccr.exchange.steps import Ask, Changed
from ccr.messages.encode import PING
from ccr.routing.effects import Rewrite
from ccr.routing.plan import Attempt
from ccr.routing.settings import Limits
from ccr.upstream.client import Client
from tests.exchange.play import SOMEWHERE, attempt, request
from tests.fake_upstream import (
    Cut,
    FakeUpstream,
    Pause,
    Reset,
    Script,
    Silence,
    anthropic_events,
    anthropic_message,
    free_port,
    stream,
    whole,
)
from tests.upstream.side import Run

HELLO = anthropic_events("Hel", "lo")
HURRY = Limits(connect=0.5, first_byte=0.3, idle=0.3, whole=0.3)


def to(upstream: FakeUpstream, name: str = "a", **more: Any) -> Attempt:
    return attempt(name, url=upstream.url, **more)


def run(test: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        client = Client()
        try:
            async with asyncio.timeout(20):
                await test(client)
        finally:
            await client.close()

    asyncio.run(bounded())


def answered(*scripts: Script, stream: bool = True, **more: Any) -> Run:
    """One exchange with a provider that plays these scripts."""
    runs: list[Run] = []

    async def test(client: Client) -> None:
        async with FakeUpstream(*scripts) as upstream:
            runs.append(await Run(client, to(upstream, **more), asked=request(stream)).end())

    run(test)
    return runs[0]


def error_of(body: bytes) -> dict[str, str]:
    last = body.strip().rsplit(b"data: ", 1)[-1]
    error: dict[str, str] = json.loads(last)["error"]
    return error


# ---- answers --------------------------------------------------------------------------------------------------------


def test_a_stream_arrives_as_it_came() -> None:
    done = answered(stream(*HELLO))
    assert done.side.status == 200
    assert done.side.body.count(b"event: ") == len(HELLO)
    assert done.side.ended and done.outcome == "ok"


def test_a_slow_drip_arrives_piece_by_piece() -> None:
    bytes_of = b"".join(HELLO)
    done = answered(
        stream(*[piece for at in range(0, len(bytes_of), 40) for piece in (bytes_of[at : at + 40], Pause(0.001))])
    )
    assert done.side.body.endswith(HELLO[-1])
    assert len(done.side.pieces) >= 4


def test_a_client_that_does_not_stream_gets_json() -> None:
    done = answered(whole(anthropic_message("Hello")), stream=False)
    assert json.loads(done.side.body)["content"][0]["text"] == "Hello"
    assert done.side.headers["content-type"] == "application/json"


def test_what_is_sent_is_the_request_with_the_key_and_the_model_of_the_target() -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO)) as upstream:
            await Run(client, to(upstream)).end()
            received = upstream.requests[0]
            assert received.path == "/v1/messages"
            assert received.headers["x-api-key"] == "key-of-a"
            assert received.headers["accept-encoding"] == "identity"
            assert received.json["model"] == "model"

    run(test)


def test_connections_are_used_again() -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO)) as upstream:
            for _ in range(5):
                await Run(client, to(upstream)).end()
            assert (len(upstream.requests), upstream.connections) == (5, 1)

    run(test)


# ---- breaks ---------------------------------------------------------------------------------------------------------


def test_refused_is_a_502_that_names_the_target_h1() -> None:
    async def test(client: Client) -> None:
        port = free_port()
        done = await Run(client, attempt(url=f"http://127.0.0.1:{port}")).end()
        assert done.side.status == 502
        said = error_of(done.side.body)["message"]
        assert said == f"no connection: nothing listens at 127.0.0.1:{port} (a/model)"
        assert done.memory.records[0].attempts[0].outcome == "unreachable"

    run(test)


def test_a_name_that_does_not_resolve_is_a_502_h1() -> None:
    async def test(client: Client) -> None:
        done = await Run(client, attempt(url="http://nowhere.invalid")).end(15)
        assert done.side.status == 502
        assert "nowhere.invalid:80 cannot be reached" in error_of(done.side.body)["message"]
        assert done.memory.records[0].attempts[0].outcome == "unreachable"

    run(test)


def test_no_tls_is_a_502_h1() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 this is not TLS\r\n\r\n")
        writer.close()

    async def test(client: Client) -> None:
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        done = await Run(client, attempt(url=f"https://127.0.0.1:{port}")).end()
        server.close()
        assert (done.side.status, done.memory.records[0].attempts[0].outcome) == (502, "unreachable")

    run(test)


def test_a_handshake_that_hangs_is_a_502_within_the_connect_limit_h1() -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO)) as upstream:
            hangs = attempt(url=upstream.url.replace("http:", "https:"), limits=Limits(connect=0.2))
            done = await Run(client, hangs).end()
            assert done.memory.records[0].attempts[0].outcome == "unreachable"
            await upstream.until_open(0)

    run(test)


@pytest.mark.parametrize("stream_it", [True, False])
def test_silence_is_a_504_h1(stream_it: bool) -> None:
    done = answered(stream(Silence(), head_after=1), stream=stream_it, limits=HURRY)
    assert done.side.status == 504
    assert error_of(done.side.body)["type"] == "timeout_error"


def test_silence_after_the_head_is_a_504() -> None:
    assert answered(stream(HELLO[0], Silence()), limits=HURRY).side.status == 504


@pytest.mark.parametrize("break_", [Cut(), Reset()], ids=["cut", "reset"])
@pytest.mark.parametrize(
    ("before", "headless", "status", "outcome"),
    [
        ((), True, 502, "error"),
        ((), False, 502, "error"),
        (HELLO[:1], False, 502, "error"),
        (HELLO[:3], False, 200, "truncated"),
    ],
    ids=["before the head", "after the head", "before content", "after content"],
)
def test_a_break_a5(break_: Any, before: tuple[bytes, ...], headless: bool, status: int, outcome: str) -> None:
    actions = (*before, break_) if isinstance(break_, Cut) else (*before, Pause(0.02), break_)
    done = answered(stream(*actions, head_after=len(actions) if headless else 0))
    assert (done.side.status, done.outcome) == (status, outcome)
    message = error_of(done.side.body)["message"]
    assert "upstream closed" in message and "Error:" not in message and "TransferEncoding" not in message
    assert b"message_stop" not in done.side.body
    assert done.side.ended


@pytest.mark.parametrize("framing", ["chunked", "close"])
def test_half_a_stream_with_a_proper_end_is_truncated_a5c(framing: str) -> None:
    done = answered(stream(*HELLO[:3], framing=framing))
    assert done.outcome == "truncated"
    assert error_of(done.side.body)["type"] == "api_error"


def test_a_stream_that_stalls_ends_with_an_error_event() -> None:
    done = answered(stream(*HELLO[:3], Silence()), limits=HURRY)
    assert error_of(done.side.body)["type"] == "timeout_error"


@pytest.mark.parametrize("stream_it", [True, False])
@pytest.mark.parametrize(
    "script",
    [
        whole(b"<html>502</html>", headers=(("content-type", "text/html"),)),
        whole(b""),
        whole(b"", status=502),
        whole(b"{"),
        whole(b"half", declared=1000),
        stream(),
        whole(b'{"error":{"message":"no such thing"}}', status=200),
    ],
    ids=["html", "empty", "empty 502", "half json", "wrong length", "no events", "an error in a 200"],
)
def test_what_is_no_answer_is_an_error_and_falls_back_h6(script: Script, stream_it: bool) -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(script) as bad, FakeUpstream(stream(*HELLO)) as good:
            cut = script if script.declared is None else script._replace(actions=(*script.actions, Cut()))
            bad.scripts = [cut]
            alone = await Run(client, to(bad), asked=request(stream_it)).end()
            assert alone.side.status is not None and alone.side.status >= 400
            assert json.loads(alone.side.body)["type"] == "error"
            both = await Run(client, to(bad), to(good, "b"), asked=request(stream_it)).end()
            assert (both.side.status, both.outcome) == (200, "ok")

    run(test)


def test_an_answer_longer_than_its_length_is_complete_all_the_same() -> None:
    body = json.dumps(anthropic_message("Hello")).encode()
    done = answered(whole(body, declared=len(body) + 50)._replace(actions=(body, Cut())), stream=False)
    assert done.outcome == "ok"


def test_a_refusal_that_comes_while_the_request_is_still_sent() -> None:
    """A server may refuse a large body at its head (413) without reading it."""

    over: list[asyncio.Event] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 X\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        await writer.drain()
        await asyncio.sleep(0.1)
        writer.close()
        over[0].set()

    async def test(client: Client) -> None:
        over.append(asyncio.Event())
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        large = request(system="x" * 8_000_000)
        done = await Run(client, attempt(url=url), asked=large).end()
        await over[0].wait()
        server.close()
        assert done.side.status == 413

    run(test)


# ---- fallback -------------------------------------------------------------------------------------------------------


def test_the_next_target_gets_its_own_key_and_address_h1() -> None:
    async def test(client: Client) -> None:
        async with (
            FakeUpstream(whole({"error": {"message": "busy"}}, status=529)) as a,
            FakeUpstream(stream(*HELLO)) as b,
        ):
            done = await Run(client, to(a, "a"), to(b, "b")).end()
            assert done.outcome == "ok"
            assert b.requests[0].headers["x-api-key"] == "key-of-b"
            assert done.side.headers["x-ccr-target"] == "b/model"
            assert [each.outcome for each in done.memory.records[0].attempts] == ["overloaded", "ok"]

    run(test)


def test_no_request_to_the_next_after_content_h4() -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO[:3], Pause(0.02), Cut())) as a, FakeUpstream(stream(*HELLO)) as b:
            done = await Run(client, to(a, "a"), to(b, "b")).end()
            assert done.outcome == "truncated"
            assert not b.requests

    run(test)


def test_a_silent_provider_that_fails_late_still_falls_back_i2() -> None:
    async def test(client: Client) -> None:
        silent = stream(Pause(0.35), Reset(), head_after=2)
        async with FakeUpstream(silent) as a, FakeUpstream(stream(*HELLO)) as b:
            done = await Run(client, to(a, "a"), to(b, "b"), limits=Limits(ping_after=0.1)).end()
            assert done.outcome == "ok"
            assert done.side.body.count(PING) == 3
            assert done.side.body.count(b"event: message_start") == 1
            assert b": ccr target=b/model rule=" in done.side.body

    run(test)


def test_a_sign_of_life_comes_as_often_as_promised_i2() -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(Pause(0.3), *HELLO[:3], Pause(0.3), *HELLO[3:], head_after=1)) as upstream:
            done = await Run(client, to(upstream), limits=Limits(ping_after=0.08)).end()
            times = [at for at, _ in done.side.pieces]
            assert max(later - sooner for sooner, later in pairwise(times)) < 0.2
            assert done.outcome == "ok"

    run(test)


# ---- clients that leave ---------------------------------------------------------------------------------------------

STAGES: dict[str, tuple[Script, bool]] = {
    "b before the head": (stream(Silence(), head_after=1), True),
    "c before the first byte": (stream(Silence()), True),
    "c before content": (stream(HELLO[0], Silence()), True),
    "d in the middle": (stream(*HELLO[:3], Silence()), True),
    "f not streaming": (whole(b"{", declared=99)._replace(actions=(b"{", Silence())), False),
    "f not streaming, before the head": (stream(Silence(), head_after=1), False),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_client_that_leaves_closes_the_provider_at_once_i1(stage: str) -> None:
    async def test(client: Client) -> None:
        script, stream_it = STAGES[stage]
        async with FakeUpstream(script) as upstream, FakeUpstream(stream(*HELLO)) as other:
            run_ = Run(client, to(upstream, "a"), to(other, "b"), asked=request(stream_it))
            await upstream.until_requests(1)
            await asyncio.sleep(0.03)
            run_.side.leave()
            await run_.end(1.0)
            await upstream.until_open(0, within=1.0)
            assert run_.outcome == "client_closed"
            assert not other.requests and not run_.memory.remembered
            assert (await Run(client, to(other, "b")).end()).outcome == "ok"

    run(test)


def test_a_client_that_leaves_while_the_connection_is_made_i1a() -> None:
    """A listener whose queue is full answers no SYN: the request waits for its connection."""

    async def test(client: Client) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            port = listener.getsockname()[1]
            fillers = [socket.socket() for _ in range(4)]
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
            run_ = Run(client, attempt(url=f"http://127.0.0.1:{port}"))
            await asyncio.sleep(0.05)
            run_.side.leave()
            await run_.end(1.0)
            assert run_.outcome == "client_closed"
            for filler in fillers:
                filler.close()

    run(test)


def test_a_client_that_leaves_in_a_retry_sleep_i1e() -> None:
    from ccr.routing.effects import SetField
    from tests.exchange.play import SOMEWHERE

    async def test(client: Client) -> None:
        limited = whole({"error": {"message": "busy"}}, status=529, headers=(("retry-after", "7"),))
        async with FakeUpstream(limited) as upstream:
            run_ = Run(client, to(upstream, effects=(SetField("retries", 3, SOMEWHERE),)))
            await upstream.until_requests(1)
            await asyncio.sleep(0.05)
            run_.side.leave()
            await run_.end(1.0)
            assert len(upstream.requests) == 1
            assert run_.outcome == "client_closed"

    run(test)


def test_a_client_that_has_left_before_it_began_costs_nothing_i1() -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO)) as upstream:
            run_ = Run(client, to(upstream))
            run_.side.leave()
            await run_.end(1.0)
            assert not upstream.requests
            assert run_.outcome == "client_closed"

    run(test)


def test_sockets_are_back_at_the_start_after_many_leave_i1() -> None:
    async def test(client: Client) -> None:
        scripts = [script for script, _ in STAGES.values()]
        async with FakeUpstream(
            *scripts, choose=lambda received: scripts[len(received.body) % len(scripts)]
        ) as upstream:
            for round_ in range(50):
                runs = [Run(client, to(upstream), asked=request(metadata={"n": "x" * n})) for n in range(20)]
                await upstream.until_requests(20 * (round_ + 1))
                for run_ in runs:
                    run_.side.leave()
                await asyncio.gather(*(run_.end(2.0) for run_ in runs))
                await upstream.until_open(0, within=2.0)

    run(test)


def test_a_client_that_fails_to_take_what_it_is_sent_has_left() -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO, Silence())) as upstream:
            run_ = Run(client, to(upstream))

            async def refuse(data: bytes, last: bool) -> None:
                raise ConnectionResetError

            run_.side.send_body = refuse  # type: ignore[method-assign]
            await run_.end(1.0)
            assert run_.outcome == "client_closed"

    run(test)


def test_a_client_that_does_not_read_can_still_leave_i1() -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO, Silence())) as upstream:
            run_ = Run(client, to(upstream))

            async def stall(data: bytes, last: bool) -> None:
                await asyncio.sleep(60)

            run_.side.send_body = stall  # type: ignore[method-assign]
            await upstream.until_requests(1)
            await asyncio.sleep(0.05)
            run_.side.leave()
            await run_.end(1.0)
            await upstream.until_open(0)
            assert run_.outcome == "client_closed"

    run(test)


# ---- what others are asked ------------------------------------------------------------------------------------------

USE = (Rewrite("python:mine.py:mask", SOMEWHERE),)


def test_what_others_make_of_a_request_is_sent() -> None:
    async def mask(asked: Ask) -> Any:
        await asyncio.sleep(0.01)
        return Changed({**asked.value, "system": asked.question})

    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO)) as upstream:
            assert (await Run(client, to(upstream, effects=USE), answer=mask).end()).outcome == "ok"
            assert upstream.requests[0].json["system"] == "python.use:mine.py:mask"
            assert (await Run(client, to(upstream, effects=USE)).end()).outcome == "ok"
            assert "system" not in upstream.requests[1].json

    run(test)


@pytest.mark.parametrize("leaves", [True, False])
def test_who_leaves_or_shuts_down_while_others_are_asked_ends_the_waiting(leaves: bool) -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO)) as upstream:
            begun, ended = asyncio.Event(), asyncio.Event()

            async def never(asked: Ask) -> Any:
                begun.set()
                try:
                    await asyncio.sleep(60)
                finally:
                    ended.set()

            run_ = Run(client, to(upstream, effects=USE), answer=never)
            await begun.wait()
            if leaves:
                run_.side.leave()
                assert (await run_.end(1.0)).outcome == "client_closed"
            else:
                run_.task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await run_.end(1.0)
                assert run_.side.status == 529 and run_.side.ended
            assert ended.is_set() and not upstream.requests

    run(test)


def test_a_mistake_of_who_is_asked_is_one_of_ours() -> None:
    async def clumsy(asked: Ask) -> Any:
        raise ValueError("SECRET text of a person")

    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO)) as upstream:
            done = await Run(client, to(upstream, effects=USE), answer=clumsy).end()
            assert done.side.status == 500 and "SECRET" not in done.side.body.decode() and not upstream.requests

    run(test)


# ---- shutdown, and mistakes of ours ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "status"), [(stream(*HELLO[:3], Silence()), 200), (stream(Silence(), head_after=1), 529)]
)
def test_a_shutdown_is_told_and_closes(script: Script, status: int) -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(script) as upstream:
            run_ = Run(client, to(upstream))
            await upstream.until_requests(1)
            await asyncio.sleep(0.05)
            run_.task.cancel()
            run_.side.gone.cancel()  # a server that stops cancels whoever listens, too
            with pytest.raises(asyncio.CancelledError):
                await run_.end(1.0)
            await upstream.until_open(0)
            assert run_.side.status == status and run_.side.ended
            assert error_of(run_.side.body)["message"] == "ccr is shutting down"
            assert len(run_.memory.records) == 1

    run(test)


class _Clumsy:
    name = "clumsy"

    def encode_request(self, request: object, speech: object) -> Any:
        raise ValueError("SECRET text of a person")


def test_a_mistake_of_ours_is_a_500_and_the_next_request_works(caplog: pytest.LogCaptureFixture) -> None:
    async def test(client: Client) -> None:
        async with FakeUpstream(stream(*HELLO)) as upstream:
            done = await Run(client, attempt(dialect=_Clumsy())).end()  # type: ignore[arg-type]
            assert done.side.status == 500
            assert "req_1" in error_of(done.side.body)["message"]
            assert "SECRET" not in done.side.body.decode()
            assert len(done.memory.records) == 1
            assert (await Run(client, to(upstream)).end()).outcome == "ok"

    run(test)
    assert "req_1" in caplog.text
