"""Interleaving is where the bugs are: an interrupt comes at the worst moments of every path, and often.

Two kinds of worst moment are counted while a random mixture runs under all laws' eyes elsewhere (``test_laws.py``):

- *held*: an interrupt arrives while its own CPU holds a lock, spins for one, or has interrupts off; it must pend;
- *between*: an interrupt breaks in after a path has read something, or has something in its hand, and before the
  exchange or the list that it is for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

import pytest

from slabviz.engine.engine import Engine
from slabviz.model.cpu import Context
from slabviz.model.era import ERAS
from slabviz.model.events import Event, Kind
from slabviz.testing.mixture import Mixture, Recipe

PATHS = (
    "alloc fast", "alloc slow", "free fast", "free slow", "bulk alloc", "bulk free", "shrink", "flush", "page alloc",
    "page free", "rcu",
)  # fmt: skip

READS: dict[int, tuple[int, ...]] = {
    Kind.ALLOC_ENTER: (Kind.ALLOC_FASTPATH, Kind.CMPXCHG_DOUBLE_CPU_FAIL, Kind.ALLOC_SLOWPATH),
    Kind.FREE_ENTER: (Kind.FREE_FASTPATH, Kind.CMPXCHG_DOUBLE_CPU_FAIL, Kind.FREE_SLOWPATH),
    Kind.FREE_SLOWPATH: (
        Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.LOCK, Kind.LOCK_WAIT,
        Kind.CMPXCHG_DOUBLE_FAIL,
    ),
    Kind.ALLOC_NODE: (Kind.LOCK, Kind.LOCK_WAIT),
}  # fmt: skip
"""After the first a path has read what its exchange, one of the others, depends on."""

ARRIVALS = frozenset({Kind.IRQ_RAISE, Kind.SOFTIRQ_RAISE, Kind.GRACE_PERIOD, Kind.TASK_START})
"""Events on a CPU that are not steps of what runs there."""

FAST = (Kind.ALLOC_FASTPATH, Kind.FREE_FASTPATH)
PAGES = range(Kind.BUDDY_TAKE, Kind.PAGE_ALLOC_FAILED + 1)


@dataclass
class Watched:
    """One context: its last step, and the moments that its next step decides the path of."""

    last: int = -1
    moments: list[str] = field(default_factory=list)
    """held or between, since the last step."""


class Watch:
    """Sits beside a mixture's engine and counts (path, moment)."""

    def __init__(self, mixture: Mixture) -> None:
        self.mixture = mixture
        self.cpus = mixture.machine.cpus
        self.counts: Counter[tuple[str, str]] = Counter()
        self._contexts: dict[Context, Watched] = defaultdict(Watched)

    def before(self, event: Event) -> None:
        """An event is about to be applied."""
        kind, cpu = event[0], event[1]
        context = self.cpus[cpu].top
        watched = self._contexts[context]
        if kind == Kind.IRQ_RAISE:
            if context.irq_depth:
                watched.moments.append("held")
        elif kind == Kind.IRQ_ENTER:
            watched.moments.append("between")
        elif kind not in ARRIVALS:
            for moment in watched.moments:
                path = self._path(cpu, context, watched.last, kind)
                if path and (moment == "held" or self._in_between(context, watched.last, kind)):
                    self.counts[path, moment] += 1
            watched.moments.clear()
            watched.last = kind

    def _path(self, cpu: int, context: Context, last: int, coming: int) -> str | None:
        actor = self.mixture.engine.cast[context.actor]
        verb = self.mixture.doing.get((cpu, context.actor), "")
        if context.hand.block is not None or last in PAGES or coming in PAGES:
            allocates = "alloc" in verb or (context.call is not None and context.call[0] == Kind.ALLOC_ENTER)
            return "page alloc" if allocates else "page free"
        if actor.name == "RCU softirq":
            return "rcu"
        if actor.name.startswith("kworker"):
            return "flush"
        if verb in ("alloc", "free"):
            return f"{verb} {'fast' if coming in FAST else 'slow'}"
        return {"alloc_bulk": "bulk alloc", "free_bulk": "bulk free", "shrink": "shrink"}.get(verb)

    def _in_between(self, context: Context, last: int, coming: int) -> bool:
        hand = context.hand
        return coming in READS.get(last, ()) or bool(hand.slabs()) or hand.block is not None


def watched_run(recipe: Recipe) -> Watch:
    """Play a mixture to its end under a watch."""

    class WatchedEngine(Engine):
        def commit(self, event: Event) -> None:
            if watching:
                watching[0].before(event)
            super().commit(event)

    watching: list[Watch] = []
    mixture = Mixture(recipe, WatchedEngine)
    watching.append(Watch(mixture))
    for _ in mixture.play():
        pass
    return watching[0]


@pytest.fixture(scope="module", params=ERAS)
def watch(request: pytest.FixtureRequest) -> Watch:
    """One long mixture for each era, calls of all kinds on four CPUs."""
    recipe = Recipe(cpus=4, sizes=(2048, 700, 256), typesafe_by_rcu=True, ticks=20_000, gap=18, tasks_per_cpu=3, seed=5)
    return watched_run(replace(recipe, kernel=request.param))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("moment", ["held", "between"])
def test_an_interrupt_comes_at_the_worst_moments_of_every_path(watch: Watch, path: str, moment: str) -> None:
    assert watch.counts[path, moment] >= 1, dict(watch.counts)


def test_what_should_come_of_it_does(watch: Watch) -> None:
    """Failed exchanges, and a slab that was installed meanwhile: an interrupt's doing, not a script's."""
    kinds = Counter(event[0] for event in watch.mixture.engine.log.events())
    assert min(kinds[Kind.CMPXCHG_DOUBLE_CPU_FAIL], kinds[Kind.CMPXCHG_DOUBLE_FAIL], kinds[Kind.LOCK_WAIT]) >= 10
