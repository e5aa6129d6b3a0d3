"""The Kernel level: a map of all caches with their objects as pixels, and who is busiest."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, STRONG
from slabviz.scene.screens.kernel.chosen import chosen_part
from slabviz.scene.screens.kernel.legend import legend_part
from slabviz.scene.screens.kernel.places import columns, kernel_map
from slabviz.scene.screens.kernel.table import table_part
from slabviz.scene.screens.kernel.tiles import tile_parts
from slabviz.scene.sight import Sight
from slabviz.scene.state import Caption
from slabviz.scene.story.kernel import kernel_caption, overview_of


def kernel_screen(desk: Desk, sight: Sight) -> list[Part]:
    """The map at the left; at the right the table, the chosen cache and the legend."""
    overview = overview_of(desk.memo, sight.run)
    at = columns(desk.regions)
    places = desk.memo.value(("kernel map",), (overview, at.map), lambda: kernel_map(overview, at.map))
    state = overview.state(sight.tick)
    known = {cache for small in places.small for cache in small.caches if small.group == sight.view.group}
    listed = [line for cache in state.ranking if (line := state.lines[cache]).objects or line.rate]
    if known:
        listed = [line for line in listed if line.cache in known]
    return [
        table_part(desk, at.table, listed, state, sight, sight.view.group if known else None),
        *(tile_parts(desk, places, state, overview.field, sight) if places.tiles or places.small
          else [_nothing(desk, at.map)]),
        chosen_part(desk, at.card, state.lines[sight.number], state, sight.view),
        legend_part(desk, at.legend, state),
    ]  # fmt: skip


def kernel_words(desk: Desk, sight: Sight) -> Caption:
    """The caption of the overview."""
    state = overview_of(desk.memo, sight.run).state(sight.tick)
    return kernel_caption(
        state, sight.run.config.caches[sight.number].name, desk.tr, short=desk.metrics.tier is Tier.COMPACT
    )


def _nothing(desk: Desk, rect: Rect) -> Part:
    """A run in which no cache ever has an object."""
    x, y, w, h = rect

    def draw(sketch: Sketch) -> None:
        sketch.box(rect, None, "line2", radius=8, dash=(4, 4))
        sketch.text(x + w // 2, y + h // 2 - 10, desk.tr("kernel.empty"), STRONG, "t1", "m")
        sketch.text(x + w // 2, y + h // 2 + 10, desk.tr("kernel.empty_note"), BODY, "t2", "m")

    return desk.memo.part(
        ("kernel", "nothing"), rect, lambda part: desk.memo.block(part, ("kernel", "nothing"), rect, None, draw)
    )
