"""Files read by a process of their own: once, for so long, so many at a time."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ccr.documents.texts import Documents
from ccr.exchange.steps import Text
from tests.documents.pdfs import in_base64, pdf

pytest.importorskip("pypdf", reason="pypdf is not installed")
HELLO = in_base64(pdf("Hello there"))


def _read(documents: Documents, *files: str) -> tuple[Text, ...]:
    return asyncio.run(documents.read(files)).texts


def _script(folder: Path, code: str) -> Sequence[str]:
    (folder / "reader.py").write_text(code, encoding="utf-8")
    return (sys.executable, str(folder / "reader.py"))


def test_the_text_of_a_file() -> None:
    hello, none = _read(Documents(), HELLO, in_base64(b"none"))
    assert hello == Text("Hello there", 1) and none.wrong.startswith("it cannot be read")


def test_a_file_is_read_once_also_for_two_who_want_it_at_once(tmp_path: Path) -> None:
    code = f"open({str(tmp_path / 'read')!r}, 'a').write('x')\nprint('{{\"text\": \"t\", \"pages\": 1}}')\n"
    documents = Documents(command=_script(tmp_path, code))

    async def twice() -> None:
        both = await asyncio.gather(documents.read((HELLO,)), documents.read((HELLO, HELLO)))
        assert {text for texts in both for text in texts.texts} == {Text("t", 1)}
        assert (await documents.read((HELLO,))).texts == (Text("t", 1),)

    asyncio.run(twice())
    assert (tmp_path / "read").read_text() == "x"


def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    documents = Documents(0.3, _script(tmp_path, "import time\ntime.sleep(60)\n"))
    began = time.monotonic()
    assert _read(documents, HELLO) == (Text(wrong="reading it took longer than 0.3 s"),)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "print('no json')", "import os; os.abort()"])
def test_one_that_breaks_off_is_told(tmp_path: Path, code: str) -> None:
    assert _read(Documents(command=_script(tmp_path, code)), HELLO) == (Text(wrong="its reader broke off"),)


def test_one_that_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    documents = Documents(command=(str(tmp_path / "nowhere"),))

    async def asks() -> tuple[Text, Text]:
        first = (await documents.read((HELLO,))).texts[0]
        script = Path(_script(tmp_path, f'#!{sys.executable}\nprint(\'{{"text": "t", "pages": 1}}\')\n')[1])
        script.chmod(0o700)
        script.rename(tmp_path / "nowhere")
        return first, (await documents.read((HELLO,))).texts[0]

    first, second = asyncio.run(asks())
    assert "no reader could be started" in first.wrong and second == Text("t", 1)


def test_who_leaves_does_not_take_the_text_from_others(tmp_path: Path) -> None:
    documents = Documents(
        command=_script(tmp_path, 'import time\ntime.sleep(0.3)\nprint(\'{"text": "t", "pages": 1}\')')
    )

    async def leaves() -> tuple[Text, ...]:
        one, other = (asyncio.ensure_future(documents.read((HELLO,))) for _ in range(2))
        await asyncio.sleep(0.05)
        one.cancel()
        return (await other).texts

    assert asyncio.run(leaves()) == (Text("t", 1),)


def test_without_pypdf_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccr.documents.texts.find_spec", lambda name: None)
    assert "pip install 'claude-code-rules[pdf]'" in _read(Documents(), HELLO)[0].wrong


def test_what_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccr.documents.texts.LARGEST", 10)
    assert _read(Documents(), HELLO) == (Text(wrong="it is larger than 0 MB"),)


def test_a_reader_is_told_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-mine")
    code = "import json, os\nprint(json.dumps({'text': ' '.join(os.environ), 'pages': 1}))\n"
    (text,) = _read(Documents(command=_script(tmp_path, code)), HELLO)
    assert "PATH" in text.text and "KEY" not in text.text
