"""Every glyph by name. Each is drawn on a board of 16 x 16 units; what a state means is in the visual specification.

Where a glyph has a part in a second colour, the text of its function says so: it is ``Icon.back``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from slabviz.render import coverage as cover
from slabviz.render.coverage import Spot
from slabviz.render.drawing import UNITS, Board, Ink
from slabviz.render.ink import Pixels32
from slabviz.scene.theme import RGB

_MIDDLE = UNITS / 2


def icon_pixels(name: str, size: int, colour: RGB, back: RGB | None = None, alpha: int = 255) -> Pixels32:
    """Return the pixels of an icon, (size, size). Raises ValueError for a name that is no icon."""
    draw = ICONS.get(name)
    if draw is None:
        raise ValueError(f"there is no icon {name!r}; there are {', '.join(sorted(ICONS))}")
    board = Board(size)
    draw(board)
    return board.pixels(colour, back, alpha)


def _active(board: Board) -> None:
    board.frame(1, 1, 14, 14, 2, 3)
    board.box(5, 5, 6, 6, 1)


def _parked(board: Board) -> None:
    board.frame(1, 1, 14, 14, 2, 3)
    board.box(3, 3, 5, 10)


def _half_disc(board: Board) -> None:
    """A ring, its left half full."""
    board.ring(_MIDDLE, _MIDDLE, 7, 1.8)
    disc = cover.inside(board.disc_field(_MIDDLE, _MIDDLE, 6.5))
    left = cover.inside(board.x - np.float32(_MIDDLE * board.unit))
    board.lay(disc * left)


def _disc(board: Board) -> None:
    board.disc(_MIDDLE, _MIDDLE, 7)


def _ring(board: Board) -> None:
    board.ring(_MIDDLE, _MIDDLE, 6.5, 2)


def _process(board: Board) -> None:
    board.ring(_MIDDLE, _MIDDLE, 7, 3)


def _node_dot(board: Board) -> None:
    board.disc(_MIDDLE, _MIDDLE, 4)


def _lock_closed(board: Board) -> None:
    """A full padlock; the keyhole is a hole."""
    _shackle(board, 8, 4.9, 7.5)
    board.box(2, 7, 12, 9, 2)
    board.disc(8, 11, 1.4, Ink.NONE)


def _lock_open(board: Board) -> None:
    """The outline of a padlock, its shackle swung to the right."""
    _shackle(board, 11.4, 4.4, 7.5)
    board.frame(1, 7, 11, 9, 1.6, 2)


def _shackle(board: Board, middle: float, top: float, foot: float) -> None:
    arc = [(middle + 3.6 * math.cos(turn), top - 3.6 * math.sin(turn)) for turn in np.linspace(math.pi, 0, 13).tolist()]
    open_end = [] if middle > _MIDDLE else [(middle + 3.6, foot)]
    board.line([(middle - 3.6, foot), *arc, *open_end], 1.9)


def _bolt(board: Board) -> None:
    board.shape([(9.8, 0.8), (2.6, 9.3), (7.1, 9.3), (6.0, 15.2), (13.4, 6.5), (8.7, 6.5)])


def _diamond(board: Board) -> None:
    board.shape([(8, 1), (15, 8), (8, 15), (1, 8)])


def _octagon(board: Board) -> None:
    """The exclamation mark is in the back colour, a hole without one."""
    near, far = 5.1, 10.9
    board.shape([(near, 1), (far, 1), (15, near), (15, far), (far, 15), (near, 15), (1, far), (1, near)])
    for ink in (Ink.NONE, Ink.BACK):
        board.line([(8, 4.6), (8, 8.6)], 2.1, ink)
        board.disc(8, 11.6, 1.25, ink)


def _play(board: Board) -> None:
    board.shape([(3.5, 1.5), (14.5, 8), (3.5, 14.5)])


def _pause(board: Board) -> None:
    board.box(2.5, 1, 4, 14, 0.6)
    board.box(9.5, 1, 4, 14, 0.6)


def _triangle(board: Board, left: float, width: float, half: float = 6) -> None:
    """A triangle that points to the right, from ``left``; a negative width points to the left."""
    board.shape([(left, _MIDDLE - half), (left + width, _MIDDLE), (left, _MIDDLE + half)])


def _step_forward(board: Board) -> None:
    _triangle(board, 2.5, 8.5)
    board.box(11.5, 2, 2, 12)


def _step_back(board: Board) -> None:
    _triangle(board, 13.5, -8.5)
    board.box(2.5, 2, 2, 12)


def _forward(board: Board) -> None:
    _triangle(board, 1.5, 7)
    _triangle(board, 8, 7)


def _rewind(board: Board) -> None:
    _triangle(board, 14.5, -7)
    _triangle(board, 8, -7)


def _to_end(board: Board) -> None:
    _triangle(board, 0.8, 6.2, 5.5)
    _triangle(board, 6.8, 6.2, 5.5)
    board.box(13, 2.5, 2, 11)


def _to_start(board: Board) -> None:
    _triangle(board, 15.2, -6.2, 5.5)
    _triangle(board, 9.2, -6.2, 5.5)
    board.box(1, 2.5, 2, 11)


def _loop(board: Board) -> None:
    board.line([(1.8, 8.4), (1.8, 6.8), (2.6, 5.2), (4.2, 4.4), (11.6, 4.4)], 1.6)
    board.line([(14.2, 7.6), (14.2, 9.2), (13.4, 10.8), (11.8, 11.6), (4.4, 11.6)], 1.6)
    board.shape([(10.8, 1.2), (15, 4.4), (10.8, 7.6)])
    board.shape([(5.2, 8.4), (1, 11.6), (5.2, 14.8)])


def _moon(board: Board) -> None:
    board.disc(7.4, 8.4, 6.6)
    board.disc(10.6, 5.6, 5.6, Ink.NONE)


def _sun(board: Board) -> None:
    board.disc(8, 8, 3.2)
    for turn in range(8):
        across, down = math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)
        board.line([(8 + 5.2 * across, 8 + 5.2 * down), (8 + 6.9 * across, 8 + 6.9 * down)], 1.5)


def _split(board: Board) -> None:
    """One line becomes two."""
    board.line([(1.2, 8), (6, 8), (10, 3.8)], 1.6)
    board.line([(6, 8), (10, 12.2)], 1.6)
    _arrow_tip(board, (13.6, 0.4), (1, -1.05), 5.4, 2.8)
    _arrow_tip(board, (13.6, 15.6), (1, 1.05), 5.4, 2.8)


def _merge(board: Board) -> None:
    """Two lines become one."""
    board.line([(2, 2.2), (7.6, 8), (11, 8)], 1.6)
    board.line([(2, 13.8), (7.6, 8)], 1.6)
    _arrow_tip(board, (15.2, 8), (1, 0), 5.4, 2.8)


def _take(board: Board) -> None:
    board.line([(1.2, 8), (11, 8)], 1.6)
    _arrow_tip(board, (15.2, 8), (1, 0))


def _arrow_tip(board: Board, tip: Spot, towards: Spot, length: float = 5.2, half: float = 3.2) -> None:
    size = math.hypot(*towards)
    across, down = towards[0] / size, towards[1] / size
    base = (tip[0] - across * length, tip[1] - down * length)
    side = (down * half, -across * half)
    board.shape([tip, (base[0] - side[0], base[1] - side[1]), (base[0] + side[0], base[1] + side[1])])


def _chevron(board: Board) -> None:
    board.line([(5.5, 2.8), (10.8, 8), (5.5, 13.2)], 2)


def _flag(board: Board) -> None:
    board.box(2.5, 1, 2, 14)
    board.shape([(4, 1.5), (14, 4.75), (4, 8.5)])


def _close(board: Board) -> None:
    board.line([(3, 3), (13, 13)], 1.9)
    board.line([(13, 3), (3, 13)], 1.9)


def _bars_up(board: Board) -> None:
    _bars(board, ((2, 6, 10), (6.5, 3, 13), (11, 1, 15)))


def _bars_down(board: Board) -> None:
    _bars(board, ((2, 1, 9), (6.5, 1, 14), (11, 1, 7)))


def _bars(board: Board, bars: Sequence[tuple[float, float, float]]) -> None:
    for left, top, height in bars:
        board.box(left, top, 3, height)


def _mouse(board: Board, button: Callable[[Board], None] | None) -> None:
    """A mouse in the back colour, with the button or wheel in the icon's colour."""
    body = board.box_field(2.5, 0, 11, 16, 5.5)
    line = np.float32(max(1.0, board.snap(0.9)))
    board.lay(cover.inside(body) - cover.inside(body + line), Ink.BACK)
    board.box(2.5, 6.5, 11, 0.9, 0, Ink.BACK)
    if button:
        button(board)
    else:
        board.box(7.55, 0, 0.9, 6.5, 0, Ink.BACK)


def _mouse_side(board: Board, left: float) -> None:
    """Colour one button, inside the outline and left or right of the middle."""
    line = np.float32(max(1.0, board.snap(0.9)))
    inner = cover.inside(board.box_field(2.5, 0, 11, 16, 5.5) + line * np.float32(1.6))
    board.box(7.55, 0, 0.9, 6.5, 0, Ink.BACK)
    board.lay(inner * cover.inside(board.box_field(left, 0, 5, 6)))


def _mouse_wheel(board: Board) -> None:
    _mouse(board, None)
    board.box(6.6, 2.2, 2.8, 4.2, 1.4, Ink.NONE)
    board.box(7, 2.5, 2, 3.6, 1)


def _mouse_left(board: Board) -> None:
    _mouse(board, lambda on: _mouse_side(on, 2.5))


def _mouse_right(board: Board) -> None:
    _mouse(board, lambda on: _mouse_side(on, 8.5))


ICONS: dict[str, Callable[[Board], None]] = {
    "active": _active,
    "parked": _parked,
    "parked_round": _half_disc,  # from kernel 6.8 on: these slabs are no longer frozen
    "half_disc": _half_disc,
    "disc": _disc,
    "ring": _ring,
    "process": _process,
    "node_dot": _node_dot,
    "lock_open": _lock_open,
    "lock_closed": _lock_closed,
    "bolt": _bolt,
    "diamond": _diamond,
    "octagon": _octagon,
    "play": _play,
    "pause": _pause,
    "step_back": _step_back,
    "step_forward": _step_forward,
    "back": _rewind,
    "forward": _forward,
    "rewind": _rewind,
    "to_start": _to_start,
    "to_end": _to_end,
    "loop": _loop,
    "moon": _moon,
    "sun": _sun,
    "split": _split,
    "merge": _merge,
    "take": _take,
    "chevron": _chevron,
    "flag": _flag,
    "close": _close,
    "bars_up": _bars_up,
    "bars_down": _bars_down,
    "mouse_left": _mouse_left,
    "mouse_right": _mouse_right,
    "mouse_wheel": _mouse_wheel,
    "mouse_drag": _mouse_left,
}
"""The icons by name. Read only."""
