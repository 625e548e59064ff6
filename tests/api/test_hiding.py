"""Keys leave as words and come back as keys, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.api.hiding import Hiding, UnknownKey
from ccr.diagnostics.veil import veil

TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(['key = "', "sk-", "abcdefgh12345678", '"', "\n", " ", "keys = [", "]", "env.KEY", "http://a:b@", "?api_key=", "*", "kept-"])
    ).map("".join),
)  # fmt: skip


@given(TEXTS)
def test_what_is_put_back_is_what_was_hidden(text: str) -> None:
    hiding = Hiding()
    assert hiding.restored(hiding.hidden(text)) == text


@given(st.text(alphabet="abcdef0123456789-_", min_size=8, max_size=60))
def test_a_key_is_not_in_what_leaves(key: str) -> None:
    text = f'provider p {{ key = "{key}" }}'
    hidden = Hiding().hidden(text)
    assert veil(text) != text and f'"{key}"' not in hidden


def test_the_same_key_has_the_same_word_in_one_process_and_another_in_the_next() -> None:
    text = 'key = "sk-0123456789"'
    one, other = Hiding(), Hiding()
    assert one.hidden(text) == one.hidden(text) != other.hidden(text)
    with pytest.raises(UnknownKey):
        other.restored(one.hidden(text))
