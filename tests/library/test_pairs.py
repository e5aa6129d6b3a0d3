"""Which two sources are compared: variants of one, or two of their own."""

from __future__ import annotations

import pytest

from slabviz.errors import SourceError, UsageError
from slabviz.library import load
from slabviz.library.pairs import compared, rival, variants


def test_two_variants_of_one_source() -> None:
    a, b = compared("bursts", ("parked", "none"))
    assert [getattr(each, "variant", "") for each in (a, b)] == ["parked", "none"]


def test_two_sources_of_their_own() -> None:
    assert [each.name for each in compared(None, ("fork", "skb"))] == ["fork", "skb"]


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(UsageError, match="no variant 'parkd'; there are none, parked, debug"):
        compared("bursts", ("none", "parkd"))
    with pytest.raises(UsageError, match="it has none. To compare two files leave SOURCE out: --compare a b"):
        compared("fork", ("a", "b"))
    with pytest.raises(SourceError):
        compared(None, ("fork", "no such thing"))


def test_the_rival_is_the_next_variant() -> None:
    def after(variant: str) -> str:
        found = rival(load("bursts", variant))
        return getattr(found, "variant", "")

    assert after("") == after("none") == "parked"
    assert after("parked") == "debug"
    assert after("debug") == "none"
    assert rival(load("fork")) is None
    assert list(variants(load("bursts"))) == ["none", "parked", "debug"]
