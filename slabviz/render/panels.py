"""The sprite of a box: one surface for a small one; corners, edges and a flat middle for a panel."""

from __future__ import annotations

import numpy as np

from slabviz.render.boxes import BoxLook, box_pixels, corner_pixels, edge_pixels
from slabviz.render.ink import surface_of, tint
from slabviz.render.sprite import NOTHING, Placed, Sprite, one_sprite
from slabviz.scene.display import Rect
from slabviz.scene.theme import RGB

_ONE_PIECE = 16_384
"""A box of no more pixels than this is one surface."""

_TILE = 256
"""A big translucent area is laid with tiles of this side, in pixels."""


def box_sprite(look: BoxLook) -> Sprite:
    """Return the picture of a box; a box without area or colour has an empty one."""
    if look.w <= 0 or look.h <= 0 or (look.fill is None and look.stroke is None) or not look.alpha:
        return NOTHING
    small = look.w * look.h <= _ONE_PIECE or min(look.w, look.h) <= 2 * look.corner
    if look.cut or (small and not _flat(look)):
        return one_sprite(box_pixels(look))
    return _assembled(look)


def _flat(look: BoxLook) -> bool:
    """Tell whether a box is nothing but one rectangle of colour, which is filled wherever it is large."""
    return look.stroke is None and not look.radius and look.w * look.h > _ONE_PIECE


def _assembled(look: BoxLook) -> Sprite:
    fills: list[tuple[RGB, Rect]] = []
    pieces: list[Placed] = []
    for rect in _middle(look) if look.fill is not None else ():
        if look.alpha == 255:
            fills.append((look.fill or (0, 0, 0), rect))
        else:
            pieces.extend(_tiles(rect, look.fill or (0, 0, 0), look.alpha))
    if not _flat(look):
        pieces.extend(_corners(look))
    if look.stroke is not None:
        pieces.extend(_edges(look))
    return Sprite(tuple(pieces), tuple(fills))


def _middle(look: BoxLook) -> tuple[Rect, ...]:
    """Return all but the corners and the edges, as rectangles."""
    c, d, w, h = look.corner, look.border, look.w, look.h
    if _flat(look):
        return ((0, 0, w, h),)
    return (c, d, w - 2 * c, h - 2 * d), (d, c, c - d, h - 2 * c), (w - c, c, c - d, h - 2 * c)


def _tiles(rect: Rect, rgb: RGB, alpha: int) -> list[Placed]:
    x, y, w, h = rect
    spots = [(left, top) for left in range(0, w, _TILE) for top in range(0, h, _TILE)]
    sizes = [(min(_TILE, h - top), min(_TILE, w - left)) for left, top in spots]
    made = {size: tint(np.full(size, 255, np.uint8), rgb, alpha) for size in set(sizes)}
    return [(made[size], x + left, y + top) for (left, top), size in zip(spots, sizes, strict=True)]


def _corners(look: BoxLook) -> list[Placed]:
    corner, far_x, far_y = corner_pixels(look), look.w - look.corner, look.h - look.corner
    return [
        (surface_of(corner), 0, 0),
        (surface_of(corner[:, ::-1]), far_x, 0),
        (surface_of(corner[::-1]), 0, far_y),
        (surface_of(corner[::-1, ::-1]), far_x, far_y),
    ]


def _edges(look: BoxLook) -> list[Placed]:
    (upper, left), c = edge_pixels(look), look.corner
    return [
        (surface_of(upper), c, 0),
        (surface_of(upper[::-1]), c, look.h - upper.shape[0]),
        (surface_of(left), 0, c),
        (surface_of(left[:, ::-1]), look.w - left.shape[1], c),
    ]
