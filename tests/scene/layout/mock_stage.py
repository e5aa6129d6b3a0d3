"""The situation of ``mocks/stage-dark.png`` as a stage state, and extreme ones made from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from slabviz.scene.state import (
    Badge,
    Buddy,
    BuddyLine,
    CacheStrip,
    Caption,
    Cell,
    CellState,
    HolderCard,
    Holders,
    Lane,
    NodePanel,
    Place,
    Signpost,
    SlabCard,
    SlabState,
    StageState,
)

_COLOURS = {31: 6, 22: 1, 40: 3, 44: 5, 51: 2, 38: 4, 17: 0}


def cell(index: int, text: str) -> Cell:
    """``"."`` free, ``"31"`` used by 31, ``"-51"`` left for 51, ``"<38"`` returning from 38."""
    if text == ".":
        return Cell(index, CellState.FREE)
    state = {"-": CellState.LEFT, "<": CellState.RETURNING}.get(text[0], CellState.USED)
    pid = int(text.lstrip("-<"))
    return Cell(index, state, pid, str(pid), _COLOURS.get(pid, 7))


def card(slab: int, state: SlabState, text: str) -> SlabCard:
    cells = tuple(cell(index, word) for index, word in enumerate(text.split()))
    used = sum(each.state is CellState.USED for each in cells)
    moving = sum(each.state in (CellState.LEFT, CellState.RETURNING) for each in cells)
    return SlabCard(slab, state, cells, used, len(cells), moving)


_PROCESS = Badge("process", "process · GFP_KERNEL")


def _lanes() -> tuple[Lane, ...]:
    call = "kmem_cache_alloc(task_struct) → "
    active, parked = SlabState.ACTIVE, SlabState.PARKED
    return (
        Lane(0, _PROCESS, "bash 12", call + "51", "", (4, 1, 2), None, card(7, active, "31 . . -51 ."),
             (card(3, parked, "12 . 22 16 ."), card(11, parked, ". 22 . . 31")), None, 3),
        Lane(1, _PROCESS, "make 16", call + "52", "", (), Place("empty", "freelist = NULL"),
             Place("slab 14 is coming", "c→slab = NULL", 14), (), Place("empty", "partial = NULL"), 3, hot=True),
        Lane(2, Badge("softirq", "interrupt · no sleep"), "RCU softirq", "kmem_cache_free(task 38)",
             "cc1 18 kmem_cache_alloc(task_struct)", (4,), None, card(12, active, "18 44 <38 40 ."),
             (card(5, parked, "31 31 31 22 ."),), None, 3),
        Lane(3, Badge("process", "process · may sleep"), "top 36", "kmem_cache_free(task 17)", "", (3, 4), None,
             card(9, active, "<17 44 31 . ."), (card(2, parked, ". . 21 . ."), card(10, parked, "28 . 40 22 9")), None,
             3, waits="interrupts off"),
    )  # fmt: skip


def _node() -> NodePanel:
    full = SlabState.FULL
    return NodePanel(
        "65 → 70", "0", False, "not held", (), Place("empty", "node→partial: nr_partial = 0"),
        (card(1, full, "31 40 31 33 36"), card(4, full, "40 40 22 28 12"), card(6, full, "44 22 40 44 21"),
         card(8, full, "22 31 31 22 1"), card(13, full, "31 31 31 31 25")),
        "not on any list; a list exists only with slub_debug=U", "13 → 14", True,
        "= 3 active + 5 parked + 0 partial + 5 full + 1 moving", "= CPU 3 + 5, node 0 + 5, moving 1",
    )  # fmt: skip


def holder(pid: int, name: str, held: int, **more: object) -> HolderCard:
    return HolderCard(pid, str(pid), name, _COLOURS.get(pid, 7), held, **more)  # type: ignore[arg-type]  # test data


def _holders() -> Holders:
    cards = (
        holder(31, "java", 14), holder(22, "nginx", 8), holder(40, "postgres", 6), holder(44, "redis", 4),
        holder(12, "bash", 1), holder(16, "make", 1), holder(51, "bash", 0, arriving=1, note="arriving"),
        holder(52, "make", 0, waiting=True, note="waiting"), holder(38, "ls", 0, returning=1, note="on the way back"),
        holder(17, "sh", 0, returning=1, note="on the way back"), holder(1, "init", 1), holder(2, "kthreadd", 1),
        holder(9, "ksoftirqd", 1), holder(18, "cc1", 1), holder(21, "sshd", 1),
        *(holder(pid, f"job{pid}", 1) for pid in (23, 25, 27, 28, 33, 36)),
    )  # fmt: skip
    return Holders("45 held · 1 arriving · 2 on the way back · 1 waiting", cards)


def frames(pages: int) -> bytes:
    codes = np.zeros(pages, np.uint8)
    codes[: pages // 2] = np.where(np.arange(pages // 2) * 2654435761 % 64 < 56, 3, 0)
    for start in (392, 688, 816, 824, 848, 944):
        codes[start : start + 8] = 2
    codes[5] = codes[9] = 1
    return codes.tobytes()


def _buddy() -> Buddy:
    return Buddy(
        "16 MiB", frames(4096), 2433, 4096, "2 433 of 4 096 pages free", (13, 10, 10, 1, 7, 4, 7, 1, 0, 1, 1), (3, 4),
        (4, 3), "free blocks, after this split",
        (BuddyLine("split", 1284, "order 3 empty: split 4 → 3 + 3", True),
         BuddyLine("merge", 1271, "free order 0, merges to order 1", False),
         BuddyLine("take", 1266, "take order 0", False), BuddyLine("take", 1240, "take order 3, the last one", False)),
        (("CPU0", 0), ("CPU1", 0), ("CPU2", 0), ("CPU3", 0)), (1968, 8), "8 pages", 5,
    )  # fmt: skip


_FIELDS = (("object_size", "5952 B"), ("size", "6016 B"), ("order", "3 = 32K"), ("objs/slab", "5"),
           ("min_partial", "6"), ("cpu_partial", "6 obj"))  # fmt: skip


def mock_stage() -> StageState:
    """Return the state that the picture shows."""
    return StageState(
        title="Fork storm",
        subtitle="fork.yaml · 4 CPUs · 16 MiB · 1 node",
        tick=1284,
        caption=Caption(
            "CPU1", "slow", "SLOW PATH",
            "make 16 wants a task_struct: none free here or on the node's partial list → new slab 14",
            (("partial list", "slabs with free objects that no CPU owns"), ("slab", "8 pages, cut into 5 objects")),
            6, 7, "step 6 of 7 · install slab", "slab 14 becomes active; its first object goes to 52",
        ),
        lanes=_lanes(),
        strip=CacheStrip("task_struct", "a CPU parks 6 objects = at most 3 slabs, each half full", _FIELDS, 0, 2),
        node=_node(),
        holders=_holders(),
        buddy=_buddy(),
        signposts=(
            Signpost(1, "done", ("chip", 1)), Signpost(2, "done", ("active", 1)), Signpost(3, "done", ("parked", 1)),
            Signpost(4, "done", ("partial",)), Signpost(5, "done", ("order", 3)),
            Signpost(6, "now", ("active", 1), "lower"), Signpost(7, "next", ("holder", 52)),
        ),
        parked_head="CPU partial · limit 3 slabs",
    )  # fmt: skip


def with_cpus(count: int) -> StageState:
    """Return a stage of ``count`` CPUs: the four lanes over and over, each slab under an id of its own."""
    state = mock_stage()
    lanes = tuple(_renumbered(state.lanes[cpu % 4], cpu) for cpu in range(count))
    sets = tuple((f"CPU{cpu}", cpu) for cpu in range(count))
    return replace(state, lanes=lanes, buddy=replace(state.buddy, sets=sets))


def _renumbered(lane: Lane, cpu: int) -> Lane:
    shift = 100 * (cpu // 4)
    active = replace(lane.active, slab=(lane.active.slab or 0) + shift)
    parked = tuple(replace(each, slab=(each.slab or 0) + shift) for each in lane.parked)
    return replace(lane, cpu=cpu, active=active, parked=parked, hot=lane.hot and cpu < 4)


def with_objects(count: int) -> StageState:
    """Return the stage with ``count`` objects in every slab."""

    def filled(old: SlabCard) -> SlabCard:
        words = [".", "31", "22", "-51", "<38"]
        return card(old.slab, old.state, " ".join(words[(index * 7 + old.slab) % 5] for index in range(count)))

    state = mock_stage()
    lanes = tuple(
        replace(
            lane,
            active=filled(lane.active) if isinstance(lane.active, SlabCard) else lane.active,
            parked=tuple(filled(each) for each in lane.parked if isinstance(each, SlabCard)),
            chain=tuple(range(min(count, 200))),
        )
        for lane in state.lanes
    )
    return replace(
        state,
        lanes=lanes,
        node=replace(state.node, full=tuple(filled(each) for each in state.node.full if isinstance(each, SlabCard))),
    )


def with_slabs(count: int) -> StageState:
    """Return the stage with ``count`` slabs on the partial list and as many full ones, and as many parked slots."""
    state = mock_stage()
    partial = tuple(card(1000 + number, SlabState.PARTIAL, "31 . . 40 .") for number in range(count))
    full = tuple(card(2000 + number, SlabState.FULL, "31 31 31 31 25") for number in range(count))
    parked = tuple(card(3000 + number, SlabState.PARKED, "31 . . 40 .") for number in range(count))
    lanes = (replace(state.lanes[0], parked=parked, limit=count), *state.lanes[1:])
    node = replace(state.node, partial=partial, full=full)
    return replace(state, lanes=lanes, node=node, parked_head=f"CPU partial · limit {count} slabs")
