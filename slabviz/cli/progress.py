"""A progress bar on stderr, only where a person watches a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from slabviz.cli.messages import text

Item = TypeVar("Item")
Advance = Callable[[int, int], None]
"""Told how many steps of how many are done."""


def counted(items: Iterable[Item], count: int, key: str) -> Iterator[Item]:
    """Give ``items`` on and show how many of ``count`` have been taken; ``key`` is the bar's text in the catalogue."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, count, text(key), file=sys.stderr, show_pos=True) as bar:
        yield from bar


@contextmanager
def advancing(key: str) -> Iterator[Advance | None]:
    """A bar for work that tells how far it is; None where nobody watches, so that the work need not tell."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=text(key), file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield advance
