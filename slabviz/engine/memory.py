"""The other owners of memory: kernel, user and file pages, taken from the same buddy system as the slabs.

At boot they take what the scenario says, in runs with holes; later a daemon takes and gives back a few pages now and
then.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from slabviz.engine.engine import Engine
from slabviz.engine.waits import Path, SleepFor, Work
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_KERNEL, GFP_USER, Gfp
from slabviz.model.zone import PAGE_CLASSES, Block
from slabviz.slub.page_alloc import alloc_pages, free_pages

SURPLUS = 1.35
"""At boot so much more is taken than will stay: giving it back makes the holes of a machine that has been running."""
RUN = 12
"""Neighbouring blocks that are given back together, on average."""
ORDERS = {"kernel": (0, 0, 1, 2, 3), "user": (0,), "file": (0, 0, 1)}
"""Orders of the blocks each class asks for, drawn evenly."""


GFP_OF_CLASS = (GFP_KERNEL, GFP_USER | Gfp.HIGHMEM | Gfp.MOVABLE, GFP_USER | Gfp.MOVABLE)
"""How kernel, user (GFP_HIGHUSER_MOVABLE) and file pages are asked for."""
MODEST = Gfp.NORETRY | Gfp.NOWARN
AT_BOOT = ~(Gfp.DIRECT_RECLAIM | Gfp.KSWAPD_RECLAIM)


def take_block(engine: Engine, cpu: int, order: int, page_class: int, gfp: int | None = None) -> Path[Block | None]:
    """A block for an owner that is no slab; None when there is none."""
    hand = engine.machine.cpus[cpu].hand
    asked = GFP_OF_CLASS[page_class] if gfp is None else gfp
    if not (yield from alloc_pages(engine.world, cpu, order, asked)):
        return None
    block = hand.block
    assert block is not None
    yield (Kind.PAGE_ALLOC, cpu, order, block[0], page_class)
    return block


def give_block(engine: Engine, cpu: int, block: Block) -> Path[None]:
    """The owner gives a block back."""
    pfn, order = block
    yield (Kind.PAGE_FREE, cpu, order, pfn, 0)
    yield from free_pages(engine.world, cpu)


def populate(engine: Engine, shares: Mapping[str, float]) -> list[Block]:
    """Let the other owners take their shares (0 … 1 of all pages, by class) as at boot; the blocks they hold then."""
    stream = engine.streams.stream("boot")
    pages = sum(zone.managed for zone in engine.machine.zones)
    targets = {name: int(share * pages) for name, share in shares.items() if share > 0}
    engine.world.detail = False
    blocks: list[Block] = []
    left = {name: int(pages * SURPLUS) for name, pages in targets.items()}
    while left:
        name = stream.choice(sorted(left))
        block = _boot_block(engine, name, stream, left[name])
        if block is None:
            break
        blocks.append(block)
        left[name] -= 1 << block[1]
        if left[name] <= 0:
            del left[name]
    _make_holes(engine, blocks, sum(targets.values()), stream)
    _settle(engine)
    engine.world.detail = True
    return blocks


def _boot_block(engine: Engine, name: str, stream: Random, most: int) -> Block | None:
    order = stream.choice([order for order in ORDERS[name] if 1 << order <= max(most, 1)])
    found: list[Block | None] = []

    def take() -> Path[None]:
        page_class = PAGE_CLASSES.index(name)
        found.append((yield from take_block(engine, 0, order, page_class, GFP_OF_CLASS[page_class] & AT_BOOT)))

    engine.run_now(take())
    return found[0]


def _make_holes(engine: Engine, blocks: list[Block], pages: int, stream: Random) -> None:
    """Give blocks back, neighbours together as a process that ends does, until only ``pages`` are taken."""
    taken = sum(1 << order for _, order in blocks)
    blocks.sort()
    while blocks and taken > pages:
        start = int(stream.random() * len(blocks))
        for _ in range(1 + int(stream.expovariate(1 / RUN))):
            if start == len(blocks) or taken <= pages:
                break
            block = blocks.pop(start)
            taken -= 1 << block[1]
            engine.run_now(give_block(engine, 0, block))


def _settle(engine: Engine) -> None:
    """By the end of the boot kswapd has done what fragmentation asked of it."""
    for zone in engine.machine.zones:
        if zone.boost:
            engine.commit((Kind.WATERMARK_BOOST, 0, zone.index, 0, 0))


def background(engine: Engine, actor: int, blocks: list[Block], every: int) -> Work[None]:
    """The work of a daemon, ``actor``, that takes or gives back a block about every so many ticks, as processes and the
    page cache do. Between two of them it may move to another CPU."""
    stream, task = engine.streams.stream("background pages"), engine.tasks[actor]
    while True:
        task.at_rest = True
        yield SleepFor(1 + int(stream.expovariate(1 / every)))
        task.at_rest, cpu = False, task.cpu
        if blocks and stream.random() < 0.5:
            yield from give_block(engine, cpu, blocks.pop(int(stream.random() * len(blocks))))
        else:
            order = stream.choice((0, 0, 0, 1, 2))
            page_class = int(stream.random() * len(PAGE_CLASSES))
            block = yield from take_block(engine, cpu, order, page_class, GFP_OF_CLASS[page_class] | MODEST)
            if block is not None:
                blocks.append(block)
