"""Texts that cannot be read: over each other, hidden, crossed by a line, cut off, too small."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from slabviz.scene.display import Box, Line, Polygon, Rect
from slabviz.testing.lint.finding import Finding
from slabviz.testing.lint.geometry import bounds, common, crosses, holds, inside
from slabviz.testing.lint.sheet import Sheet, Written

SMALLEST = 12
"""Type size in unscaled px (visual specification, section 3)."""


def in_sheet(sheet: Sheet) -> Iterator[Finding]:
    """Yield what is wrong with the texts of one sheet, whatever lies around it."""
    for text in sheet.texts:
        what = sheet.said(text.node.text)
        if text.node.style.size < SMALLEST:
            yield Finding("small", what, text.rect, f"the type is {text.node.style.size} px, less than {SMALLEST}")
        if not inside(text.rect, sheet.rect):
            yield Finding("cut", what, text.rect, f"it reaches out of its place {sheet.rect} and is cut off there")
    yield from _over_each_other(sheet)
    yield from _crossed(sheet, sheet.texts)
    yield from _painted_over(sheet)


def _over_each_other(sheet: Sheet) -> Iterator[Finding]:
    for one, other in combinations(sheet.texts, 2):
        shared = common(one.rect, other.rect)
        if shared and not _plate(sheet, one.index, other.index, shared):
            yield _overlap(sheet, one, sheet, other, shared)


def _overlap(sheet: Sheet, one: Written, above: Sheet, other: Written, shared: Rect) -> Finding:
    return Finding("overlap", sheet.said(one.node.text), shared, f"{above.said(other.node.text)} is written over it")


def _plate(sheet: Sheet, first: int, last: int | None, rect: Rect) -> bool:
    """Tell whether something opaque lies between two nodes there."""
    return any(inside(rect, bounds(node, _no_text)) for node in sheet.plates(first, last))


def _no_text(text: str, style: object) -> int:
    raise AssertionError("a plate is no text")


def _painted_over(sheet: Sheet) -> Iterator[Finding]:
    """A card's own things may not hide its words, nor one signpost another; what flies passes over things."""
    for text in sheet.texts:
        for node in sheet.plates(text.index + 1):
            if sheet.ground is None and not isinstance(node, Polygon):
                continue
            shared = common(text.rect, bounds(node, _no_text))
            if shared and (isinstance(node, Box) or _reaches(node, shared)):
                yield Finding("covered", sheet.said(text.node.text), shared, "something is painted over it")
                break


def _reaches(shape: Polygon, rect: Rect) -> bool:
    """Tell whether a flat shape fills anything of a part of its bounds: a tag's point leaves two corners free."""
    x, y, w, h = rect
    return any(holds(shape, (x + dx, y + dy)) for dx in {0, w // 2, w - 1} for dy in {0, h // 2, h - 1})


def _crossed(sheet: Sheet, texts: Sequence[Written]) -> Iterator[Finding]:
    """A line below a text is as bad as one above it, unless there is a plate between."""
    lines = [(index, node) for index, node in enumerate(sheet.nodes) if isinstance(node, Line)]
    for text in texts:
        for index, line in lines:
            if crosses(line, text.rect) and not _plate(sheet, index, text.index, text.rect):
                yield Finding("crossed", sheet.said(text.node.text), text.rect, f"a line in {line.colour} crosses it")
                break


def between_sheets(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Yield texts that a later sheet writes over, crosses or hides. ``sheets`` are in the order of painting."""
    texts = [(sheet, text) for sheet in sheets for text in sheet.texts]
    if not texts:
        return
    rects = np.array([text.rect for _, text in texts])
    first = 0
    for sheet in sheets:

        def below(rect: Rect, before: int = first) -> Iterator[tuple[Sheet, Written]]:
            return (texts[index] for index in np.flatnonzero(_meets(rects[:before], rect)))

        yield from _over(sheet, below)
        first += len(sheet.texts)


def _over(sheet: Sheet, below: Callable[[Rect], Iterator[tuple[Sheet, Written]]]) -> Iterator[Finding]:
    """Yield what one sheet does to the texts of earlier ones, which ``below`` finds by place."""
    if sheet.ground is not None:
        for under, text in below(sheet.rect):
            yield from _hidden(under, text, sheet)
        return
    for other in sheet.texts:
        for under, text in below(other.rect):
            shared = common(text.rect, other.rect)
            if shared and not _plate(sheet, 0, other.index, shared):
                yield _overlap(under, text, sheet, other, shared)
    for node in sheet.nodes:
        if isinstance(node, Line | Polygon):
            for under, text in below(bounds(node, _no_text)):
                yield from _under(under, text, node)


def _meets(rects: NDArray[np.int64], rect: Rect) -> NDArray[np.bool_]:
    x, y, w, h = rect
    met: NDArray[np.bool_] = (
        (rects[:, 0] < x + max(w, 1)) & (x < rects[:, 0] + rects[:, 2])
        & (rects[:, 1] < y + max(h, 1)) & (y < rects[:, 1] + rects[:, 3])
    )  # fmt: skip
    return met


def _hidden(below: Sheet, text: Written, above: Sheet) -> Iterator[Finding]:
    """A block hides what is under it; that it writes the same again at the same place (a played timeline) is fine."""
    seen = common(text.rect, below.rect)
    shared = common(seen, above.rect) if seen else None
    again = any(other.node == text.node for other in above.texts)
    if shared and not again:
        yield Finding("covered", below.said(text.node.text), shared, f"{above.name} lies over it")


def _under(below: Sheet, text: Written, node: Line | Polygon) -> Iterator[Finding]:
    what = below.said(text.node.text)
    if isinstance(node, Line):
        if crosses(node, text.rect):
            yield Finding("crossed", what, text.rect, f"a route in {node.colour} crosses it")
    elif node.fill is not None and node.alpha == 255:
        shared = common(text.rect, bounds(node, _no_text))
        if shared and _reaches(node, shared):
            yield Finding("covered", what, shared, f"a signpost or the playhead, in {node.fill}, stands over it")
