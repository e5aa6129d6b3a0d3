"""The chain through the free objects, under their ribbon: from the head over each free pointer to the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from slabviz.scene.display import Colour
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK
from slabviz.scene.lessons.page_layout import PageLayout
from slabviz.scene.lessons.ribbon import Ribbon

_HOPS = 10
"""So many pointers are drawn; the rest is counted."""
_LEVELS = 4
_LEVEL = 9


def draw_chain(sketch: Sketch, desk: Desk, ribbon: Ribbon, band: tuple[int, int], page: PageLayout) -> None:
    """Draw the CPU's chain if there is one, else the slab's; what is not drawn is said in words."""
    chain = page.cpu_chain or page.chain
    y, high = band
    x, _, w, _ = ribbon.rect
    if not chain:
        sketch.text(x, y + high // 2, desk.tr("views.layout.no_chain"), LABEL, "t3", room=w)
        return
    _hops(sketch, ribbon, y, chain[: _HOPS + 1])
    shown = chain[: _HOPS + 1]
    head = f"kmem_cache_cpu[{page.cpu}].freelist" if page.cpu_chain else "slab.freelist"
    text = " → ".join([head, *map(str, shown), *([] if len(shown) == len(chain) else [f"+{len(chain) - len(shown)}"]),
                       "NULL"])  # fmt: skip
    wide = sketch.text(x, y + high - 10, text, MARK, "free", room=w)
    if page.cpu_chain and page.chain:
        more = desk.tr("views.layout.remote", count=len(page.chain))
        sketch.text(x + wide + 24, y + high - 10, more, LABEL, "t2", room=w - wide - 24)


def _hops(sketch: Sketch, ribbon: Ribbon, y: int, chain: Sequence[int]) -> None:
    colour: Colour = "free"
    centres = [ribbon.place(index)[0] + ribbon.place(index)[2] // 2 for index in chain]
    for number, (start, end) in enumerate(pairwise(centres)):
        low = y + 4 + (number % _LEVELS + 1) * _LEVEL
        sketch.line(((start + 1, y - 1), (start + 1, low), (end - 1, low), (end - 1, y - 1)), colour, width=1.5,
                    radius=4, arrow=True)  # fmt: skip
    if centres:
        sketch.line(((centres[0], y + 4 + _LEVELS * _LEVEL), (centres[0], y - 1)), colour, width=2.5, arrow=True)
