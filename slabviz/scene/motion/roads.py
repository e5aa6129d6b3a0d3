"""The roads of a page: the tracks in the channels, corridors and gaps that routes run on (visual specification, 7)."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Point, Rect
from slabviz.scene.layout.anchors import Anchors

_OBJECT_TRACK = 12
"""From the left side of channel 1: half a flying object."""
_REQUEST_TRACK = 10
"""From its right side."""
_APART = 16
"""Between the tracks of two CPUs in one corridor."""
_OBJECT = 22
"""Height of a flying object."""
_UPPER_CPUS = 2
"""So many CPUs of up to four use the upper corridor."""
_ROW_GAP = 4
"""Under a card, in the middle of the gap to the next row."""
_PAGES_TRACK = 6
"""Under the node: pages."""


@dataclass(slots=True, frozen=True)
class Roads:
    """Answers where one may go without crossing text. All in unscaled px."""

    anchors: Anchors
    cpus: int

    @property
    def object_x(self) -> int:
        """Left track of channel 1: objects."""
        return self.anchors["channel", 1][0] + _OBJECT_TRACK

    @property
    def slab_x(self) -> int:
        """Middle track of channel 1: slabs and answers."""
        x, _, w, _ = self.anchors["channel", 1]
        return x + w // 2

    @property
    def request_x(self) -> int:
        """Right track of channel 1: requests."""
        x, _, w, _ = self.anchors["channel", 1]
        return x + w - _REQUEST_TRACK

    @property
    def pages_y(self) -> int:
        """Pages run right under the node."""
        return self.anchors["corridor", "lower"][1] + _PAGES_TRACK

    @property
    def count_y(self) -> int:
        """The middle of the box of nr_slabs."""
        return middle(self.anchors["nr_slabs",])[1]

    @property
    def under_count(self) -> Point:
        """On the pages' road, under that box."""
        return middle(self.anchors["nr_slabs",])[0], self.pages_y

    @property
    def panel_x(self) -> int:
        """Channel 2, which goes on between the panels of the buddy row."""
        x, _, w, _ = self.anchors["channel", 2]
        return x + w // 2

    def is_upper(self, cpu: int) -> bool:
        """Tell whether a CPU's objects use the corridor above the node."""
        return cpu < (_UPPER_CPUS if self.cpus <= 2 * _UPPER_CPUS else (self.cpus + 1) // 2)

    @property
    def rail(self) -> int | None:
        """The road beside the holders' tiles, while they are a rail in channel 2."""
        gap, (x, _, w, _) = self.anchors.get(("gap", "holders")), self.anchors["channel", 2]
        return gap[0] + gap[2] // 2 if gap is not None and x <= gap[0] < x + w else None

    def holder_x(self, cpu: int) -> int:
        """Channel 2: the track of a CPU, left for those of the upper corridor; beside the tiles of a rail there."""
        if self.rail is not None:
            return self.rail + (-1 if self.is_upper(cpu) else 1)
        return self.panel_x + (-5 if self.is_upper(cpu) else 5)

    def corridor_y(self, cpu: int) -> int:
        """The CPU's own track in its corridor."""
        upper = self.is_upper(cpu)
        _, y, _, h = self.anchors["corridor", "upper" if upper else "lower"]
        first = 0 if upper else next(other for other in range(self.cpus) if not self.is_upper(other))
        sharing = sum(self.is_upper(other) == upper for other in range(self.cpus))
        apart = min(_APART, max(h - _OBJECT, 0) // max(sharing - 1, 1))  # in a low corridor closer: none leaves it
        return y + h // 2 + (2 * (cpu - first) - sharing + 1) * apart // 2

    def lane_of(self, rect: Rect) -> Rect | None:
        """Return the lane that a place lies in, or None."""
        middle = rect[0] + rect[2] // 2, rect[1] + rect[3] // 2
        for cpu in range(self.cpus):
            lane = self.anchors.get(("lane", cpu))
            if lane is not None and holds(lane, middle):
                return lane
        return None

    def gap_y(self, lane: Rect) -> int:
        """The gap under a lane; under a bare row, between its numbers and those of the next."""
        return lane[1] + lane[3] + (_ROW_GAP if lane[3] > 2 * _APART else 0)

    def in_node(self, rect: Rect) -> bool:
        """Tell whether a place lies in the node panel."""
        return holds(self.anchors["node",], (rect[0] + rect[2] // 2, rect[1] + rect[3] // 2))

    def is_open(self, spot: Point) -> bool:
        """Tell whether a spot is in a channel or a corridor, where a word has room beside a thing."""
        x, _, w, _ = self.anchors["channel", 2]
        return self.anchors["channel", 1][0] < spot[0] < x + w and not holds(self.anchors["node",], spot)

    def row_y(self, rect: Rect) -> int:
        """The gap under a card of the node."""
        return rect[1] + rect[3] + _ROW_GAP


def holds(rect: Rect, point: Point) -> bool:
    """Tell whether a point lies in a rectangle."""
    return rect[0] <= point[0] < rect[0] + rect[2] and rect[1] <= point[1] < rect[1] + rect[3]


def middle(rect: Rect) -> Point:
    """Return the middle of a rectangle."""
    return rect[0] + rect[2] // 2, rect[1] + rect[3] // 2
