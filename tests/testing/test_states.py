"""The state comparison names the first field that differs."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import pytest

from slabviz.testing import assert_state, first_difference


@dataclass(slots=True)
class Slab:
    inuse: int
    chain: list[int]
    owner: Cache | None = None


@dataclass
class Cache:
    name: str
    slabs: dict[int, Slab]
    tids: np.ndarray[tuple[int], np.dtype[np.int64]] = field(default_factory=lambda: np.zeros(4, np.int64))
    hits: int = field(default=0, compare=False)


class Plain:
    __slots__ = ("left", "right")

    def __init__(self, left: object, right: object) -> None:
        self.left, self.right = left, right


def cache() -> Cache:
    made = Cache("skbuff", {3: Slab(2, [4, 5]), 4: Slab(0, [])})
    made.slabs[3].owner = made  # a cycle, as a slab knows its cache
    return made


def test_equal_states_pass() -> None:
    assert_state(cache(), cache())
    assert_state(Plain(1, deque([2])), Plain(1, deque([2])))


def test_a_changed_field_is_named_with_both_values() -> None:
    changed = cache()
    changed.slabs[3].inuse = 7
    with pytest.raises(AssertionError, match=r"state differs at state\.slabs\[3\]\.inuse: 7, expected 2"):
        assert_state(changed, cache())


def test_the_first_of_several_in_declared_order_is_named() -> None:
    changed = cache()
    changed.slabs[4].inuse = 1
    changed.slabs[3].chain = [4, 6]
    changed.tids[2] = 9
    assert first_difference(changed, cache()) == ("state.slabs[3].chain[1]", 6, 5)


@pytest.mark.parametrize(
    ("here", "there", "path"),
    [
        ([1, 2], [1, 2, 3], "state[2]"),
        ({"a": 1}, {"a": 1, "b": 2}, "state['b']"),
        ({"a": None}, {}, "state['a']"),
        ((1,), [1], "state"),
        (1, True, "state"),
        (np.arange(4), np.array([0, 1, 5, 3]), "state[2]"),
        (np.zeros(3), np.zeros(4), "state.shape"),
        (np.zeros(3), np.zeros(3, np.int8), "state.dtype"),
        ({1, 2}, {1, 3}, "state"),
        (Plain(1, [2]), Plain(1, [3]), "state.right[0]"),
    ],
)
def test_every_kind_of_part_is_looked_into(here: object, there: object, path: str) -> None:
    found = first_difference(here, there)
    assert found is not None
    assert found[0] == path
    assert first_difference(here, here) is None


def test_a_long_chain_is_no_deep_recursion() -> None:
    def chain(end: int) -> Plain:
        link = Plain(end, None)
        for _ in range(5000):
            link = Plain(0, link)
        return link

    found = first_difference(chain(1), chain(2))
    assert found is not None
    assert found[0].endswith(".right.left")


def test_what_does_not_count_in_comparison_is_left_out() -> None:
    busy = cache()
    busy.hits = 99
    assert_state(busy, cache())
