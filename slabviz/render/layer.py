"""The static layer: every block painted once, and again only where something changed.

Law: a patched layer equals a freshly painted one, pixel by pixel. It holds because a repaint of a rectangle clips to
it and then paints whatever a fresh layer would show there, from the uppermost block that covers all of it upwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pygame

from slabviz.render.ink import fill, new_frame
from slabviz.render.sprites import Sprites
from slabviz.scene.display import Block, Colour, Node, Pixels

_PAGE = "bg"
"""The colour of the page, where no block stands."""


class Layer:
    """A surface of ``size`` pixels that shows blocks, back to front, each clipped to its rectangle."""

    def __init__(self, size: tuple[int, int], sprites: Sprites) -> None:
        self.surface = new_frame(size)
        self._sprites = sprites
        self._shown: list[Block] | None = None

    def show(self, blocks: Sequence[Block]) -> int:
        """Make the layer show these blocks and return how many rectangles had to be painted.

        A block that is the same object as before is taken to look the same.
        """
        before, self._shown = self._shown, list(blocks)
        if before is None or _reordered(before, blocks):
            damage = [self.surface.get_rect()]
        else:
            damage = _changes(before, blocks, self._sprites)
        placed = [(block, self._sprites.rect(block.rect)) for block in blocks] if damage else []
        for rect in damage:
            self._repaint(rect, placed)
        return len(damage)

    def _repaint(self, rect: pygame.Rect, placed: Sequence[tuple[Block, pygame.Rect]]) -> None:
        covering = [index for index, (_, place) in enumerate(placed) if place.contains(rect)]
        if not covering:
            _clear(self.surface, self._sprites, _PAGE, rect)
        for block, place in placed[covering[-1] if covering else 0 :]:
            part = place.clip(rect)
            if part.w and part.h:
                if _is_covered(block) and self._sprites.px is int:
                    self.surface.set_clip(part)
                else:
                    _clear(self.surface, self._sprites, block.ground, part)
                draw(self.surface, self._sprites, block.nodes)
        self.surface.set_clip(None)


def draw(surface: pygame.Surface, sprites: Sprites, nodes: Iterable[Node]) -> None:
    """Draw nodes one over the other, inside the surface's clip."""
    batch: list[tuple[pygame.Surface, tuple[int, int]]] = []
    place = sprites.place
    for node in nodes:
        sprite, x, y = place(node)
        if sprite.fills:
            _blit_all(surface, batch)
            batch.clear()
            for rgb, (left, top, width, height) in sprite.fills:
                fill(surface, rgb, (x + left, y + top, width, height))
        if sprite.opaque:
            _blit_all(surface, batch)
            batch.clear()
            for piece, dx, dy in sprite.opaque:
                surface.blit(piece, (x + dx, y + dy))
        for piece, dx, dy in sprite.pieces:
            batch.append((piece, (x + dx, y + dy)))
    _blit_all(surface, batch)


def _blit_all(surface: pygame.Surface, batch: list[tuple[pygame.Surface, tuple[int, int]]]) -> None:
    """Blit premultiplied sprites; pygame 2.6 has no ``fblits``."""
    if hasattr(surface, "fblits"):
        surface.fblits(batch, pygame.BLEND_PREMULTIPLIED)
    else:
        for piece, spot in batch:
            surface.blit(piece, spot, None, pygame.BLEND_PREMULTIPLIED)


def _clear(surface: pygame.Surface, sprites: Sprites, colour: Colour, rect: pygame.Rect) -> None:
    """Clip to a rectangle and put its ground back."""
    surface.set_clip(rect)
    fill(surface, sprites.rgb(colour), rect)


def _is_covered(block: Block) -> bool:
    """Tell whether the first node hides the whole ground: a picture as large as the block."""
    first = block.nodes[0] if block.nodes else None
    if not isinstance(first, Pixels):
        return False
    return (first.x, first.y, first.w * first.zoom, first.h * first.zoom) == block.rect


def _reordered(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Tell whether blocks that stay lie over each other in another order (or one is listed twice)."""
    old, new = {id(block) for block in before}, {id(block) for block in after}
    stay = [id(block) for block in before if id(block) in new]
    return len(new) != len(after) or stay != [id(block) for block in after if id(block) in old]


def _changes(before: Sequence[Block], after: Sequence[Block], sprites: Sprites) -> list[pygame.Rect]:
    """Return where blocks came or went, without rectangles that lie in another one."""
    old, new = {id(block) for block in before}, {id(block) for block in after}
    moved = [block for block in before if id(block) not in new] + [block for block in after if id(block) not in old]
    rects = {tuple(sprites.rect(block.rect)): None for block in moved}
    places = [pygame.Rect(rect) for rect in rects]
    return [place for place in places if not any(other is not place and other.contains(place) for other in places)]
