"""What went wrong in a run: each incident with its call, and the call that is to blame for it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from slabviz.model.events import Kind
from slabviz.scene.errors.calls import NOWHERE, Deed, DeedReader
from slabviz.scene.errors.signs import trouble
from slabviz.timeline.run import Run

_WORST_FIRST = (
    Kind.PANIC, Kind.OOM_PANIC, Kind.OOPS, Kind.STUCK, Kind.DEV_BAD_MAGIC, Kind.SLAB_REPORT, Kind.WRONG_CACHE,
    Kind.NOT_A_SLAB, Kind.KFREE_NO_SLAB, Kind.DEVM_NOT_FOUND, Kind.OBJECTS_REMAINING, Kind.CACHE_REMAINS,
    Kind.MIGHT_SLEEP_BUG, Kind.OOM_KILL, Kind.MISTAKE,
)  # fmt: skip
STOPS = frozenset({Kind.PANIC, Kind.OOM_PANIC})
"""After one of these nothing runs any more."""
_SILENT = frozenset({"leak"})
"""Mistakes that nothing can be seen of when they are made."""


@dataclass(slots=True, frozen=True, eq=False)
class Incident:
    """Trouble in one call, as far as it has been told at a tick."""

    events: tuple[int, ...]
    """Numbers of its events."""
    kind: Kind
    """The worst of them; MISTAKE: the kernel has noticed nothing."""
    tick: int
    """Of its last event."""
    deed: Deed
    cause: Deed
    """The call that is to blame: the same one, where it is wrong itself."""

    @property
    def number(self) -> int:
        """What it is known by: the first of its events."""
        return self.events[0]


class Incidents:
    """Every incident of a run. Read when it is first asked for; nothing is read of a run that has none."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.deeds: list[Deed] = []
        self._groups: list[tuple[Deed, list[int]]] = []
        self._firsts: list[int] = []
        self._kinds: dict[int, Kind] = {}
        matrix = run.log.matrix()
        numbers = trouble(run.log)
        if numbers:
            self._kinds = {number: Kind(int(matrix[number, 0])) for number in numbers}
            reader = DeedReader(run.log, run.config.cpus)
            self.deeds = reader.deeds
            self._group(reader)

    def _group(self, reader: DeedReader) -> None:
        blamed = {deed.first: deed for deed in self.deeds if deed.mistake and deed.mistake not in _SILENT}
        groups: dict[int, tuple[Deed, list[int]]] = {}
        for number, kind in self._kinds.items():
            deed = blamed.get(number) if kind is Kind.MISTAKE else reader.of_trouble.get(number)
            if deed is not None:
                groups.setdefault(deed.first, (deed, []))[1].append(number)
        self._groups = sorted(groups.values(), key=lambda group: group[1][0])
        self._firsts = [self.run.log.tick_of(numbers[0]) for _, numbers in self._groups]

    @property
    def first_tick(self) -> int | None:
        """Where the first thing goes wrong; None: nothing does."""
        return self._firsts[0] if self._firsts else None

    @property
    def stops(self) -> bool:
        """Whether the run ends because the kernel has stopped."""
        return any(kind in STOPS for kind in self._kinds.values())

    def at(self, tick: int) -> Incident | None:
        """The latest incident that has begun at a tick, as far as it is told by then."""
        place = bisect_right(self._firsts, tick) - 1
        if place < 0:
            return None
        deed, numbers = self._groups[place]
        behind = self.run.log.span(tick)[1]
        told = tuple(number for number in numbers if number < behind)
        kind = min((self._kinds[number] for number in told), key=_WORST_FIRST.index)
        return Incident(told, kind, self.run.log.tick_of(told[-1]), deed, self._cause(deed))

    def fresh(self, tick: int) -> Incident | None:
        """The same, while its chapter lasts: so long it is told of without being asked for."""
        incident = self.at(tick)
        if incident is None:
            return None
        begun = [chapter.tick for chapter in self.run.chapters if incident.tick < chapter.tick <= tick]
        return None if begun else incident

    def _cause(self, deed: Deed) -> Deed:
        """Whose fault it is: his who does wrong here, else the last wrong call about the same bytes, or slab."""
        if deed.mistake:
            return deed
        wrong = [other for other in self.deeds if other.mistake and other.first < deed.first]
        if deed.name == "kmem_cache_destroy":
            of_cache = [other for other in wrong if other.cache == deed.cache and other.mistake in _SILENT]
            return of_cache[-1] if of_cache else deed
        wrong = [other for other in wrong if other.mistake not in _SILENT]
        near = [other for other in wrong if other.slab == deed.slab != NOWHERE]
        return near[-1] if near else deed
