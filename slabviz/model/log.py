"""The event log: the one truth about what happened, packed in rows of five 32-bit integers.

20 bytes an event and 4 a tick. A flat list takes what is new (the cheapest thing to write to), full chunks of it are
packed. Readers get plain tuples, or the whole as a numpy matrix.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from slabviz.model.events.kinds import Event

WIDTH = 5
CHUNK = 8192
"""Events in a packed chunk."""
FULL = CHUNK * WIDTH


class EventLog:
    """Events in order, and for each tick where it begins.

    ``tail`` may be extended directly by whoever drives paths (``tail.extend(event)``); ``begin_tick`` packs it.
    """

    __slots__ = ("_matrix", "chunks", "starts", "tail")

    def __init__(self) -> None:
        self.chunks: list[array[int]] = []
        self.tail: list[int] = []
        self.starts = array("i")
        self._matrix: npt.NDArray[np.int32] | None = None

    def __len__(self) -> int:
        """Number of events."""
        return len(self.chunks) * CHUNK + len(self.tail) // WIDTH

    @property
    def ticks(self) -> int:
        """Number of ticks begun; the first is tick 0."""
        return len(self.starts)

    @property
    def nbytes(self) -> int:
        """Size of the packed log in bytes."""
        return len(self) * WIDTH * 4 + len(self.starts) * 4

    def begin_tick(self) -> None:
        """What is added from now on belongs to the next tick."""
        filled = len(self.tail)
        self.starts.append(len(self.chunks) * CHUNK + filled // WIDTH)  # __len__, once a tick
        if filled >= FULL:
            self.pack()

    def pack(self) -> None:
        """Pack all full chunks of the tail; the list itself stays the same object."""
        while len(self.tail) >= FULL:
            self.chunks.append(array("i", self.tail[:FULL]))
            del self.tail[:FULL]

    def span(self, tick: int) -> tuple[int, int]:
        """(first, behind the last) event number of a tick."""
        return self.starts[tick], self.starts[tick + 1] if tick + 1 < len(self.starts) else len(self)

    def tick_of(self, number: int) -> int:
        """The tick in which an event happened."""
        return bisect_right(self.starts, number) - 1

    def events(self, first: int = 0, behind: int | None = None) -> Iterator[Event]:
        """Events number ``first`` up to ``behind`` (the end by default), in order."""
        behind = len(self) if behind is None else behind
        while first < behind:
            chunk, offset = divmod(first, CHUNK)
            rows: Sequence[int] = self.chunks[chunk] if chunk < len(self.chunks) else self.tail
            if chunk >= len(self.chunks):
                offset = first - len(self.chunks) * CHUNK
                count = behind - first
            else:
                count = min(CHUNK - offset, behind - first)
            flat = iter(rows[offset * WIDTH : (offset + count) * WIDTH])
            yield from zip(flat, flat, flat, flat, flat, strict=True)
            first += count

    def of_tick(self, tick: int) -> list[Event]:
        """The events of one tick."""
        return list(self.events(*self.span(tick)))

    def matrix(self) -> npt.NDArray[np.int32]:
        """All events as an array of shape (events, 5): kind, cpu, slab, arg, who. Made again only when the log has
        grown."""
        if self._matrix is None or len(self._matrix) != len(self):
            parts = [np.frombuffer(chunk, dtype=np.int32) for chunk in self.chunks]
            parts.append(np.array(self.tail, dtype=np.int32))
            self._matrix = np.concatenate(parts).reshape(-1, WIDTH)
        return self._matrix

    @classmethod
    def of(cls, matrix: npt.NDArray[np.int32], starts: npt.NDArray[np.int32]) -> EventLog:
        """A log from packed columns, as a saved run holds them: shapes (events, 5) and (ticks,)."""
        log = cls()
        flat = np.ascontiguousarray(matrix, dtype=np.int32).reshape(-1)
        for start in range(0, len(flat) - FULL + 1, FULL):
            log.chunks.append(array("i", flat[start : start + FULL].tobytes()))
        log.tail = flat[len(log.chunks) * FULL :].tolist()
        log.starts = array("i", np.ascontiguousarray(starts, dtype=np.int32).tobytes())
        return log
