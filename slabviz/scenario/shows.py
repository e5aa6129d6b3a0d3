"""What a ``show`` means in a finished run: names become numbers, and a slab is chosen as it stands at that tick."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slab import Slab
from slabviz.scenario.states import cache_number
from slabviz.scenario.story import ChoiceSpec, ShowSpec
from slabviz.timeline.run import Run
from slabviz.timeline.showing import Show


def shown(run: Run, spec: ShowSpec, tick: int, before: Show) -> Show:
    """What a ``show`` turns to at a tick; ``before`` is what was shown until then.

    A cache that the run never needed, and a slab that is not there at that tick, are left out.
    """
    cache = None if spec.cache is None else cache_number(run, spec.cache)
    chosen = None
    if spec.choice is not None:
        here = cache if cache is not None else before.cache
        chosen = choose(run, spec.choice, tick, run.about.stage_cache if here is None else here)
    slab, index = (None, None) if chosen is None else chosen
    if cache is None and isinstance(slab, Slab) and spec.choice is not None and spec.choice.holder is not None:
        cache = slab.cache.id
    return Show(
        spec.level, cache, spec.panel, spec.report, None if slab is None else slab.id, index, spec.speed, spec.compare
    )


def choose(run: Run, spec: ChoiceSpec, tick: int, number: int) -> tuple[Slab, int | None] | None:
    """The slab that is meant, and the object in it; None where there is none at this tick."""
    machine = run.machine_at(tick)
    if spec.holder is not None:
        return _held_by(run, machine, spec.holder)
    slab = _slab(machine, machine.caches[number], spec)
    return None if slab is None else (slab, _index(slab, spec.index))


def _held_by(run: Run, machine: Machine, name: str) -> tuple[Slab, int] | None:
    """The first object that somebody of this name holds."""
    actors = {number for number, actor in enumerate(run.cast.actors) if name in (actor.name, actor.mark)}
    for slab in machine.slabs.values():
        for offset, who in slab.owners.items():
            if who in actors:
                return slab, slab.index_of(offset)
    return None


def _slab(machine: Machine, cache: KmemCache, spec: ChoiceSpec) -> Slab | None:
    if isinstance(spec.slab, int):
        return machine.slabs.get(spec.slab)
    return next(_named(machine, cache, spec.slab or "newest", spec.cpu), None)


def _named(machine: Machine, cache: KmemCache, word: str, cpu: int | None) -> Iterator[Slab]:
    """The slabs that a word may mean, the best one first."""
    cpus = range(len(cache.cpu_slab)) if cpu is None else (cpu,)
    mine = [slab for slab in machine.slabs.values() if slab.cache is cache]
    if word == "active":
        yield from (slab for each in cpus if (slab := cache.cpu_slab[each].slab) is not None)
    elif word == "parked":
        yield from (slab for each in cpus for slab in reversed(cache.cpu_slab[each].partial))
    elif word == "partial":
        yield from cache.node.partial.values()
    elif word == "oldest":
        yield from mine
    elif word == "full":
        yield from (slab for slab in reversed(mine) if len(slab.owners) == slab.objects)
    elif word == "empty":
        yield from (slab for slab in reversed(mine) if not slab.owners)
    else:
        yield from reversed(mine)


def _index(slab: Slab, wanted: int | str | None) -> int | None:
    if wanted is None or isinstance(wanted, int):
        return wanted if wanted is None or wanted < slab.objects else None
    held = {slab.index_of(offset) for offset in slab.owners}
    return next((index for index in range(slab.objects) if (index in held) == (wanted == "held")), None)
