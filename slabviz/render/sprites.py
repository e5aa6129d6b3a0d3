"""From a node of the display list to the surfaces that show it, through one bounded cache.

The key of a sprite is everything but its position, so equal cards share their pictures wherever they stand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import pygame

from slabviz.render.boxes import BoxLook
from slabviz.render.cache import BoundedCache, CacheReport
from slabviz.render.fonts import Fonts, font_pixels
from slabviz.render.icons import icon_pixels
from slabviz.render.ink import surface_of, tint
from slabviz.render.panels import box_sprite
from slabviz.render.polygons import PolygonLook, polygon_pixels
from slabviz.render.slanted import slanted_pieces
from slabviz.render.sprite import NOTHING, Sprite, indexed_sprite, one_sprite
from slabviz.render.square import square_pieces
from slabviz.render.strokes import Pen, Piece, head_piece, merged, simplified
from slabviz.render.text import lettering
from slabviz.scene.display import Box, Colour, Icon, Line, Node, Pixels, Polygon, Rect, Text
from slabviz.scene.theme import RGB, Theme

CACHE_BYTES = 64 << 20
"""What the sprites of one painter may take at most."""

_INDEXED = 10_000
"""Pictures of so many pixels are kept as palette indexes: making 32-bit pixels of them takes longer than the rest."""

_ANCHORS = {"l": 0, "m": 1, "r": 2}


class Sprites:
    """The pictures of nodes at one scale and in one theme."""

    def __init__(self, theme: Theme, fonts: Fonts, scale: float = 1.0, limit: int = CACHE_BYTES) -> None:
        self._theme = theme
        self._fonts = fonts
        self._scale = scale
        self.px: Callable[[int], int] = int if scale == 1 else partial(_scaled, scale)
        """Returns the pixel border nearest to a coordinate of the layout."""
        self._cache: BoundedCache[Sprite] = BoundedCache(limit)
        self._of: dict[type, Callable[..., tuple[Sprite, int, int]]] = {
            Box: self._box,
            Text: self._text,
            Line: self._line,
            Polygon: self._polygon,
            Icon: self._icon,
            Pixels: self._pixels,
        }

    def place(self, node: Node) -> tuple[Sprite, int, int]:
        """Return the picture of a node and the pixel of the screen that it is relative to."""
        return self._of[type(node)](node)

    def rect(self, rect: Rect) -> pygame.Rect:
        """Return a rectangle of the layout in pixels; neighbours stay neighbours at every scale."""
        x, y, w, h = rect
        left, top = self.px(x), self.px(y)
        return pygame.Rect(left, top, self.px(x + w) - left, self.px(y + h) - top)

    def rgb(self, colour: Colour) -> RGB:
        """Return the colour of a role."""
        return self._theme.rgb(colour)

    def report(self) -> CacheReport:
        """Return how full the cache is and how it did."""
        return self._cache.report()

    def _dash(self, dash: tuple[int, int] | None) -> tuple[float, float] | None:
        return (dash[0] * self._scale, dash[1] * self._scale) if dash else None

    def _maybe(self, colour: Colour | None) -> RGB | None:
        return None if colour is None else self._theme.rgb(colour)

    def _box(self, node: Box) -> tuple[Sprite, int, int]:
        x, y = self.px(node.x), self.px(node.y)
        w, h = self.px(node.x + node.w) - x, self.px(node.y + node.h) - y
        key = (Box, w, h, node.fill, node.stroke, node.width, node.radius, node.dash, node.alpha, node.cut)
        sprite = self._cache.get(key)
        if sprite is None:
            sprite = box_sprite(self._box_look(node, w, h))
            self._cache.put(key, sprite, sprite.size)
        return sprite, x, y

    def _box_look(self, node: Box, w: int, h: int) -> BoxLook:
        scale = self._scale
        return BoxLook(
            w,
            h,
            self._maybe(node.fill),
            self._maybe(node.stroke),
            max(1.0, max(node.width, self._theme.outline) * scale),
            min(node.radius * scale, w / 2, h / 2),
            self._dash(node.dash),
            node.alpha,
            node.cut * scale,
        )

    def _text(self, node: Text) -> tuple[Sprite, int, int]:
        style = node.style
        key = (Text, node.text, style.face, style.size, style.weight, node.colour, node.anchor, node.alpha)
        sprite = self._cache.get(key)
        if sprite is None:
            sprite = self._draw_text(node)
            self._cache.put(key, sprite, sprite.size)
        return sprite, self.px(node.x), self.px(node.y)

    def _draw_text(self, node: Text) -> Sprite:
        style = node.style
        line = lettering(self._fonts, node.text, style.face, style.weight, font_pixels(style.size, self._scale))
        if not line.mask.size:
            return NOTHING
        surface = tint(line.mask, self.rgb(node.colour), node.alpha)
        return Sprite(((surface, -(surface.get_width() * _ANCHORS[node.anchor] // 2), -line.above),))

    def _line(self, node: Line) -> tuple[Sprite, int, int]:
        points = [(self.px(x), self.px(y)) for x, y in node.points]
        x0, y0 = points[0]
        shape = tuple([(x - x0, y - y0) for x, y in points])
        offset = node.offset % sum(node.dash) if node.dash else 0
        key = (Line, shape, node.colour, node.width, node.dash, offset, node.radius, node.arrow, node.alpha)
        sprite = self._cache.get(key)
        if sprite is None:
            sprite = self._draw_line(node, shape, offset)
            self._cache.put(key, sprite, sprite.size)
        return sprite, x0, y0

    def _draw_line(self, node: Line, shape: tuple[tuple[int, int], ...], offset: int) -> Sprite:
        scale = self._scale
        width = max(1.0, node.width * scale)
        pen = Pen(width, self._dash(node.dash), offset * scale, node.radius * scale, node.arrow)
        rgb = self.rgb(node.colour)
        pieces = _line_pieces(shape, pen)
        return Sprite(tuple((tint(piece.mask, rgb, node.alpha), piece.x, piece.y) for piece in pieces))

    def _polygon(self, node: Polygon) -> tuple[Sprite, int, int]:
        points = [(self.px(x), self.px(y)) for x, y in node.points]
        x0, y0 = points[0]
        shape = tuple([(x - x0, y - y0) for x, y in points])
        key = (Polygon, shape, node.fill, node.stroke, node.width, node.dash, node.alpha)
        sprite = self._cache.get(key)
        if sprite is None:
            sprite = self._draw_polygon(node, shape)
            self._cache.put(key, sprite, sprite.size)
        return sprite, x0, y0

    def _draw_polygon(self, node: Polygon, shape: tuple[tuple[int, int], ...]) -> Sprite:
        if len(shape) < 3:
            return NOTHING
        width = max(1.0, max(node.width, self._theme.outline) * self._scale)
        fill, stroke = self._maybe(node.fill), self._maybe(node.stroke)
        look = PolygonLook(shape, fill, stroke, width, self._dash(node.dash), node.alpha)
        left, top, pixels = polygon_pixels(look)
        return Sprite(((surface_of(pixels), left, top),))

    def _icon(self, node: Icon) -> tuple[Sprite, int, int]:
        x, y = self.px(node.x), self.px(node.y)
        key = (Icon, node.name, node.size, node.colour, node.back, node.alpha)
        sprite = self._cache.get(key)
        if sprite is None:
            side = max(1, self.px(node.size))
            pixels = icon_pixels(node.name, side, self.rgb(node.colour), self._maybe(node.back), node.alpha)
            sprite = one_sprite(pixels)
            self._cache.put(key, sprite, sprite.size)
        return sprite, x, y

    def _pixels(self, node: Pixels) -> tuple[Sprite, int, int]:
        x, y = self.px(node.x), self.px(node.y)
        key = (Pixels, node.w, node.h, node.rows, node.palette, node.zoom)
        sprite = self._cache.get(key)
        if sprite is None:
            sprite = self._draw_pixels(node)
            self._cache.put(key, sprite, sprite.size + len(node.rows))
        return sprite, x, y

    def _draw_pixels(self, node: Pixels) -> Sprite:
        """Draw each cell ``zoom`` px wide without smoothing; at odd scales some come out a pixel wider than others."""
        if not node.rows:
            return NOTHING
        if node.zoom == self._scale == 1 and len(node.rows) >= _INDEXED:
            return indexed_sprite(node.rows, (node.w, node.h), [self.rgb(colour) for colour in node.palette])
        palette = np.array([0xFF000000 | r << 16 | g << 8 | b for r, g, b in map(self.rgb, node.palette)], np.uint32)
        cells = palette[np.frombuffer(node.rows, np.uint8).reshape(node.h, node.w)]
        wide = np.diff([self.px(column * node.zoom) for column in range(node.w + 1)])
        tall = np.diff([self.px(row * node.zoom) for row in range(node.h + 1)])
        return one_sprite(cells.repeat(wide, axis=1).repeat(tall, axis=0))


def _scaled(scale: float, units: int) -> int:
    return math.floor(units * scale + 0.5)


def _line_pieces(shape: tuple[tuple[int, int], ...], pen: Pen) -> list[Piece]:
    path = simplified(shape)
    if len(path) < 2:
        return []
    square = all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(path))
    body = list(square_pieces(path, pen) if square else slanted_pieces(path, pen))
    return merged([*body, head_piece(path, pen)] if pen.arrow else body)
