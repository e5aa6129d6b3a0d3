"""The watermarks and reserves that a kernel has set up for zones whose sizes were recorded later.

The kernel computes them in the course of the boot; what it needed only until then is given back afterwards, to one of
the zones. So a zone may have grown since, by an amount that is not recorded, but that ``min_free_kbytes`` tells within
some pages: if any size in that range explains everything recorded, it is the rule's answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slabviz.model.watermarks import Watermarks, lowmem_reserves, min_free_kbytes

Sizes = list[tuple[str, int]]
Marks = list[tuple[Watermarks, int]]
"""For each zone: its marks, and the lowmem_reserve against a request that prefers the highest zone."""

PER_MILLE_GROWN = 150
"""More than this part of memory is not given back after the boot."""


def predicted_marks(
    managed: Sequence[tuple[str, int]], min_free: int, given: Sequence[Watermarks], reserves: Sequence[int]
) -> Marks:
    """The marks and reserves for zones (name, managed pages), lowest first; the candidate nearest to those given."""
    recorded = list(zip(given, reserves, strict=True))
    best: Marks | None = None
    fewest = 0
    for sizes in _candidates(list(managed), min_free):
        made = _marks(sizes, min_free)
        wrong = sum(left != right for left, right in zip(made, recorded, strict=True))
        if not wrong:
            return made
        if best is None or wrong < fewest:
            best, fewest = made, wrong
    assert best is not None
    return best


def _marks(sizes: Sizes, min_free: int) -> Marks:
    total = sum(pages for _, pages in sizes)
    rows = lowmem_reserves(sizes)
    return [(Watermarks.of(pages, min_free, total), rows[index][-1]) for index, (_, pages) in enumerate(sizes)]


def _candidates(managed: Sizes, min_free: int) -> Iterator[Sizes]:
    """The sizes at the boot that are possible: those recorded, then one zone smaller."""
    yield managed
    total = sum(pages for _, pages in managed)
    lowest = max(total - total * PER_MILLE_GROWN // 1000, 1)
    totals = _totals(min_free, lowest, total)
    for index in sorted(range(len(managed)), key=lambda index: -managed[index][1]):
        for at_boot in totals:
            name, pages = managed[index]
            if pages > total - at_boot:
                yield [*managed[:index], (name, pages - (total - at_boot)), *managed[index + 1 :]]


def _totals(min_free: int, lowest: int, highest: int) -> range:
    """The totals of memory for which the kernel computes this ``min_free_kbytes``; none if it was set by hand."""
    first, last = _least(min_free, lowest, highest), _least(min_free + 1, lowest, highest)
    return range(first, last) if min_free_kbytes(first) == min_free else range(0)


def _least(min_free: int, low: int, high: int) -> int:
    """The smallest total from ``low`` to ``high`` + 1 whose ``min_free_kbytes`` is at least this."""
    high += 1
    while low < high:
        middle = (low + high) // 2
        if min_free_kbytes(middle) < min_free:
            low = middle + 1
        else:
            high = middle
    return low
