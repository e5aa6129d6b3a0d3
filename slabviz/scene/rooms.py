"""Rooms that are opened when somebody looks: what draws a level, a panel or a lesson's view is loaded on first use.

A viewer sees one or two of them; loading all would make everybody wait for the first frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")


class Rooms(Mapping[K, Callable[..., T]], Generic[K, T]):
    """Functions by key, each named as ``module:function`` below ``slabviz.scene``. Asking what there is loads none."""

    def __init__(self, places: Mapping[K, str]) -> None:
        self._places = dict(places)
        self._open: dict[K, Callable[..., T]] = {}

    def __getitem__(self, key: K) -> Callable[..., T]:
        if key not in self._open:
            self._open[key] = opened(self._places[key])
        return self._open[key]

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[K]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def opened(place: str) -> Callable[..., Any]:
    """The function that ``module:function`` names. Raises ImportError, AttributeError if there is none."""
    module, _, function = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"slabviz.scene.{module}"), function)
    return found


def later(place: str) -> Callable[..., Any]:
    """A function that is loaded at its first call."""
    return partial(_call, place)


def _call(place: str, *given: Any, **named: Any) -> Any:
    return opened(place)(*given, **named)
