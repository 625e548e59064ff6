"""A server on one's own machine that does not run: the answer says so, and how it is started."""

from pathlib import Path

from tests.running import running, write


def test_the_error_says_what_to_do(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", 'provider ollama { url = "http://127.0.0.1:9" }\nroute ollama/qwen3:4b\n')
    with running(tmp_path) as ccr:
        answer = ccr.ask(stream=True)
    message = answer.json["error"]["message"]
    assert "nothing listens at http://127.0.0.1:9: " in message and "`ollama serve` has to run" in message
    assert answer.status >= 500
