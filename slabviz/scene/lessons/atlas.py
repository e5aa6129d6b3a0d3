"""The closing map as data: who asks, who serves, how much of it there is now, and where a press leads (syllabus G3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slabviz.model.kmem_cache import CacheState
from slabviz.model.machine import Machine
from slabviz.scene.commands import Command, OpenLesson, SetPanel, ShowCache, ShowReport
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.sketch import Translate
from slabviz.scene.lessons.sizes import sizes_of
from slabviz.scene.levels import Panel
from slabviz.scene.panels import panels
from slabviz.scene.story.names import is_kmalloc

WHO, CALL, CACHE, SLAB, NODE, FREE, PAGE = "who", "call", "cache", "slab", "node", "free", "page"


@dataclass(slots=True, frozen=True)
class Spot:
    """A thing on the map; ``at`` is its middle in percent of the width, and its row. ``cache``: which one it stands
    for."""

    key: str
    at: tuple[int, int]
    look: str
    lessons: str
    cache: str = ""
    opens: Panel | str | None = None
    """The view, or the report, that shows it."""

    @property
    def opens_lessons(self) -> tuple[OpenLesson, ...]:
        """One for each word of ``lessons``; of a range the first."""
        return tuple(OpenLesson(word.partition("–")[0]) for word in self.lessons.split())


SPOTS = (
    Spot("process", (7, 0), WHO, "D1"), Spot("file", (7, 1), WHO, "D2"), Spot("packet", (7, 2), WHO, "D3"),
    Spot("driver", (7, 3), WHO, "D4"),
    Spot("task_struct", (25, 0), CACHE, "A2 D1", "task_struct"), Spot("inode", (25, 1), CACHE, "D2", "inode_cache"),
    Spot("sk_buff", (25, 2), CACHE, "D3", "skbuff_head_cache"),
    Spot("dev_kmalloc", (25, 3), CALL, "C1–C12"),
    Spot("kmalloc", (48, 0), CALL, "B1 B5", opens=Panel.PATH), Spot("kfree", (68, 0), CALL, "B2 C12", opens=Panel.PATH),
    Spot("cache", (58, 1), CACHE, "A1 A3 E1", opens=Panel.STRUCTS),
    Spot("cpu", (48, 2), SLAB, "A6 F1", opens=Panel.HOLDERS), Spot("node", (68, 2), NODE, "A5 F5", opens=Panel.STRUCTS),
    Spot("slab", (58, 3), SLAB, "A4 A5", opens=Panel.LAYOUT),
    Spot("reports", (92, 0), PAGE, "G1 E2", opens="slabtop"), Spot("buddy", (92, 1), PAGE, "B5 F5", opens="buddyinfo"),
    Spot("sets", (92, 2), PAGE, "F3", opens=Panel.SETS), Spot("object", (92, 3), FREE, "F4 G2", opens=Panel.LAYOUT),
)  # fmt: skip
WAYS: tuple[tuple[str, str], ...] = (
    ("process", "task_struct"), ("file", "inode"), ("packet", "sk_buff"), ("driver", "dev_kmalloc"),
    ("task_struct", "cache"), ("inode", "cache"), ("sk_buff", "cache"), ("dev_kmalloc", "kmalloc"),
    ("kmalloc", "cache"), ("kfree", "cache"), ("cache", "cpu"), ("cache", "node"), ("cpu", "slab"), ("node", "slab"),
    ("slab", "object"), ("buddy", "slab"),
)  # fmt: skip
"""Who turns to whom."""


_ASKERS = {"task_struct": "process", "inode": "file", "sk_buff": "packet"}
_SERVES = ("cache", "cpu", "slab", "object")


def route(cache: str, devices: bool) -> tuple[str, ...]:
    """The spots that lead from somebody who asks to an object of a cache, in order; ``devices``: drivers ask too."""
    if is_kmalloc(cache):
        return (*(("driver", "dev_kmalloc") if devices else ()), "kmalloc", *_SERVES)
    own = next((spot.key for spot in SPOTS if spot.cache == cache), None)
    return () if own is None else (_ASKERS[own], own, *_SERVES)


@dataclass(slots=True, frozen=True)
class Place:
    """A spot as it is now: how much of it there is, in words; ``there`` is False for a cache that the run lacks."""

    spot: Spot
    value: str
    there: bool
    leads: Command | None


def atlas(machine: Machine, tr: Translate) -> tuple[Place, ...]:
    """Every spot with its numbers."""
    ids = {cache.name: cache.id for cache in machine.caches if cache.state is not CacheState.NONE}
    values = dict(_values(machine, tr))
    return tuple(_place(spot, ids, values, tr) for spot in SPOTS)


def _place(spot: Spot, ids: dict[str, int], values: dict[str, str], tr: Translate) -> Place:
    if spot.cache:
        cache = ids.get(spot.cache)
        if cache is None:
            return Place(spot, tr("views.map.absent"), False, None)
        return Place(spot, values[spot.cache], True, ShowCache(cache))
    leads: Command | None = None
    if isinstance(spot.opens, str):
        leads = ShowReport(spot.opens)
    elif spot.opens is not None and (spot.opens is not Panel.PATH or Panel.PATH in panels()):
        leads = SetPanel(spot.opens)
    return Place(spot, values.get(spot.key) or tr(f"views.map.note.{spot.key}"), True, leads)


def _values(machine: Machine, tr: Translate) -> Iterator[tuple[str, str]]:
    sizes = sizes_of(machine)
    for row in sizes:
        yield row.name, tr("views.map.objects", held=grouped(row.held), total=grouped(row.total_objects))
    yield "cache", tr("views.map.caches", count=len(sizes))
    active = sum(part.slab is not None for cache in machine.caches for part in cache.cpu_slab)
    parked = sum(len(part.partial) for cache in machine.caches for part in cache.cpu_slab)
    yield "cpu", tr("views.map.cpu", active=active, parked=parked)
    yield "node", tr("views.map.node", count=sum(cache.node.nr_partial for cache in machine.caches))
    pages = sum(1 << slab.order for slab in machine.slabs.values())
    yield "slab", tr("views.map.slabs", count=grouped(len(machine.slabs)), pages=grouped(pages))
    held = sum(row.held for row in sizes)
    yield "object", tr("views.map.objects", held=grouped(held), total=grouped(sum(row.total_objects for row in sizes)))
    yield "buddy", tr("views.map.buddy", count=grouped(sum(zone.nr_free for zone in machine.zones)))
