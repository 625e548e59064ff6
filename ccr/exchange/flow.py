"""The life of one request after its plan is known: a generator of steps that is sent replies.

    | reply                         | SILENT                  | COMMITTED          | SPEAKING           |
    |-------------------------------|-------------------------|--------------------|--------------------|
    | content                       | head, body: SPEAKING    | body: SPEAKING     | body               |
    | quiet for `ping_after`        | head, ping: COMMITTED   | ping               | ping               |
    | failed or quiet for too long  | next attempt, else      | next attempt, else | error event, end   |
    |                               | the error with status   | error event, end   |                    |
    | ended                         | the rest, end           | the rest, end      | the rest, end      |
    | client gone                   | close, record           | close, record      | close, record      |

A client that does not stream is told nothing before its answer is whole, so for it every failure is one of SILENT.
"""

from collections.abc import Generator, Mapping
from enum import Enum, auto
from typing import assert_never

from msgspec import structs

from ccr.dialects.dialect import Explaining, Speech
from ccr.dialects.wire import WireAnswer
from ccr.exchange import documents, pictures
from ccr.exchange.context import Context
from ccr.exchange.failure import CONSEQUENCES, Failure, rest_of
from ccr.exchange.fallback import Again, GiveUp, Next, Position, Repeat, after, most_useful
from ccr.exchange.history import thinks
from ccr.exchange.ledger import Ledger
from ccr.exchange.pipeline import Pipeline, relayed_by
from ccr.exchange.recite import recite
from ccr.exchange.record import RESTING, Resting
from ccr.exchange.shape import last_set, limits_of, shape, shape_wire
from ccr.exchange.steps import (
    Chunk,
    ClientGone,
    Close,
    Done,
    Ended,
    Failed,
    Open,
    Opened,
    Quiet,
    Read,
    ReadAll,
    Record,
    Remember,
    Reply,
    SendBody,
    SendHead,
    Step,
    Stopped,
    Wait,
    Whole,
)
from ccr.exchange.telling import (
    EVENT_STREAM,
    JSON,
    answer_head,
    error_head,
    identity,
    late_identity,
    passed_on,
    worded,
)
from ccr.exchange.translation import NOTHING, Output
from ccr.facts.kinds import SIDE_KINDS
from ccr.lang.values import Value
from ccr.messages.encode import PING
from ccr.messages.errors import ApiError, ErrorKind, envelope
from ccr.messages.request import Headers, MessagesRequest
from ccr.messages.sse import encode_frame
from ccr.routing.plan import Attempt, Attempts, Plan, Recital

Story = Generator[Step, Reply, None]
_ERROR_BYTES = 2**20
_ERROR_PATIENCE = 5.0
_LATE_END = 0.25
"""Seconds a complete answer's connection is given to end, so that it can be used again."""
_LEAST = 0.005
_IN_WORDS = ((pictures.in_sight, pictures.SAID), (documents.in_words, documents.SAID))
"""What a target is told in words where it cannot be shown it, or where rules want that."""


def exchange(plan: Plan, request: MessagesRequest, context: Context) -> Story:
    """Plays the plan. Ends with a Record whatever happens."""
    match plan:
        case Recital():
            return recite(plan, request, context)
        case Attempts():
            return _Exchange(plan, request, context).play()
        case _:
            assert_never(plan)


class _State(Enum):
    SILENT = auto()
    COMMITTED = auto()
    SPEAKING = auto()


class _Gone(Exception):
    """The client has left."""


class _Stop(Exception):
    """The proxy is shutting down."""


class _Exchange:
    def __init__(self, plan: Attempts, request: MessagesRequest, context: Context) -> None:
        self.plan, self.request, self.context = plan, request, context
        self.state = _State.SILENT
        self.now = self.told = self.deadline = 0.0
        """Seconds since the exchange began: now, when the client last heard of us, when patience ends."""
        self.attempt = plan.attempts[0]
        self.upstream_headers: Headers = ()
        self.ledger = Ledger(plan, request, context)

    def play(self) -> Story:
        outcome, left = "error", False
        try:
            outcome = yield from self._attempts()
        except _Gone:
            outcome = "client_closed"
            yield Close()
        except _Stop:
            yield Close()
            yield from self._refuse(ApiError(ErrorKind.OVERLOADED, "ccr is shutting down"))
        except GeneratorExit:
            left = True
            raise
        finally:
            if not left:
                yield Record(self.ledger.record(outcome, self.now))

    # ---- attempts ---------------------------------------------------------------------------------------------------

    def _attempts(self) -> Generator[Step, Reply, str]:
        index = retried = 0
        mended = False
        failures: list[Failure] = []
        while True:
            self.attempt = attempt = self.plan.attempts[index]
            request, self.attempt = yield from shape(self.request, attempt, self._ask, without_thinking=mended)
            failure = yield from self._try(request, None if mended else self.context.recall)
            if failure is None:
                return "ok"
            yield from self._note(failure)
            failures.append(failure)
            if self.state is _State.SPEAKING:
                yield from self._refuse(failure.error)
                return "truncated" if failure.error.kind is ErrorKind.TRUNCATED else "error"
            position = Position(
                self.plan.attempts, index, retried, _retries(attempt), mended=mended, thinks=thinks(request)
            )
            match after(failure, position):
                case Repeat():
                    mended = True
                    failures.pop()
                case Again(base, spread):
                    retried += 1
                    failures.pop()
                    yield from self._ask(Wait(base, spread))
                case Next(following):
                    index, retried, mended = following, 0, False
                case GiveUp():
                    yield from self._refuse(most_useful(tuple(failures), self.plan.back))
                    return "error"

    def _try(
        self, request: MessagesRequest, recall: dict[str, object] | None
    ) -> Generator[Step, Reply, Failure | None]:
        """One attempt from its request to its end; None when the client has the whole answer."""
        attempt, limits = self.attempt, limits_of(self.attempt)
        self.ledger.begin(attempt, self.now)
        edits: tuple[str, ...] = ()
        for change, said in _IN_WORDS:
            told = yield from change(request, attempt, self._ask)
            if isinstance(told, ApiError):
                return worded(Failure(told, sent=False, ours=True), attempt, self.request.headers)
            edits, request = ((*edits, said) if told is not request else edits), told
        self.deadline = self.now + (limits.first_byte if self.request.stream else limits.whole)
        speech = Speech(attempt.url, attempt.destination.wire, attempt.profile, self.context.seed, recall=recall)
        wire = shape_wire(attempt.dialect.encode_request(request, speech), attempt)
        caller = self.request.headers
        self.ledger.edit((*edits, *wire.said))
        provider, patience = attempt.destination.provider, self._patience()
        step = Open(
            wire, attempt.key, limits, provider, attempt.proxy, patience, caller, attempt.allowance, attempt.tokens
        )
        reply = yield from self._wait_for(step)
        match reply:
            case Opened(status) if 200 <= status < 300:
                self.ledger.answer(status, self.now)
                self.upstream_headers = passed_on(reply.headers) if relayed_by(attempt) else ()
                pipeline = Pipeline(reply, attempt, request, speech, self.context.request_id)
                return (yield from self._listen(pipeline, limits.idle))
            case Opened():
                self.ledger.answer(reply.status, self.now)
                return (yield from self._read_error(reply, request))
            case Failed(failure):
                return worded(failure, attempt, caller)
            case _:
                raise AssertionError(f"{type(reply).__name__} is no reply to Open")

    def _read_error(self, opened: Opened, request: MessagesRequest) -> Generator[Step, Reply, Failure]:
        reply = yield from self._ask(ReadAll(_ERROR_BYTES, _ERROR_PATIENCE))
        yield Close()
        body = reply.data if isinstance(reply, Whole) else b""
        if opened.status < 400:
            where = next((value for name, value in opened.headers if name == "location"), "nowhere")
            error = ApiError(ErrorKind.BAD_GATEWAY, f"the provider redirects to {where}; ccr does not follow")
        else:
            dialect = self.attempt.dialect
            error = dialect.decode_error(WireAnswer(opened.status, opened.headers, body))
            error = dialect.explain(error, request) if isinstance(dialect, Explaining) else error
            told = dict(opened.headers).get("x-should-retry")
            if told in ("true", "false"):
                error = structs.replace(error, final=told == "false", again=told == "true")
        return worded(Failure(error), self.attempt, self.request.headers, opened.status)

    def _note(self, failure: Failure) -> Story:
        """Keeps what the failure says of the target's health."""
        self.ledger.fail(failure.error, self.now)
        seconds = 0.0 if failure.ours else rest_of(failure.error)
        if seconds:
            target, key = self.attempt.destination, self.attempt.key.secret
            limited = failure.error.kind is ErrorKind.RATE_LIMITED
            fingerprint = key.fingerprint if key else ""
            why = failure.error.message
            side = self.context.kind in SIDE_KINDS and not CONSEQUENCES[failure.error.kind].by_key
            yield Remember(RESTING, Resting(target.provider, target.wire, fingerprint, seconds, limited, why, side))

    # ---- the answer -------------------------------------------------------------------------------------------------

    def _listen(self, pipeline: Pipeline, idle: float) -> Generator[Step, Reply, Failure | None]:
        """Reads to the end. The loop runs once per chunk, and most chunks are text in the middle of an answer."""
        flowing = Read(min(self.context.limits.ping_after, idle))
        feed = pipeline.feed
        while True:
            output = NOTHING
            if self.state is _State.SPEAKING:
                reply = yield flowing
                while type(reply) is Chunk:
                    now = self.now = reply.at
                    self.deadline = now + idle
                    output = feed(reply.data)
                    if not output.data or output.error is not None or output.done or output.notes:
                        break
                    self.told = now
                    reply = yield SendBody(output.data)
                    output = NOTHING
                    if type(reply) is Done:
                        reply = yield flowing
            else:
                reply = yield Read(self._patience())
                if type(reply) is Chunk:
                    output = feed(reply.data)
            self.now = reply.at
            self._check(reply)
            ended, failure = type(reply) is Ended or type(reply) is Failed, None
            if ended:
                # What came before a rude end may be complete all the same.
                output = pipeline.finish()
                failure = reply.failure if type(reply) is Failed and output.error is not None else None
            elif self.now >= self.deadline - _LEAST and not output.data and output.error is None:
                output = self._out_of_time()
            over = yield from self._pass_on(output, ended=ended, idle=idle)
            if over:
                self.ledger.hear(pipeline)
            if output.error is not None:
                yield Close()
                return worded(failure or Failure(output.error), self.attempt, self.request.headers)
            if over:
                if not ended:
                    yield from self._let_end()
                return None

    def _pass_on(self, output: Output, *, ended: bool, idle: float) -> Generator[Step, Reply, bool]:
        """What a piece came to goes to the client, or a sign of life when that is due; whether the answer is over."""
        over = ended or output.done or output.error is not None
        if output.data or (ended and output.error is None):
            yield from self._say(output, last=over and output.error is None, idle=idle)
        elif not over:
            yield from self._keep_alive()
        for note in output.notes:
            yield Remember(note.key, note.value)
        return over

    def _say(self, output: Output, *, last: bool, idle: float) -> Story:
        """Gives the client a piece of the answer; the first one makes the head."""
        if self.state is not _State.SPEAKING:
            self.ledger.speak(self.now)
            self.deadline = self.now + idle
            yield from self._begin(len(output.data))
        self.told = self.now
        yield from self._ask(SendBody(output.data, last))

    def _begin(self, length: int) -> Story:
        if self.state is _State.COMMITTED:
            yield from self._ask(SendBody(late_identity(self.attempt, self.plan.decision)))
        elif self.request.stream:
            yield from self._send_head(EVENT_STREAM)
        else:
            yield from self._send_head((*JSON, ("content-length", str(length))))
        self.state = _State.SPEAKING

    def _let_end(self) -> Story:
        """The client has everything. A connection that ends now goes back to the pool."""
        reply = yield Read(_LATE_END)
        self.now = max(self.now, reply.at)
        if type(reply) is not Ended:
            yield Close()

    def _out_of_time(self) -> Output:
        what = "no more came" if self.state is _State.SPEAKING else "no answer came"
        return Output(error=ApiError(ErrorKind.TIMEOUT, f"{what} from the provider in time"))

    # ---- the client -------------------------------------------------------------------------------------------------

    def _wait_for(self, step: Step) -> Generator[Step, Reply, Reply]:
        """The reply to a step, with signs of life to the client while it does not come."""
        reply = yield from self._ask(step)
        while type(reply) is Quiet:
            late = self._out_of_time().error
            if late is not None and self.now >= self.deadline - _LEAST:
                yield Close()
                return Failed(Failure(late), self.now)
            yield from self._keep_alive()
            reply = yield from self._ask(Read(self._patience()))
        return reply

    def _patience(self) -> float:
        """Until the next sign of life is due or the deadline is there."""
        left = self.deadline - self.now
        if self.request.stream:
            left = min(left, self.told + self.context.limits.ping_after - self.now)
        return max(left, _LEAST)

    def _keep_alive(self) -> Story:
        """A ping, if the client has heard nothing for so long. Before the first content this makes the head early, and
        another target may still answer (acceptance I2)."""
        if not self.request.stream or self.now - self.told < self.context.limits.ping_after - _LEAST:
            return
        self.told = self.now
        if self.state is _State.SILENT:
            yield from self._send_head(EVENT_STREAM)
            self.state = _State.COMMITTED
        yield from self._ask(SendBody(PING))

    def _send_head(self, kind: Headers) -> Story:
        said = (*identity(self.context, self.plan.decision, self.attempt), *self.upstream_headers)
        known: Mapping[str, Value] = {"response.status": 200, "response.latency": int(self.now * 1000)}
        head = answer_head(self.context, said, self.attempt, kind, known)
        self.ledger.status = head.status
        yield from self._ask(SendHead(head.status, head.headers))

    def _refuse(self, error: ApiError) -> Story:
        """Ends the answer with an error: as the answer itself while that can be, else as an event. Never tidily."""
        body = envelope(error, self.context.request_id)
        self.ledger.refuse(error)
        if self.state is _State.SILENT:
            head = error_head(error, identity(self.context, self.plan.decision, self.attempt))
            yield from self._ask(SendHead(head.status, head.headers))
            yield from self._ask(SendBody(body, last=True))
        else:
            yield from self._ask(SendBody(encode_frame("error", body), last=True))

    def _ask(self, step: Step) -> Generator[Step, Reply, Reply]:
        reply = yield step
        self.now = reply.at
        self._check(reply)
        return reply

    def _check(self, reply: Reply) -> None:
        if type(reply) is ClientGone:
            raise _Gone
        if type(reply) is Stopped:
            raise _Stop


def _retries(attempt: Attempt) -> int | None:
    value = last_set(attempt, "retries")
    return value if isinstance(value, int) else None
