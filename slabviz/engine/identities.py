"""Whose things are: processes, inodes, packets and devices, each with a number that nobody else has at that time."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.cast import Cast

HIGHEST = 999
"""Marks have at most three digits; numbers are given in a circle, as pids are (``alloc_pid``)."""

FIRST_PID = 50
"""The first number given to a process that is started; smaller ones are for the scenario's own tasks."""

DEVICE_MARKS = {"eth0": 7, "nvme0": 5, "wlan0": 9, "usb0": 3, "snd0": 2, "kworker": 8}
"""The devices that all scenarios share."""

PID = "pid"


@dataclass(slots=True, eq=False)
class Identity:
    """Somebody who may hold objects. ``uses`` counts his live objects, and one more while he runs."""

    kind: str
    number: int
    actor: int
    name: str
    uses: int = 0


class Identities:
    """Gives numbers and enters everybody in the cast. At any time a number means one of all who are there."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._taken: set[int] = set()
        self._last: dict[str, int] = {PID: FIRST_PID - 1}
        self._turns: dict[tuple[str, tuple[str, ...]], int] = {}

    def new(self, kind: str, names: tuple[str, ...], number: int = 0) -> Identity:
        """Somebody new; ``names`` are taken in turn (none: the kind), ``number`` 0 is the next free one."""
        number = number or self._next(kind)
        self._taken.add(number)
        name = self._name(kind, names)
        return Identity(kind, number, self.cast.enter(kind, str(number), name), name)

    def _next(self, kind: str) -> int:
        """The next number of a kind that nobody has; when all are taken, the next one all the same."""
        number = self._last.get(kind, 0)
        for _ in range(HIGHEST):
            number = number % HIGHEST + 1
            if number not in self._taken:
                break
        self._last[kind] = number
        return number

    def _name(self, kind: str, names: tuple[str, ...]) -> str:
        if len(names) < 2:
            return names[0] if names else kind
        turn = self._turns.get((kind, names), 0)
        self._turns[kind, names] = turn + 1
        return names[turn % len(names)]

    def device(self, name: str, kind: str) -> Identity:
        """An interrupt source or softirq: ``kind`` irq or softirq; shared devices have their own mark."""
        number = DEVICE_MARKS.get(name, 0)
        self._taken.add(number)  # 0, which stands for none, is never given anyway
        return Identity(kind, 0, self.cast.enter(kind, str(number) if number else name[:2], name), name)

    def new_device(self, name: str) -> Identity:
        """A device that memory is allocated for: its mark is that of the interrupts of the same name, if shared."""
        mark = str(DEVICE_MARKS[name]) if name in DEVICE_MARKS else name[:3]
        identity = Identity("device", 0, self.cast.enter("device", mark, name), name)
        self.keep(identity)
        return identity

    def keep(self, identity: Identity) -> None:
        """One more use of somebody."""
        identity.uses += 1

    def drop(self, identity: Identity) -> None:
        """One use less; after the last one the number may be given again."""
        identity.uses -= 1
        if not identity.uses and identity.number:
            self._taken.discard(identity.number)
