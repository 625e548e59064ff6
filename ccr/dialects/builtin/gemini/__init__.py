"""Google's `generateContent`: contents of parts, functions that are called by parts, thoughts that are signed."""

from ccr.dialects.builtin.gemini.errors import naming_tools
from ccr.dialects.builtin.gemini.request import REACH, encode_generate_request
from ccr.dialects.builtin.gemini.stream import ContentDecoder
from ccr.dialects.builtin.gemini.tools import searches
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


class Gemini:
    name = "gemini"

    def encode_request(self, request: MessagesRequest, speech: Speech) -> WireRequest:
        return encode_generate_request(request, speech)

    def takes_files(self, profile: Profile) -> bool:
        return takes_files(profile, REACH)

    def stream_decoder(self, request: MessagesRequest, speech: Speech) -> ContentDecoder:
        search = searches(request, speech.profile)
        restore = restorer(request, speech.profile)
        return ContentDecoder(speech.seed, speech.model, restore, asked_stops(request.body), searching=search)

    def decode_answer(self, answer: WireAnswer, request: MessagesRequest, speech: Speech) -> list[Event]:
        return decode_whole(answer, self.stream_decoder(request, speech))

    def decode_error(self, answer: WireAnswer) -> ApiError:
        return read_error(answer)

    def explain(self, error: ApiError, request: MessagesRequest) -> ApiError:
        return naming_tools(error, request)


DIALECT = Gemini()
