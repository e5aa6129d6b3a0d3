"""Everything that lies over a page because the viewer asked: kept cards, tooltip, menu, entry. Made anew each frame."""

from __future__ import annotations

from collections.abc import Callable

from slabviz.scene.display import Node, Target
from slabviz.scene.find import Found, find
from slabviz.scene.layout.desk import Desk
from slabviz.scene.levels import Level
from slabviz.scene.profiles import Profile, profile
from slabviz.scene.sight import Sight
from slabviz.scene.state import Key, StageState
from slabviz.scene.view import Asked, Entry, ViewState
from slabviz.scene.widgets.cards import card_nodes
from slabviz.scene.widgets.entry import entry_nodes
from slabviz.scene.widgets.menu import menu_nodes
from slabviz.scene.widgets.overlay import overlay_nodes

_NOTHING = Found((), 0)


class Overlays:
    """Remembers what it has looked up while the moment stays the same."""

    def __init__(self) -> None:
        self._of: StageState | None = None
        self._profiles: dict[Key, Profile | None] = {}
        self._found: dict[str, Found] = {}

    def lay(
        self, desk: Desk, view: ViewState, state: StageState, sight: Callable[[], Sight], last_tick: int
    ) -> tuple[list[Node], list[Target]]:
        """Return the nodes and what can be pressed in them; ``sight`` is only asked for what needs it."""
        if self._of is not state:
            self._of, self._profiles, self._found = state, {}, {}

        def known(key: Key) -> Profile | None:
            if key not in self._profiles:
                self._profiles[key] = profile(sight(), desk.tr, key)
            return self._profiles[key]

        on_stage = view.level is Level.CACHE  # elsewhere the story is not told
        shown = [(card, made) for card in view.cards if on_stage and (made := known(card.about)) is not None]
        nodes, targets = card_nodes(desk, view, shown)
        over: list[tuple[list[Node], list[Target]]] = []
        if view.menu is not None:
            named = known(view.menu.about)
            over.append(menu_nodes(desk, view, view.menu, "" if named is None else named.name))
        if view.entry is not None:
            over.append(entry_nodes(desk, view, view.entry, self.found(view.entry, state, sight), last_tick))
        for more, places in over:
            nodes, targets = nodes + more, targets + places
        about = None if view.tip is None or view.tip.about is None or not on_stage else known(view.tip.about)
        return [*nodes, *overlay_nodes(desk, view, about)], targets

    def found(self, entry: Entry, state: StageState, sight: Callable[[], Sight]) -> Found:
        """What the text of an entry finds at this moment."""
        if entry.asked is not Asked.FIND:
            return _NOTHING
        if self._of is not state or entry.text not in self._found:
            at = sight()
            self._found[entry.text] = find(at.run, at.machine, at.cache.id, entry.text)
        return self._found[entry.text]
