"""A PDF towards a model that takes none, through a whole ccr."""

from pathlib import Path

import pytest

from tests.documents.pdfs import in_base64, pdf
from tests.fake_upstream import in_thread, openai_events, stream
from tests.running import running, write


@pytest.mark.parametrize("installed", [True, False])
def test_g4_its_text_is_sent_or_the_person_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    pytest.importorskip("pypdf", reason="pypdf is not installed")
    if not installed:
        monkeypatch.setattr("ccr.documents.texts.find_spec", lambda name: None)
    source = {"type": "base64", "media_type": "application/pdf", "data": in_base64(pdf("Hello there"))}
    content = [{"type": "text", "text": "what does it say?"}, {"type": "document", "source": source}]
    with in_thread(*(stream(*openai_events("It says hello.")) for _ in range(2))) as upstream:
        lab = f'provider lab {{ url = "{upstream.url}/v1"; dialect = openai_chat; key = "k" }}\nroute lab/m\n'
        write(tmp_path, "rules/10.ccr", lab)
        with running(tmp_path) as ccr:
            first, again = (ccr.ask(stream=True, messages=[{"role": "user", "content": content}]) for _ in range(2))
    if installed:
        assert first.text == again.text == "It says hello."
        assert all("Hello there" in str(sent.json["messages"]) for sent in upstream.requests)
    else:
        assert first.status == 400 and not upstream.requests
        message = first.json["error"]["message"]
        assert message.startswith("messages.0.content.1: a document") and "claude-code-rules[pdf]" in message
