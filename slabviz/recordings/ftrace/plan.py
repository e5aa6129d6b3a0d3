"""How the calls of a trace are said to have overlapped: which one stops where, and when it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

END = 1 << 30
"""More stops than any call makes."""
FAR = 1 << 29
"""As many stops as there are before the object is handed out, or pages are needed whose line is still to come."""
STEPS = 1 << 20
"""STEPS + n: not so many stops but n steps, so that interrupts may be off during the pause."""

Pause = tuple[int, int]
"""(position, stops): before the line at this position a call has come so many stops far, counted from its beginning."""


@dataclass(slots=True, frozen=True)
class Plan:
    """A call that is not named here is carried out whole at its line (but for the pages that it takes at theirs).

    Calls are named by the position of their line. ``early``: what a call does before its line. ``late``: -> (steps,
    position): so many steps after its line a call pauses, and ends before the line there. ``forced`` are those that no
    plan explains.
    """

    early: dict[int, tuple[Pause, ...]] = field(default_factory=dict)
    late: dict[int, tuple[int, int]] = field(default_factory=dict)
    forced: frozenset[int] = frozenset()

    def advances(self, call: int, position: int, stops: int) -> Plan:
        """The same, but a call has come so far before a line; what contradicts that is dropped."""
        others = [
            (at, done) for at, done in self.early.get(call, ()) if (at < position) == (done < stops) and at != position
        ]
        return replace(self, early={**self.early, call: tuple(sorted([*others, (position, stops)]))})

    def times(self, call: int, pauses: tuple[Pause, ...], end: tuple[int, int] | None) -> Plan:
        """The same, but a call goes exactly so; ``end`` as in ``late``."""
        late = {number: pause for number, pause in self.late.items() if number != call}
        return Plan({**self.early, call: pauses}, late if end is None else {**late, call: end}, self.forced)

    def ends(self, call: int, steps: int, position: int) -> Plan:
        """The same, but a call ends late."""
        return replace(self, late={**self.late, call: (steps, position)})

    def gives_up(self, call: int) -> Plan:
        """The same, but a call comes out as it may."""
        early = {number: pauses for number, pauses in self.early.items() if number != call}
        late = {number: pause for number, pause in self.late.items() if number != call}
        return Plan(early, late, self.forced | {call})

    def runs(self) -> dict[int, list[tuple[int, int]]]:
        """Position -> (call, stops) that are due before its line."""
        found: dict[int, list[tuple[int, int]]] = {}
        for call, (_, position) in self.late.items():
            found.setdefault(position, []).append((call, END))
        for call, pauses in self.early.items():
            for position, stops in pauses:
                found.setdefault(position, []).append((call, stops))
        return found
