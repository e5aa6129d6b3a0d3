"""What drawing a move needs to know of the picture at an instant: places, roads, and how things look."""

from __future__ import annotations

from dataclasses import dataclass, field

from slabviz.scene.display import Colour, Measure
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.motion.pace import Pace
from slabviz.scene.motion.roads import Roads
from slabviz.scene.motion.routes import Route, route_of
from slabviz.scene.moves import Move
from slabviz.scene.state import HolderCard, SlabCard, StageState

NEUTRAL: Colour = "owner7"


@dataclass(slots=True, eq=False)
class Scenery:
    """One laid-out picture. Routes are found once for all frames that show it."""

    state: StageState
    anchors: Anchors
    measure: Measure
    pace: Pace
    roads: Roads = field(init=False)
    cards: dict[int, SlabCard] = field(init=False)
    """The slabs on their way, by id."""
    _holders: dict[int, HolderCard] = field(init=False)
    _routes: dict[Move, Route] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.roads = Roads(self.anchors, len(self.state.lanes))
        self.cards = {card.slab: card for card in self.state.travelling}
        self._holders = {card.actor: card for card in self.state.holders.cards}

    def route(self, move: Move) -> Route:
        """Return the route of a move between the places of this picture."""
        found = self._routes.get(move)
        if found is None:
            found = self._routes[move] = route_of(move, self.roads)
        return found

    def owner(self, actor: int) -> tuple[str, Colour]:
        """Return the mark and the colour of a holder; nothing and neutral for one without a card."""
        card = self._holders.get(actor)
        return (card.mark, f"owner{card.colour}") if card is not None else ("", NEUTRAL)

    @property
    def hot(self) -> int:
        """The CPU whose path is lit, or -1."""
        if self.state.caption.path != "slow":
            return -1
        return next((lane.cpu for lane in self.state.lanes if lane.hot), -1)
