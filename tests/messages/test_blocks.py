"""Reading content blocks."""

import pytest

from ccr.messages.blocks import (
    is_blank,
    is_own,
    rare_blocks,
    referenced_tools,
    sign,
    signed_state,
    text_of,
    without_billing,
)
from ccr.messages.request import MessagesRequest

LINE = "x-anthropic-billing-header: cc_version=2.1.177.01c; cc_entrypoint=cli; cch=36ee5;"


def test_f1_the_billing_line_goes_and_nothing_else():
    assert without_billing(LINE) is None
    assert without_billing(LINE + "\nYou are Claude.") == "You are Claude."
    assert without_billing([{"type": "text", "text": LINE}, {"type": "text", "text": "b"}]) == [
        {"type": "text", "text": "b"}
    ]
    assert without_billing([{"type": "text", "text": LINE + "\nkept"}]) == [{"type": "text", "text": "kept"}]
    assert without_billing("see " + LINE) == "see " + LINE
    assert without_billing(None) is None


def test_c1_a_signature_tells_whose_thought_it_was():
    mark = sign("openai_chat", '[{"data":"é"}]')
    assert is_own(mark) and signed_state("openai_chat", mark) == '[{"data":"é"}]'
    assert signed_state("gemini", mark) is None and signed_state("openai_chat", "ccr.openai_chat.%%") is None
    assert not is_own("EqQBCkgIARABGAIiQL") and not is_own("") and not is_own(None)


def test_b4_blank_text():
    assert all(is_blank({"type": "text", "text": text}) for text in ("", " ", "\n", None))
    assert not is_blank({"type": "text", "text": "a"}) and not is_blank({"type": "image"})


def test_j3_tools_that_a_search_has_loaded():
    loaded = {
        "type": "tool_result",
        "tool_use_id": "t",
        "content": [{"type": "tool_reference", "tool_name": "mcp__a__b"}],
    }
    assert referenced_tools([{"role": "user", "content": [loaded]}, {"role": "user", "content": "x"}, 7]) == {
        "mcp__a__b"
    }


def test_text():
    assert text_of([{"type": "text", "text": "a"}, {"type": "text", "text": " "}, {"type": "image"}, 3]) == "a"


IMAGE, DOCUMENT, TEXT = {"type": "image"}, {"type": "document"}, {"type": "text", "text": "t"}
CALL = {"type": "tool_use", "id": "t", "name": "n", "input": {}}


def _result(*content: object) -> dict[str, object]:
    return {"type": "tool_result", "tool_use_id": "t", "content": list(content)}


@pytest.mark.parametrize(
    ("contents", "rare"),
    [
        ([], []),
        (["a text", [TEXT, CALL], [_result(TEXT)], [{"type": "tool_result", "content": "x"}]], []),
        ([[TEXT, IMAGE], [_result(TEXT, DOCUMENT), {"type": "odd"}]], [IMAGE, DOCUMENT, {"type": "odd"}]),
        ([[_result(_result(IMAGE), CALL)]], [IMAGE]),
        ([None, [7, "x", IMAGE, {}, {"type": None}], [_result(3, DOCUMENT)]], [IMAGE, {}, {"type": None}, DOCUMENT]),
    ],
)
def test_rare_blocks_are_found_wherever_they_stand(contents: list[object], rare: list[object]) -> None:
    messages = [{"role": "user", "content": content} for content in contents]
    assert rare_blocks(messages) == rare
    assert rare_blocks(["no message", *messages]) == rare


def test_they_are_looked_for_once_and_anew_where_the_messages_change() -> None:
    request = MessagesRequest({"messages": [{"role": "user", "content": [IMAGE]}]}, b"")
    assert request.rare == [IMAGE] and request.replace(system="s").rare is request.rare
    assert request.replace(messages=[]).rare == []
