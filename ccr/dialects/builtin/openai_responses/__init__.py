"""OpenAI's Responses, spoken without the server's memory: every request carries the whole conversation."""

from ccr.dialects.builtin.openai_responses.request import REACH, encode_responses_request
from ccr.dialects.builtin.openai_responses.stream import EventDecoder
from ccr.dialects.dialect import Speech
from ccr.dialects.failures import read_error
from ccr.dialects.names import restorer
from ccr.dialects.profile import Profile
from ccr.dialects.stops import asked_stops
from ccr.dialects.unsaid import takes_files
from ccr.dialects.whole import decode_whole
from ccr.dialects.wire import WireAnswer, WireRequest
from ccr.messages.errors import ApiError
from ccr.messages.events import Event
from ccr.messages.request import MessagesRequest


class OpenAIResponses:
    name = "openai_responses"

    def encode_request(self, request: MessagesRequest, speech: Speech) -> WireRequest:
        return encode_responses_request(request, speech)

    def takes_files(self, profile: Profile) -> bool:
        return takes_files(profile, REACH)

    def stream_decoder(self, request: MessagesRequest, speech: Speech) -> EventDecoder:
        return EventDecoder(speech.seed, speech.url, restorer(request, speech.profile), asked_stops(request.body))

    def decode_answer(self, answer: WireAnswer, request: MessagesRequest, speech: Speech) -> list[Event]:
        return decode_whole(answer, self.stream_decoder(request, speech))

    def decode_error(self, answer: WireAnswer) -> ApiError:
        return read_error(answer)


DIALECT = OpenAIResponses()
