"""The client's own protocol, spoken to Anthropic and to hosts that speak it too: relayed, not translated."""

from ccr.dialects.builtin.anthropic.answer import decode_message, relay_message
from ccr.dialects.builtin.anthropic.relay import FrameRelay
from ccr.dialects.builtin.anthropic.request import encode_messages_request
from ccr.dialects.builtin.anthropic.stream import FrameDecoder
from ccr.dialects.dialect import RelayedAnswer, Speech
from ccr.dialects.failures import read_error
from ccr.dialects.profile import Profile
from ccr.dialects.wire import WireAnswer, WireRequest
from ccr.messages.errors import ApiError
from ccr.messages.events import Event
from ccr.messages.request import MessagesRequest


class Anthropic:
    name = "anthropic"

    def encode_request(self, request: MessagesRequest, speech: Speech) -> WireRequest:
        return encode_messages_request(request, speech)

    def takes_files(self, profile: Profile) -> bool:
        return True

    def stream_decoder(self, request: MessagesRequest, speech: Speech) -> FrameDecoder:
        return FrameDecoder(f"msg_{speech.seed}")

    def decode_answer(self, answer: WireAnswer, request: MessagesRequest, speech: Speech) -> list[Event]:
        return decode_message(answer, f"msg_{speech.seed}")

    def decode_error(self, answer: WireAnswer) -> ApiError:
        return read_error(answer)

    def relay(self, request: MessagesRequest, speech: Speech) -> FrameRelay:
        return FrameRelay(request.model)

    def relay_answer(self, answer: WireAnswer, request: MessagesRequest, speech: Speech) -> RelayedAnswer:
        return relay_message(answer, request.model)


DIALECT = Anthropic()
