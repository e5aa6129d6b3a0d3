"""The sizes of the three tiers, in unscaled px: the tables of the visual specification (sections 2.1 to 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

SMALLEST = (1280, 720)
"""The smallest page; a smaller window shows it scaled down as a whole."""


class Tier(Enum):
    """How much room there is. Compact drops what carries no state."""

    COMPACT = "compact"
    REGULAR = "regular"
    LARGE = "large"


@dataclass(slots=True, frozen=True)
class Metrics:
    """One column of the tables: heights of the rows, widths of the columns, sizes of cards.

    ``page`` is the size it was drawn for; what a page has more or less goes to the columns and to the stage.
    """

    tier: Tier
    page: tuple[int, int]
    margin: int
    pad: int
    top_bar: int
    caption: int
    stage: int
    stage_gap: int
    """Between the stage and the buddy row."""
    buddy: int
    timeline: int
    transport: int
    left: int
    channel1: int
    centre: int
    channel2: int
    right: int
    lane_top: int
    """From a lane's upper edge to its cards."""
    chip: int
    link: int
    active: int
    parked: int
    parked_gap: int
    strip: int
    corridor: int
    card: tuple[int, int]
    holder: int
    holder_many: int
    pitch: int
    """Side of a page frame in the map of memory."""
    sentence: int
    """Type size of the caption."""


COMPACT = Metrics(
    Tier.COMPACT, (1280, 720), 8, 12, 40, 56, 380, 12, 128, 44, 44, 464, 48, 392, 24, 336,
    28, 20, 8, 136, 44, 8, 60, 28, (116, 52), 32, 52, 3, 16,
)  # fmt: skip
REGULAR = Metrics(
    Tier.REGULAR, (1600, 900), 16, 16, 48, 72, 472, 16, 168, 56, 52, 584, 56, 512, 32, 384,
    40, 24, 10, 168, 52, 12, 72, 40, (112, 56), 36, 56, 4, 18,
)  # fmt: skip
LARGE = Metrics(
    Tier.LARGE, (1920, 1080), 16, 16, 56, 84, 580, 16, 208, 64, 56, 704, 64, 632, 40, 448,
    44, 28, 14, 192, 64, 14, 84, 56, (140, 68), 44, 64, 5, 18,
)  # fmt: skip

SLIVER = 29
"""Width of the narrowest card of a slab: id and level."""
MINI = 44
"""Width of the narrowest card that shows a slab's objects."""

HALF_STEP = 4
"""Of the grid: panels and cards begin on a multiple of it."""

CAPTION_GAP = 8
"""Between the caption and the stage, and between the buddy row and the timeline."""


def metrics_for(width: int, height: int) -> Metrics:
    """Return the tier of a page of this size (section 2.4)."""
    if height < 800 or width < 1440:
        return COMPACT
    return LARGE if height >= 1000 and width >= 1800 else REGULAR


def picture_scale(pixels: tuple[int, int], wanted: float = 1.0) -> float:
    """Return the scale to lay out and paint a picture of this size with: less than wanted where it is too small."""
    return min(wanted, pixels[0] / SMALLEST[0], pixels[1] / SMALLEST[1])
