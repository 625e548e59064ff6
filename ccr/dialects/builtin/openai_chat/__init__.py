"""OpenAI's Chat Completions, the protocol that most of the world speaks, each with an accent (`Profile`)."""

from ccr.dialects.builtin.openai_chat.request import REACH, encode_chat_request
from ccr.dialects.builtin.openai_chat.stream import ChunkDecoder
from ccr.dialects.dialect import Speech
from ccr.dialects.failures import read_error
from ccr.dialects.names import restorer
from ccr.dialects.profile import Profile
from ccr.dialects.unsaid import takes_files
from ccr.dialects.whole import decode_whole
from ccr.dialects.wire import WireAnswer, WireRequest
from ccr.messages.errors import ApiError
from ccr.messages.events import Event
from ccr.messages.request import MessagesRequest


class OpenAIChat:
    name = "openai_chat"

    def encode_request(self, request: MessagesRequest, speech: Speech) -> WireRequest:
        return encode_chat_request(request, speech)

    def takes_files(self, profile: Profile) -> bool:
        return takes_files(profile, REACH)

    def stream_decoder(self, request: MessagesRequest, speech: Speech) -> ChunkDecoder:
        stops = request.body.get("stop_sequences")
        return ChunkDecoder(
            speech.seed,
            restorer(request, speech.profile),
            speech.profile.reasoning_return,
            tuple(stop for stop in stops if isinstance(stop, str)) if isinstance(stops, list) else (),
        )

    def decode_answer(self, answer: WireAnswer, request: MessagesRequest, speech: Speech) -> list[Event]:
        return decode_whole(answer, self.stream_decoder(request, speech))

    def decode_error(self, answer: WireAnswer) -> ApiError:
        return read_error(answer)


DIALECT = OpenAIChat()
