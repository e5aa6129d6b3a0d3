"""What the views say is what the machine has."""

from __future__ import annotations

import pytest

from slabviz.model.colouring import colouring, set_of
from slabviz.model.kmem_cache import TID_STEP
from slabviz.model.machine import Machine
from slabviz.report.reports import REPORTS, Moment
from slabviz.scene.layout.sketch import Translate
from slabviz.scene.lessons.anatomy import Anatomy, Field, Struct, anatomy, marked
from slabviz.scene.lessons.atlas import SPOTS, WAYS, atlas
from slabviz.scene.lessons.biography import Stage, biography
from slabviz.scene.lessons.paging import pages_of
from slabviz.scene.lessons.report_text import changes
from slabviz.scene.lessons.sizes import sizes_of
from slabviz.timeline.run import Run
from tests.scene.lessons.conftest import LEAKY, ORDERLY, life, shipped

TICKS = (0, 130, 474, 512, 1284)


def lines(run: Run, report: str, tick: int) -> list[str]:
    return REPORTS[report].lines(Moment("", run.machine_at(tick), run.log, tick), None)


def test_marks_are_exactly_what_differs() -> None:
    run = shipped("fork")
    found = 0
    for report in ("slabinfo", "slabtop", "meminfo", "buddyinfo"):
        for tick in range(470, 510):
            before, after = lines(run, report, tick - 1), lines(run, report, tick)
            marks = list(changes(report, before, after))
            assert bool(marks) == (sorted(before) != sorted(after)), (report, tick)
            assert all(after[mark.line][mark.start : mark.end] == mark.after != mark.before for mark in marks)
            found += len(marks)
    assert found > 20


def test_a_row_that_only_moved_is_not_marked() -> None:
    before = ["  OBJS ACTIVE NAME", " 10 10 100% 1.00K 1 10 4K a-1", " 9 9 100% 1.00K 1 9 4K b-2"]
    after = [before[0], before[2], " 8 8 100% 1.00K 1 10 4K a-1"]
    marks = [(mark.name, mark.before, mark.after) for mark in changes("slabtop", before, after)]
    assert marks == [("OBJS · a-1", "10", "8"), ("ACTIVE · a-1", "10", "8")]


def test_fields_have_the_names_that_the_report_gives_them() -> None:
    def named(report: str, before: str, after: str) -> list[str]:
        return [mark.name for mark in changes(report, [before], [after])]

    row = "dentry  {}  42  192  21  1 : tunables  0  0  0 : slabdata  {}  2  0"
    assert named("slabinfo", row.format(40, 2), row.format(41, 3)) == ["active_objs · dentry", "active_slabs · dentry"]
    assert named("meminfo", "MemFree:   8120 kB", "MemFree:   8116 kB") == ["MemFree"]
    assert named("buddyinfo", "Node 0, zone Normal 1 2 3", "Node 0, zone Normal 1 4 3") == ["Normal order 1"]
    assert named("stats", "  FREE_SLOWPATH 9 C0=4 C3=5", "  FREE_SLOWPATH 10 C0=4 C3=6")[1] == "FREE_SLOWPATH C3"


def test_the_machine_before_is_another_one() -> None:
    run = shipped("fork")
    now = run.machine_at(500)
    before = run.machine_before(500)
    assert before is not now
    assert run.machine_at(500) is now
    assert lines(run, "buddyinfo", 499) == REPORTS["buddyinfo"].lines(Moment("", before), None)


def value(struct: Struct, name: str) -> str:
    return next(field.value for field in struct.fields if field.name == name)


@pytest.mark.parametrize("tick", TICKS)
def test_structures_have_the_machines_values(tick: int, tr: Translate) -> None:
    machine = shipped("fork").machine_at(tick)
    cache = machine.caches[0]
    found = anatomy(machine, cache, tr)
    assert value(found.node, "nr_slabs") == str(cache.node.nr_slabs)
    assert value(found.node, "nr_partial") == str(len(found.partial)) == str(cache.node.nr_partial)
    for row, part in zip(found.cpus, cache.cpu_slab, strict=False):
        assert int(value(row.part, "tid")) % TID_STEP == row.cpu
        assert len(row.parked) == len(part.partial)
        assert (row.slab is None) == (part.slab is None)
        if row.slab is not None and part.slab is not None:
            own = part.slab
            assert value(row.slab, "inuse") == str(own.objects - own.length(own.freelist))


def fields(found: Anatomy) -> list[Field]:
    structs = [found.cache, found.node, *found.partial, *(row.part for row in found.cpus)]
    structs += [struct for row in found.cpus for struct in (*row.parked, *([row.slab] if row.slab else []))]
    return [field for struct in structs for field in struct.fields]


def test_changed_fields_know_what_they_were(tr: Translate) -> None:
    run, seen = shipped("fork"), 0
    for tick in range(470, 500):
        machine, before = run.machine_at(tick), run.machine_before(tick)
        now = anatomy(machine, machine.caches[0], tr)
        assert not any(field.before for field in fields(marked(now, now)))
        changed = [each for each in fields(marked(now, anatomy(before, before.caches[0], tr))) if each.before]
        assert all(field.before != field.value for field in changed)
        seen += len(changed)
    assert seen > 10


def held(machine: Machine) -> int:
    return sum(len(slab.owners) for slab in machine.slabs.values())


def test_the_table_adds_up() -> None:
    machine = shipped("inode").machine_at(1000)
    rows = sizes_of(machine)
    assert sum(row.held for row in rows) == held(machine) > 0
    for row in rows:
        assert row.objects * row.size + row.waste == row.bytes
        assert row.waste < row.size
        assert row.slabs == machine.caches[row.cache].node.nr_slabs


@pytest.mark.parametrize(("end", "last"), [(ORDERLY, Stage.GONE), (LEAKY, Stage.ZOMBIE)])
def test_a_life_goes_through_its_stages(end: str, last: Stage) -> None:
    run = life(end)
    stages: list[Stage] = []
    for tick in range(run.last_tick + 1):
        machine = run.machine_at(tick)
        story = biography(run, machine, machine.caches[0], tick)
        assert story.held == held(machine)
        assert story.slabs == len(machine.slabs)
        if not stages or stages[-1] is not story.stage:
            stages.append(story.stage)
    assert stages == [Stage.NONE, Stage.OPENING, Stage.READY, Stage.IN_USE, Stage.SHRINKING, Stage.IN_USE,
                      Stage.CLOSING, last]  # fmt: skip
    assert story.visited >= set(stages)
    assert story.past == len(story.deeds) > 7
    assert story.listed == (last is Stage.ZOMBIE)


def test_without_colour_all_slabs_meet_with_colour_they_part() -> None:
    machine = shipped("fork").machine_at(640)
    found = colouring(machine, machine.caches[0], 1)
    assert len(found.slabs) > 8
    assert found.colours == found.waste // 64 == 116
    assert len({slab.set for slab in found.slabs}) == 1
    assert max(found.crowd(True)) == 1 < max(found.crowd(False)) == len(found.slabs)
    assert set_of(0xFFFF888000001040) == 1


def test_a_cache_without_waste_has_one_colour() -> None:
    machine = shipped("inode").machine_at(1000)
    cache = next(cache for cache in machine.caches if cache.name == "filp")
    found = colouring(machine, cache, 0)
    assert found.colours == 1
    assert found.crowd(True) == found.crowd(False)


def test_the_map_names_what_there_is(tr: Translate) -> None:
    places = {place.spot.key: place for place in atlas(shipped("fork").machine_at(640), tr)}
    assert places["task_struct"].there
    assert not places["inode"].there
    assert places["inode"].leads is None
    assert {key for way in WAYS for key in way} <= {spot.key for spot in SPOTS} == set(places)


def test_pages_cover_every_line_once() -> None:
    for count in (0, 1, 9, 10, 11, 25):
        pages = [pages_of(count, 10, page) for page in range(pages_of(count, 10, 0).count)]
        assert [line for page in pages for line in range(page.first, page.behind)] == list(range(count))
        assert pages_of(count, 10, 99) == pages[-1]
