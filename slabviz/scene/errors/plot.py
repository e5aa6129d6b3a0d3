"""The plot of an incident: which calls led to it, which bytes they were about, and what their pointers are called."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.cast import Actor
from slabviz.model.events import Kind
from slabviz.model.machine import Machine
from slabviz.scene.errors.calls import HEADERS, NOWHERE, WRITE, Deed
from slabviz.scene.errors.incidents import Incident, Incidents
from slabviz.scene.errors.paint import window
from slabviz.scene.story.names import short_name
from slabviz.timeline.run import Run

_NAMES = "pqrstuvw"
_TAKES = {"dev_kfree": HEADERS["dev_kmalloc"], "devm_kfree": HEADERS["devm_kmalloc"]}
"""How far in front of the pointer that they are given these frees begin."""


@dataclass(slots=True, frozen=True, eq=False)
class Plot:
    """``slab`` is the one whose bytes are shown, ``start`` … ``end`` - 1 those bytes; NOWHERE: none are."""

    run: Run
    incident: Incident
    deeds: tuple[Deed, ...]
    """The calls of the story, in order; the last one is the incident's."""
    left_out: int
    behind: int
    """Events up to here have happened."""
    slab: int = NOWHERE
    start: int = 0
    end: int = 0
    before: tuple[Deed, ...] = ()
    """Calls about these bytes, told or not, in order."""

    def actor(self, who: int) -> Actor:
        """Somebody by number."""
        return self.run.cast[who]

    def name(self, who: int) -> str:
        """What somebody is called; a device by its name alone."""
        actor = self.run.cast[who]
        return actor.name if actor.kind == "device" else short_name(actor)

    def tick(self, deed: Deed) -> int:
        """Where a call begins."""
        return self.run.log.tick_of(deed.first)

    def seen(self, deed: Deed) -> int:
        """The tick that shows what a call did, as far as it has come; of one that debugging finds fault with, the
        bytes as it finds them: it may restore them at once."""
        reports = (number for number in deed.troubles if number < self.behind)
        report = next((number for number in reports if self.kind(number) is Kind.SLAB_REPORT), None)
        if report is not None:
            return max(self.run.log.tick_of(report) - 1, self.tick(deed) - 1)
        return self.run.log.tick_of(min(deed.last, self.behind - 1))

    def kind(self, number: int) -> Kind:
        """What kind an event is of."""
        return Kind(int(self.run.log.matrix()[number, 0]))

    def kinds(self) -> set[Kind]:
        """What has happened in the incident so far."""
        return set(map(self.kind, self.incident.events))

    def is_over(self, deed: Deed) -> bool:
        """Whether nothing of a call is still to come."""
        return deed.last < self.behind

    def is_done(self, deed: Deed) -> bool:
        """Whether the bytes have changed hands."""
        return deed.done != NOWHERE and deed.done < self.behind

    def machine(self, deed: Deed) -> Machine:
        """The machine as a call leaves it: the timeline's, not to be kept."""
        return self.run.machine_at(self.seen(deed))

    def pointer_offset(self, deed: Deed) -> int:
        """Where the pointer leads that a call gives or is given, in the slab."""
        return deed.offset + (deed.header if deed.is_alloc else _TAKES.get(deed.name, 0))

    def pointers(self) -> dict[int, str]:
        """Names of the pointers by where they lead, in the order in which they are given out."""
        names: dict[int, str] = {}
        for deed in self.deeds:
            if deed.slab == self.slab != NOWHERE and deed.offset != NOWHERE and deed.name != WRITE:
                names.setdefault(self.pointer_offset(deed), _NAMES[min(len(names), len(_NAMES) - 1)])
        return names

    def pointer(self, deed: Deed) -> str:
        """The name of a call's pointer: ``p``, or ``p + 8``."""
        if deed.slab != self.slab or deed.offset == NOWHERE:
            return "ptr"
        names, at = self.pointers(), self.pointer_offset(deed)
        below = max((place for place in names if place <= at), default=None)
        if below is None:
            return "ptr"
        return names[below] if below == at else f"{names[below]} + {at - below}"

    def source(self, deed: Deed) -> Deed | None:
        """The call that gave the memory that another one is about: its very pointer, else what it lies in."""
        given = [other for other in self.before if other.first < deed.first and other.is_alloc and self.is_done(other)
                 and _covers(self, other, deed.offset)]  # fmt: skip
        exact = [other for other in given if self.pointer_offset(other) == self.pointer_offset(deed)]
        if deed.name in _TAKES:  # and it is known what gives such memory
            exact = [other for other in exact if other.header] or exact
        found = exact or given
        return found[-1] if found else None


def _covers(plot: Plot, given: Deed, offset: int) -> bool:
    size = plot.run.machine_at(plot.tick(given)).caches[given.cache].geometry.object_size
    return given.offset <= offset < given.offset + size


def locate(run: Run, deed: Deed) -> None:
    """Find the slab of a driver's free that has come no farther than the page of its pointer."""
    if deed.slab == NOWHERE and deed.page is not None:
        machine = run.machine_at(run.log.tick_of(deed.first))
        place = machine.virt_to_slab(machine.page_address(deed.page[0]) + deed.page[1])
        if place is not None:
            deed.slab, deed.offset = place[0].id, place[1] - _TAKES.get(deed.name, 0)


def plot_of(incidents: Incidents, incident: Incident, behind: int, most: int) -> Plot:
    """Find the calls: those about the same bytes since these were given out, at most ``most`` of them."""
    run, cause, deed = incidents.run, incident.cause, incident.deed
    locate(run, cause)
    locate(run, deed)
    ends = tuple(dict.fromkeys((cause, deed)))
    about = cause if cause.slab != NOWHERE else deed
    if about.slab == NOWHERE or about.offset == NOWHERE:
        return Plot(run, incident, ends, 0, behind)
    slab = run.machine_at(run.log.tick_of(about.first)).slabs.get(about.slab)
    slab = slab or run.machine_at(incident.tick).slabs.get(about.slab)
    if slab is None:
        return Plot(run, incident, ends, 0, behind)
    start, end = window(slab.cache, slab, about, deed)
    size = slab.cache.geometry.object_size
    touching = [
        each for each in incidents.deeds
        if each.slab == slab.id and each.first < behind and each.offset != NOWHERE
        and each.offset < end and each.offset + (each.size if each.name == WRITE else size) > start
        and each.cache in (NOWHERE, slab.cache.id)
    ]  # fmt: skip
    since = _since(touching, cause, slab.cache.size)
    touching = [each for each in touching if each.first >= since]
    told, left_out = _most(touching, ends, most)
    return Plot(run, incident, told, left_out, behind, slab.id, start, end, tuple(touching))


def _since(touching: list[Deed], cause: Deed, size: int) -> int:
    """From where on: each slot as it was given out the last time before the cause, or the time before that where it
    was free by then."""
    last: dict[int, int] = {}
    for each in touching:
        if each.is_alloc and each.first < cause.first:
            last[each.offset // size] = each.first
    return min(last.values(), default=cause.first)


def _most(touching: list[Deed], ends: tuple[Deed, ...], most: int) -> tuple[tuple[Deed, ...], int]:
    """Cause and failure, what lies between them, and what came last before the cause."""
    deeds = sorted({each.first: each for each in (*touching, *ends)}.values(), key=lambda each: each.first)
    deeds = deeds[: deeds.index(ends[-1]) + 1]
    if len(deeds) <= most:
        return tuple(deeds), 0
    kept = list(ends)
    cause = deeds.index(ends[0])
    places = {each.first: place for place, each in enumerate(deeds)}
    for each in sorted(deeds, key=lambda other: (places[other.first] < cause, abs(places[other.first] - cause))):
        if len(kept) < most and each not in kept:
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: each.first)), len(deeds) - most
