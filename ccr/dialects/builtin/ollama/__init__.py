"""Ollama's own chat, the one that can be told how large its window must be."""

from ccr.dialects.builtin.ollama.answer import decode_whole_answer
from ccr.dialects.builtin.ollama.errors import with_advice
from ccr.dialects.builtin.ollama.request import REACH, encode_ollama_request
from ccr.dialects.builtin.ollama.stream import LineReader
from ccr.dialects.builtin.ollama.window import WINDOW, asked_window
from ccr.dialects.dialect import Speech
from ccr.dialects.failures import read_error
from ccr.dialects.names import restorer
from ccr.dialects.profile import Profile
from ccr.dialects.unsaid import takes_files
from ccr.dialects.wire import WireAnswer, WireRequest
from ccr.messages.errors import ApiError
from ccr.messages.events import Event, Note
from ccr.messages.request import MessagesRequest


class Ollama:
    name = "ollama"
    framing = "ndjson"

    def encode_request(self, request: MessagesRequest, speech: Speech) -> WireRequest:
        return encode_ollama_request(request, speech)

    def takes_files(self, profile: Profile) -> bool:
        return takes_files(profile, REACH)

    def stream_decoder(self, request: MessagesRequest, speech: Speech) -> LineReader:
        """The window that was asked for is remembered, so that this session never asks for a smaller one."""

        def note() -> Note:
            return Note(f"{WINDOW}{speech.model}", asked_window(request, speech))

        return LineReader(speech.seed, restorer(request, speech.profile), note)

    def decode_answer(self, answer: WireAnswer, request: MessagesRequest, speech: Speech) -> list[Event]:
        return decode_whole_answer(answer, self.stream_decoder(request, speech))

    def decode_error(self, answer: WireAnswer) -> ApiError:
        return with_advice(read_error(answer))


DIALECT = Ollama()
