"""What came of a replay: what the model did as the trace says, how that was explained, and what was not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Misplaced:
    """An object that the model put elsewhere: ``expected`` is the trace's address, NULL is 0."""

    line: int
    cache: str
    expected: int
    got: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.cache}: expected {self.expected:016x}, got {self.got:016x}"


@dataclass(slots=True)
class Outcome:
    """``passed_over`` counts by reason what was no call that the model could carry out.

    ``nested`` are calls that stopped half-way while others were carried out on the same CPU, as when an interrupt
    breaks in; ``overlapped`` those that did so for calls of other CPUs alone. What neither explains is ``misplaced``,
    and ``forced`` are calls for which the trace shows a new slab though the model would still have found something.
    """

    allocations: int = 0
    frees: int = 0
    misplaced: list[Misplaced] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    nested: int = 0
    overlapped: int = 0
    forced: int = 0
    broken: list[tuple[int, str]] = field(default_factory=list)
    """Lines at which a trace contradicts itself (0: the whole of it), and how."""

    @property
    def first_lines(self) -> list[int]:
        """The lines at which something is wrong, in order."""
        return sorted({one.line for one in self.misplaced} | {line for line, _ in self.broken})

    @property
    def explained(self) -> bool:
        """Whether every object came to lie where the trace says, by the model's own rules."""
        return not self.misplaced and not self.forced and not self.broken

    def add(self, other: Outcome) -> None:
        """Count another one in: that of another cache."""
        self.allocations += other.allocations
        self.frees += other.frees
        self.misplaced = sorted([*self.misplaced, *other.misplaced], key=lambda one: one.line)
        self.passed_over += other.passed_over
        self.nested += other.nested
        self.overlapped += other.overlapped
        self.forced += other.forced
        self.broken = sorted([*self.broken, *other.broken])

    def copy(self) -> Outcome:
        """The same, to be counted on from."""
        copied = Outcome()
        copied.add(self)
        return copied
