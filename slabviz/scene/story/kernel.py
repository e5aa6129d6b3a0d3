"""What the overview says at one tick: the numbers of all caches and groups, who is busiest, and the caption."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.layout.memo import Memo
from slabviz.scene.layout.sketch import Translate
from slabviz.scene.state import Caption
from slabviz.scene.story.atlas import Atlas
from slabviz.scene.story.cache_groups import GROUPS, group_of
from slabviz.scene.story.field import Field, busiest, nr_slabs, rates, window_of
from slabviz.scene.story.numbers import grouped
from slabviz.scene.story.series import population_of
from slabviz.timeline.run import Run

LEVELS = 12
"""Steps of brightness."""
FRAMES = (16, 40, 70)
"""Percent of the top rate from which on a tile has a frame of 1, 2, 3 px (8k, 20k, 35k of 50k)."""
_KIB, _TENTH = 1024, (1 << 20) / 10


@dataclass(slots=True, frozen=True)
class CacheLine:
    """One cache at a tick; ``rate`` is what it handed out for 1 000 ticks, ``rank`` its place by that, from 1 on."""

    cache: int
    name: str
    used: int
    free: int
    size: int
    per_slab: int
    slabs: int
    rate: int
    rank: int
    level: int
    """Brightness, 0 … LEVELS - 1."""
    frame: int
    """0 … 3: weight of the frame in px."""

    @property
    def objects(self) -> int:
        """Used and free ones in all slabs."""
        return self.used + self.free

    @property
    def bytes(self) -> int:
        """Memory of its objects."""
        return self.objects * self.size


@dataclass(slots=True, frozen=True)
class GroupLine:
    """One group at a tick: caches that have objects, and their memory as text ("20.6 MiB")."""

    key: str
    caches: int
    memory: str


@dataclass(slots=True, frozen=True)
class KernelState:
    """``lines`` by cache id; ``ranking`` has the ids, the busiest first, of idle ones those with most memory.

    ``window`` is the ticks that rates are counted over, ``top`` the rate of full brightness.
    """

    lines: tuple[CacheLine, ...]
    ranking: tuple[int, ...]
    groups: tuple[GroupLine, ...]
    caches: int
    objects: int
    memory: str
    window: int
    top: int

    @property
    def busiest(self) -> CacheLine | None:
        """The cache that handed out most in the window, if any did."""
        line = self.lines[self.ranking[0]] if self.ranking else None
        return line if line is not None and line.rate else None


class Overview:
    """Everything about a run that the overview needs, made once."""

    def __init__(self, run: Run, memo: Memo) -> None:
        self.atlas = Atlas.of(run, population_of(memo, run))
        self.field = Field(self.atlas)
        self.window = window_of(self.atlas)
        self.top = round_rate(busiest(self.atlas, self.window))
        self._told: tuple[int, KernelState] | None = None
        self.group_of = tuple(group_of(name) for name in self.atlas.names)

    def state(self, tick: int) -> KernelState:
        """The numbers at a tick; the field is brought there too."""
        if self._told is None or self._told[0] != tick:
            self._told = tick, self._tell(tick)
        return self._told[1]

    def _tell(self, tick: int) -> KernelState:
        atlas, field = self.atlas, self.field
        field.at(tick)
        rate = rates(atlas, tick, self.window).tolist()
        slabs = nr_slabs(atlas, tick).tolist()
        memory = [(field.used[cache] + field.free[cache]) * size for cache, size in enumerate(atlas.size)]
        ranking = sorted(range(len(rate)), key=lambda cache: (-rate[cache], -memory[cache], atlas.names[cache]))
        rank = {cache: place for place, cache in enumerate(ranking, 1)}
        lines = tuple(
            CacheLine(cache, name, field.used[cache], field.free[cache], atlas.size[cache], atlas.per_slab[cache],
                      slabs[cache], rate[cache], rank[cache], level(rate[cache], self.top),
                      frame(rate[cache], self.top))
            for cache, name in enumerate(atlas.names)
        )  # fmt: skip
        groups, total = self._groups(lines)
        some = sum(line.objects > 0 for line in lines)
        objects = sum(line.objects for line in lines)
        return KernelState(lines, tuple(ranking), groups, some, objects, total, self.window, self.top)

    def _groups(self, lines: tuple[CacheLine, ...]) -> tuple[tuple[GroupLine, ...], str]:
        """The groups' numbers; their memories, rounded, sum to the total."""
        sizes, counts = dict.fromkeys(GROUPS, 0), dict.fromkeys(GROUPS, 0)
        for line in lines:
            sizes[self.group_of[line.cache]] += line.bytes
            counts[self.group_of[line.cache]] += line.objects > 0
        texts = memory_texts([*sizes.values()])
        rows = zip(GROUPS, counts.values(), texts[1:], strict=True)
        return tuple(GroupLine(*row) for row in rows), texts[0]


def overview_of(memo: Memo, run: Run) -> Overview:
    """The overview of a run, made once."""
    return memo.value(("overview",), (run.log, len(run.log)), lambda: Overview(run, memo))


def memory_texts(sizes: list[int]) -> list[str]:
    """The total and each size, in tenths of MiB (small ones in KiB), rounded so that the sizes sum to the total."""
    total = sum(sizes)
    if total < 1 << 20:
        whole, parts = largest_remainder([size / _KIB for size in sizes])
        return [f"{grouped(number)} KiB" for number in (whole, *parts)]
    whole, parts = largest_remainder([size / _TENTH for size in sizes])
    return [f"{grouped(number // 10)}.{number % 10} MiB" for number in (whole, *parts)]


def largest_remainder(values: list[float]) -> tuple[int, list[int]]:
    """Round a sum and its parts to whole numbers that still sum up: the largest remainders are rounded up."""
    whole = int(sum(values) + 0.5)
    parts = [int(value) for value in values]
    order = sorted(range(len(values)), key=lambda number: parts[number] - values[number])
    for number in order[: max(whole - sum(parts), 0)]:
        parts[number] += 1
    return whole, parts


def round_rate(highest: int) -> int:
    """The rate of full brightness: 1, 2, 3, 5 or 7 times a power of ten, not below the run's highest."""
    power = 10
    while 7 * power < highest:
        power *= 10
    return next((step * power for step in (1, 2, 3, 5, 7) if step * power >= highest), 10 * power)


def level(rate: int, top: int) -> int:
    """Brightness: the cube root, so that what is quiet can still be told apart."""
    return int(min(rate / top, 1.0) ** (1 / 3) * (LEVELS - 1) + 0.5)


def frame(rate: int, top: int) -> int:
    """Weight of the frame in px."""
    return sum(rate * 100 >= share * top for share in FRAMES)


def amount(rate: int) -> str:
    """A rate as it is written everywhere, without its unit: ``640``, ``29.2k``, ``1.3M``."""
    for power, sign in ((1_000_000, "M"), (1000, "k")):
        if rate >= power:
            return f"{rate * 10 // power // 10}.{rate * 10 // power % 10}{sign}"
    return str(rate)


def kernel_caption(state: KernelState, chosen: str, tr: Translate, *, short: bool) -> Caption:
    """The caption of the overview."""
    size = "short" if short else "long"
    line = state.busiest
    values = {"caches": state.caches, "objects": grouped(state.objects), "memory": state.memory,
              "window": state.window, "busiest": "" if line is None else line.name}  # fmt: skip
    key = "none" if not state.objects else "quiet" if line is None else "busy"
    words = tuple((tr(f"caption.word.{word}.word"), tr(f"caption.word.{word}.means")) for word in ("cache", "object"))
    return Caption(
        who=tr("kernel.all"),
        path="overview",
        pill=tr("caption.pill.overview"),
        sentence=tr(f"kernel.caption.{key}.{size}", **values),
        glossary=words,
        step=0,
        steps=0,
        step_text="",
        next=tr("kernel.caption.next", cache=chosen),
    )
