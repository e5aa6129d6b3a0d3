"""What helps when memory is short: kswapd, direct reclaim with shrinkers, and at last the OOM killer.

kswapd is a daemon of its own, started when it is woken for the first time; everything else runs in the context of the
task that has asked for memory.
"""

from __future__ import annotations

from slabviz.engine.engine import Engine
from slabviz.engine.oom import OomKiller
from slabviz.engine.task import Task
from slabviz.engine.waits import Block as Asleep
from slabviz.engine.waits import Path, Work
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.zone import Block
from slabviz.model.zones import highest_zone
from slabviz.slub.reclaim import (
    SWAP_CLUSTER_MAX,
    Scan,
    Shrinker,
    balance_pgdat,
    balanced,
    file_pages,
    try_to_free_pages,
)

MAX_RECLAIM_RETRIES = 16
"""After so many fruitless runs kswapd sleeps until a direct reclaim has freed something (``kswapd_failures``)."""


class Reclaim:
    """The engine's ``Pressure``: see ``slub/world.py`` for what each method is for."""

    def __init__(self, engine: Engine, blocks: list[Block]) -> None:
        self.engine = engine
        self.shrinkers: list[Shrinker] = []
        self.oom = OomKiller(engine)
        self._blocks = blocks
        """The blocks of the other owners of memory (``engine/memory.py``)."""
        self._kswapd: Task | None = None
        self._awake = False
        self._failures = 0
        self._waits = 0
        """How often in a row a grace period was waited for instead of killing somebody."""
        self._asked = (0, 0)
        """Order and highest zone that kswapd was woken for."""

    def dropped(self, block: Block) -> None:
        """A page of a file has been reclaimed: its owner has it no more."""
        if block in self._blocks:
            self._blocks.remove(block)

    def reclaimable(self, highest: int) -> int:
        """File pages, and a page for each object that the shrinkers could give up, at most."""
        zones = self.engine.machine.zones
        return file_pages(zones[highest : highest + 1])

    # kswapd.

    def wake_kswapd(self, cpu: int, order: int, zone: int) -> Path[None]:
        """``wakeup_kswapd``."""
        world = self.engine.world
        if self._awake or self._failures >= MAX_RECLAIM_RETRIES:
            return
        zones = self.engine.machine.zones[: zone + 1]
        if balanced(world, order, zone, boost=True) and not any(each.boost for each in zones):
            return
        self._awake, self._asked = True, (order, zone)
        yield (Kind.KSWAPD_WAKE, cpu, order, zone, 0)
        if self._kswapd is None:
            self._kswapd = self._start()
        else:
            self.engine.wake(self._kswapd)

    def _start(self) -> Task:
        agents = self.engine.agents
        takes_work = [cpu for cpu, agent in enumerate(agents) if not agent.leaving]
        cpu = min(takes_work, key=lambda cpu: (len(agents[cpu].ready) + (agents[cpu].task is not None), -cpu))
        actor = self.engine.cast.enter("pid", "ks", "kswapd0")
        return self.engine.start(cpu, actor, self._run(actor), daemon=True)

    def _run(self, actor: int) -> Work[None]:
        task = self.engine.tasks[actor]
        while True:
            (order, zone), cpu = self._asked, task.cpu
            yield (Kind.KSWAPD_RUN, cpu, order, zone, actor)
            scan = self._scan(cpu, GFP_KERNEL, zone, SWAP_CLUSTER_MAX)
            pages = yield from balance_pgdat(self.engine.world, scan, order)
            self._failures = 0 if pages else self._failures + 1
            yield (Kind.KSWAPD_SLEEP, cpu, 0, pages, actor)
            self._awake, task.at_rest = False, True
            yield Asleep()
            task.at_rest = False

    # Direct reclaim.

    def try_to_free_pages(self, cpu: int, order: int, gfp: int) -> Path[int]:
        """Reclaim by the task that needs the memory."""
        actor = self.engine.machine.cpus[cpu].top.actor
        self.engine.reclaiming.add(actor)
        yield (Kind.DIRECT_RECLAIM, cpu, order, gfp, actor)
        scan = self._scan(cpu, gfp, highest_zone(self.engine.machine.zones, gfp), SWAP_CLUSTER_MAX)
        pages = yield from try_to_free_pages(self.engine.world, scan)
        if pages:
            self._failures = self._waits = 0
            self.engine.reclaiming.discard(actor)
        yield (Kind.DIRECT_RECLAIM_END, cpu, order, pages, actor)
        return pages

    def _scan(self, cpu: int, gfp: int, highest: int, wanted: int) -> Scan:
        return Scan(cpu, gfp, highest, wanted, self, self.shrinkers)

    # The end.

    def out_of_memory(self, cpu: int, order: int, gfp: int) -> Path[bool]:
        """``out_of_memory``; objects and slabs that wait for a grace period are memory that is still to come."""
        rcu = self.engine.rcu
        if (rcu.waiting or self.engine.machine.rcu_slabs) and self._waits < MAX_RECLAIM_RETRIES:
            self._waits += 1
            return True
        self._waits = 0
        return (yield from self.oom.kill(cpu, order, gfp))

    def is_victim(self, cpu: int) -> bool:
        """Whether the task on this CPU must die."""
        return self.engine.machine.cpus[cpu].top.actor in self.oom.dying


def put_under_pressure(engine: Engine, blocks: list[Block]) -> Reclaim:
    """From here on memory that is short is reclaimed; before, what does not fit is refused."""
    reclaim = Reclaim(engine, blocks)
    engine.world.pressure = reclaim
    return reclaim
