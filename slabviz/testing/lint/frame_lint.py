"""The lint of frames: everything that is wrong with how a scene is drawn, whatever it shows."""

from __future__ import annotations

from functools import partial

from slabviz.scene.display import Block, Colour, Measure, Point, Scene
from slabviz.scene.layout.regions import regions
from slabviz.scene.levels import Panel
from slabviz.scene.panels import panels
from slabviz.scene.theme import RGB, Theme
from slabviz.scene.view import ViewState
from slabviz.testing.lint import contrast, legible, places
from slabviz.testing.lint.finding import Finding
from slabviz.testing.lint.sheet import Sheet, block_sheet, free_sheet

KEPT = 4000
"""Blocks whose findings are remembered: the same block is the same picture."""


class FrameLint:
    """Looks at one scene after the other; ``measure`` is that which they were laid out with."""

    def __init__(self, theme: Theme, measure: Measure) -> None:
        self._theme = theme
        self._measure = measure
        self._known: dict[int, tuple[Block, Sheet, tuple[Finding, ...]]] = {}

    def findings(self, scene: Scene, view: ViewState | None = None) -> list[Finding]:
        """Return what is wrong, in order. ``view`` is what the scene was made with."""
        view = view or ViewState(controls=False)
        if len(self._known) > KEPT:
            self._known.clear()
        sheets: list[Sheet] = []
        found: list[Finding] = []
        for block in scene.blocks:
            sheet, own = self._block(block)
            sheets.append(sheet)
            found += own
        found += self._free(scene, sheets)
        at = regions(*scene.size, rail=view.panel is not Panel.HOLDERS, tabs=len(panels()) > 1)
        found += places.on_page(scene, scene.blocks, at, view)
        found += places.off_grid(scene.blocks, at, view)
        return sorted(set(found))

    def _block(self, block: Block) -> tuple[Sheet, tuple[Finding, ...]]:
        known = self._known.get(id(block))
        if known is None:
            sheet = block_sheet(block, self._measure)
            ground = partial(self._plain, block.ground)
            own = tuple(contrast.in_sheet(sheet, self._theme, ground))
            if not block.cut:  # that shows a part of a larger picture: its edges are not the picture's
                own = (*legible.in_sheet(sheet), *own, *places.in_sheet(sheet))
            known = self._known[id(block)] = (block, sheet, own)
        return known[1], known[2]

    def _free(self, scene: Scene, sheets: list[Sheet]) -> list[Finding]:
        """Movers lie over the blocks; help and tooltips cover them, and are looked at by themselves."""
        movers = free_sheet("movers", scene, scene.movers, self._measure)
        found = [*legible.in_sheet(movers), *places.in_sheet(movers)]
        found += contrast.in_sheet(movers, self._theme, partial(self._below, sheets))
        found += legible.between_sheets([*sheets, movers])
        if scene.overlay:
            overlay = free_sheet("overlay", scene, scene.overlay, self._measure)
            found += [*legible.in_sheet(overlay), *places.in_sheet(overlay)]
            found += contrast.in_sheet(overlay, self._theme, partial(self._below, [*sheets, movers]))
        return found

    def _below(self, sheets: list[Sheet], point: Point) -> RGB:
        """Return the colour that the uppermost sheet at a point leaves there."""
        for number in range(len(sheets) - 1, -1, -1):
            sheet, rest = sheets[number], sheets[:number]
            x, y, w, h = sheet.rect
            if not (x <= point[0] < x + w and y <= point[1] < y + h):
                continue
            if sheet.ground is None:
                return contrast.painted(self._theme, sheet.nodes, point, partial(self._below, rest))
            return contrast.painted(self._theme, sheet.nodes, point, partial(self._plain, sheet.ground))
        return self._theme.rgb("bg")

    def _plain(self, ground: Colour, point: Point) -> RGB:
        return self._theme.rgb(ground)


def lint_frame(
    scene: Scene, theme: Theme, measure: Measure, view: ViewState | None = None
) -> list[Finding]:  # fmt: skip
    """Return what is wrong with one scene. For many of one run keep a ``FrameLint``: it remembers blocks."""
    return FrameLint(theme, measure).findings(scene, view)
