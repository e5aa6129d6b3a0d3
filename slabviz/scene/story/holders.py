"""Who holds objects of the cache, who waits for one, and whose are still flying."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.scene.state import HolderCard, Holders
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.names import card_name
from slabviz.scene.story.numbers import grouped
from slabviz.scene.story.slabs import Shelf, Tally
from slabviz.scene.story.spotlight import Spot
from slabviz.scene.story.work import running_call

GUEST = 9
"""Place among the cards that every window shows, for the one whom the lit call is about."""


FEW = 600
"""Events between two pictures up to which those whose card may have changed are looked up one by one."""


class HoldersPanel:
    """Keeps the cards from tick to tick; made again are those whose counts changed or whom an event names."""

    def __init__(self) -> None:
        self._cards: dict[int, HolderCard] = {}
        self._behind: int | None = None

    def holders(self, m: Moment, shelf: Shelf, lit: Spot | None) -> Holders:
        """A card for everybody, each in the place he keeps; counted are solid cells and both kinds of dashed ones."""
        self._forget_changed(m)
        tally, waiting = shelf.tally, _waiting(m, shelf.tally)
        everybody = {*tally.held, *tally.arriving, *tally.returning, *waiting}
        known = self._cards
        self._cards = {who: self._card(m, tally, who, who in waiting, known.get(who)) for who in everybody}
        cards = sorted(self._cards.values(), key=lambda card: (card.slot, card.actor))
        if lit is not None:
            _bring_forward(cards, lit.call.who)
        return Holders(_summary(m, tally, len(waiting)), tuple(cards))

    def _forget_changed(self, m: Moment) -> None:
        """Colour, place and RCU note of somebody change only by events that name him."""
        last, self._behind = self._behind, m.behind
        if last is None or abs(m.behind - last) > FEW:
            self._cards = {}
            return
        for event in m.run.log.events(min(last, m.behind), max(last, m.behind)):
            self._cards.pop(event[4], None)

    def _card(self, m: Moment, tally: Tally, who: int, waits: bool, known: HolderCard | None) -> HolderCard:
        counts = tally.held[who], tally.arriving[who], tally.returning[who], waits
        if known is not None and counts == (known.held, known.arriving, known.returning, known.waiting):
            return known
        return _card(m, who, *counts)


def _bring_forward(cards: list[HolderCard], who: int) -> None:
    """When somebody stands too far back to be seen, he changes places with one in front; nobody else moves."""
    place = next((place for place, card in enumerate(cards) if card.actor == who), 0)
    if place > GUEST:
        cards[GUEST], cards[place] = cards[place], cards[GUEST]


def _waiting(m: Moment, tally: Tally) -> set[int]:
    """Those for whom an allocation of this cache is under way and who have not been given the object yet."""
    found = set()
    for cpu in m.machine.cpus:
        for depth in range(len(cpu.stack)):
            call = running_call(m, cpu.id, depth)
            if call is not None and call.kind == Kind.ALLOC_ENTER and call.cache == m.cache.id and call.who:
                given = any(kind in _GIVEN for number, kind, _, _ in call.marks if number < m.behind)
                if not given and not tally.arriving[call.who]:
                    found.add(call.who)
    return found


_GIVEN = frozenset({Kind.LOAD_FREELIST, Kind.ALLOC_FAILED})


def _card(m: Moment, who: int, held: int, arriving: int, returning: int, waits: bool) -> HolderCard:
    actor = m.actor(who)
    return HolderCard(
        actor=who,
        mark=actor.mark,
        name=card_name(actor),
        colour=m.tenures.colour(who, m.behind),
        held=held,
        arriving=arriving,
        returning=returning,
        waiting=waits,
        note=_note(m, who, arriving, returning, waits),
        slot=m.tenures.slot(who, m.behind),
    )


def _note(m: Moment, who: int, arriving: int, returning: int, waits: bool) -> str:
    for count, word in ((arriving, "arriving"), (returning, "returning"), (int(waits), "waiting")):
        if count:
            return m.tr(f"stage.holder.{word}")
    return m.tr("stage.holder.rcu") if m.tenures.waits_for_rcu(who, m.behind) else ""


def _summary(m: Moment, tally: Tally, waiting: int) -> str:
    """``45 held · 1 arriving · 2 on the way back · 1 waiting``; what is not there is left out."""
    counts = (
        ("held", sum(tally.held.values())),
        ("arriving", sum(tally.arriving.values())),
        ("returning", sum(tally.returning.values())),
        ("waiting", waiting),
    )
    return " · ".join(
        m.tr(f"stage.holders.{word}", count=grouped(count)) for word, count in counts if count or word == "held"
    )
