"""The cache forgets the least recently used, and only that."""

from ccr.counting.cache import Cache
from ccr.messages.tokens import Interval


def test_what_was_put_is_found() -> None:
    cache = Cache()
    assert cache.get_all(["a"]) == [None]
    cache.put("a", 3)
    assert (cache.get_all(["b", "a"]), len(cache)) == ([None, 3], 1)


def test_a_count_takes_the_place_of_its_bounds() -> None:
    cache = Cache()
    cache.put("a", Interval(1, 4))
    assert cache.get_all(["a"]) == [Interval(1, 4)]
    cache.put("a", 2)
    assert (cache.get_all(["a"]), len(cache)) == ([2], 1)


def test_the_least_recently_used_is_forgotten() -> None:
    cache = Cache(limit=2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get_all(["a"])
    cache.put("c", 3)
    assert (cache.get_all(["a", "b", "c"]), len(cache)) == ([1, None, 3], 2)
