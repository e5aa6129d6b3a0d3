"""A recording on the stage: the kernel's recorded operations carried out step by step, so that they can be watched.

Every CPU has a kworker, as the recorder had; the operations are done one after another, each by the kworker of its CPU,
and a shrink has its flushes done in the recorded order. Nothing else runs, so every object comes to lie where it lay in
the real kernel, and that is checked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from slabviz.engine.engine import Engine
from slabviz.engine.task import Task
from slabviz.engine.waits import Block, Work
from slabviz.errors import DifferenceFound
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.slab import Slab
from slabviz.recordings.conformance import load
from slabviz.recordings.conformance_check import chain_differences, header_differences, requested_geometry
from slabviz.recordings.difference import Difference
from slabviz.recordings.fragment import fragment, release
from slabviz.recordings.record import Header, Operation
from slabviz.recordings.replay import chain_starts, flush_order, machine_config
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.bulk import kmem_cache_alloc_bulk, kmem_cache_free_bulk
from slabviz.slub.deactivate import flush_cpu_partial, flush_slab
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.slub.world import FlushCpus
from slabviz.slub.world import Path as KernelPath
from slabviz.timeline.run import About, Run

LEAST_PAGES = 4096  #: page frames of the playing machine, or the next power of two that has twice what the slabs take

Progress = Callable[[int, int], None]


def play(path: Path, ticks: int | None = None, progress: Progress | None = None) -> Run:
    """Run a conformance recording to its end, or for ``ticks`` ticks; ``progress`` hears of operations done, of all.

    Raises RecordingError for an unusable recording, DifferenceFound where the model does otherwise than the kernel.
    """
    header, lines = load(path)
    operations = [line for line in lines if isinstance(line, Operation)]
    shape = requested_geometry(header, path, header.era)
    _refuse(path, header_differences(header, shape, header.era))
    for operation in operations:
        _refuse(path, chain_differences(operation, header))
    pages = max(LEAST_PAGES, 1 << (2 * _peak(operations) << shape.oo_order).bit_length())
    player = _Player(path, header, operations, Engine(machine_config(header, header.era, pages)))
    player.run(ticks, progress)
    title = {"en": header.script, "zh": header.script}
    engine = player.engine
    return Run(
        engine.config, engine.log, engine.cast, About(title, source=path.name, id=header.script, kernel=header.kernel)
    )


def _refuse(path: Path, found: Iterable[Difference]) -> None:
    for difference in found:
        raise DifferenceFound(f"{path}: {difference}; 'slabviz verify' compares everything")


def _peak(operations: list[Operation]) -> int:
    """The most slabs there are at any time, by the recording."""
    slabs = most = 0
    for operation in operations:
        slabs += len(operation.new)
        most = max(most, slabs)
        slabs -= len(operation.gone)
    return most


class _Player:
    """Hands the operations to the kworkers: the turn is a baton, and who does not have it sleeps."""

    def __init__(self, path: Path, header: Header, operations: list[Operation], engine: Engine) -> None:
        self.path, self.header, self.operations, self.engine = path, header, operations, engine
        engine.world.first_object = self._next_start
        self._cache: KmemCache = engine.machine.caches[0]
        self._done = 0
        self._starts: deque[int] = deque()
        self._flushes: deque[tuple[str, int]] = deque()
        self._addresses: dict[int, int] = {}
        self._workers: list[Task] = []
        for cpu in range(header.nr_cpus):
            actor = engine.cast.enter("pid", f"w{cpu}", f"kworker/{cpu}:0")
            self._workers.append(engine.start(cpu, actor, self._worker(cpu)))
        self._verbs: Mapping[str, Callable[[Operation], Work[None]]] = {
            "alloc": self._alloc,
            "free": self._free,
            "bulk_alloc": self._bulk_alloc,
            "bulk_free": self._bulk_free,
            "shrink": self._shrink,
            "fragment": self._fragment,
            "release": self._release,
        }
        self._held: list[int] = []

    def run(self, ticks: int | None, progress: Progress | None) -> None:
        engine, told = self.engine, 0
        while not engine.quiet and (ticks is None or engine.now < ticks):
            engine.tick()
            if progress is not None and self._done - told >= 100:
                told = self._done
                progress(told, len(self.operations))

    def _turn(self) -> int | None:
        """The CPU that has to act now; None when all is done."""
        if self._flushes:
            return self._flushes[0][1]
        return self.operations[self._done].cpu if self._done < len(self.operations) else None

    def _worker(self, cpu: int) -> Work[None]:
        while (turn := self._turn()) is not None:
            if turn != cpu:
                yield from self._pass_on(turn)
            elif self._flushes:
                yield from self._flush_step()
            else:
                operation = self.operations[self._done]
                self._starts = chain_starts(self.header, operation)
                yield from self._verbs[operation.op](operation)
                self._done += 1
        for worker in self._workers:
            self.engine.wake(worker)

    def _pass_on(self, turn: int) -> Work[None]:
        self.engine.wake(self._workers[turn])
        yield Block()

    def _alloc(self, operation: Operation) -> Work[None]:
        owner = self._owner(operation.cpu)
        address = yield from kmem_cache_alloc(self.engine.world, operation.cpu, self._cache, GFP_KERNEL, owner)
        self._handed_out(operation, [address])

    def _bulk_alloc(self, operation: Operation) -> Work[None]:
        owners = [self._owner(operation.cpu)] * len(operation.ids)
        world = self.engine.world
        addresses = yield from kmem_cache_alloc_bulk(world, operation.cpu, self._cache, GFP_KERNEL, owners)
        self._handed_out(operation, addresses)

    def _owner(self, cpu: int) -> int:
        """An object is held by the kworker that allocated it: the recording knows no other owner."""
        return self._workers[cpu].actor

    def _handed_out(self, operation: Operation, addresses: list[int]) -> None:
        self._places(operation, addresses)
        self._addresses.update(zip(operation.ids, addresses, strict=True))

    def _places(self, operation: Operation, addresses: list[int]) -> list[tuple[Slab, int]]:
        """Where objects lie, as (slab, offset); it has to be where they lay in the real kernel."""
        machine = self.engine.machine
        places = [place for address in addresses if (place := machine.virt_to_slab(address)) is not None]
        got = [[slab.id, slab.index_of(offset)] for slab, offset in places]
        if got != operation.obj or len(got) != len(operation.ids):
            _refuse(self.path, [Difference(operation.i, "obj", operation.obj, got)])
        return places

    def _free(self, operation: Operation) -> Work[None]:
        ((slab, offset),) = self._places(operation, [self._addresses.pop(operation.ids[0])])
        yield from kmem_cache_free(self.engine.world, operation.cpu, slab, offset)

    def _bulk_free(self, operation: Operation) -> Work[None]:
        addresses = [self._addresses.pop(name) for name in operation.ids]
        self._places(operation, addresses)
        yield from kmem_cache_free_bulk(self.engine.world, operation.cpu, addresses)

    def _shrink(self, operation: Operation) -> Work[None]:
        for step in kmem_cache_shrink(self.engine.world, operation.cpu, self._cache):
            if type(step) is FlushCpus:
                self._flushes.extend(flush_order(self._cache, operation.flush, self.header.era))
                yield from self._until_flushed(operation.cpu)
            else:
                yield step

    def _fragment(self, operation: Operation) -> Work[None]:
        def path() -> KernelPath[None]:
            self._held += yield from fragment(self.engine.world, operation.cpu)

        self.engine.run_now(path())
        yield None

    def _release(self, operation: Operation) -> Work[None]:
        self.engine.run_now(release(self.engine.world, operation.cpu, self._held))
        self._held = []
        yield None

    def _until_flushed(self, cpu: int) -> Work[None]:
        while self._flushes:
            turn = self._flushes[0][1]
            yield from self._flush_step() if turn == cpu else self._pass_on(turn)

    def _flush_step(self) -> Work[None]:
        step, cpu = self._flushes[0]
        flush = flush_slab if step == "deactivate" else flush_cpu_partial
        yield from flush(self.engine.world, cpu, self._cache)
        self._flushes.popleft()

    def _next_start(self, cache: KmemCache) -> int:
        return self._starts.popleft() if self._starts else 0
