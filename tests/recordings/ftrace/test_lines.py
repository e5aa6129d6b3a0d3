"""Lines of ftrace text: their patterns, the reader, and what is no such text."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from slabviz.errors import RecordingError
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL, GFP_NOWAIT, Gfp, gfp_flags_text, gfp_of_text
from slabviz.recordings.ftrace.events import LINES, match_line
from slabviz.recordings.ftrace.reader import TraceOp, TraceReader
from slabviz.recordings.packed import text_lines
from slabviz.recordings.verify import FileResult, verify_file

DATA = Path(__file__).parent / "data" / "trace.txt.gz"
TRACES = Path(__file__).parents[3].parent / "shared" / "reference" / "linux-6.1" / "traces"

ALLOC = (
    "            load-272     [001] d.h1.    17.246468: kmalloc: call_site=on_irq+0x1f/0x40 [slabchr] "
    "ptr=ffff8881064c45c0 bytes_req=60 bytes_alloc=64 gfp_flags=GFP_ATOMIC node=-1 accounted=false"
)
FREE = (
    "     ksoftirqd/3-31      [003] ..s..     9.318056: kmem_cache_free: call_site=rcu_do_batch+0x19a/0x540 "
    "ptr=ffff888119486800 name=filp"
)
PAGES = (
    "            init-1       [001] d..3.    17.239310: mm_page_alloc_zone_locked: page=ffffea0004197b80 pfn=0x1065ee "
    "order=2 migratetype=0 percpu_refill=1"
)
WRITTEN_OUT = (
    "            init-1       [001] ...1.    17.239310: mm_page_alloc_extfrag: page=ffffea0004197b80 pfn=0x1065ee "
    "alloc_order=0 fallback_order=4 pageblock_order=9 alloc_migratetype=0 fallback_migratetype=1 fragmenting=1 "
    "change_ownership=0",
    "            init-1       [001] .....    17.239310: rss_stat: mm_id=123456 curr=1 type=MM_ANONPAGES size=4096B",
)


def read(*lines: str) -> tuple[list[TraceOp], TraceReader]:
    reader = TraceReader(Path("trace.txt"))
    return list(reader.operations(f"{line}\n" for line in lines)), reader


def test_an_allocation_and_a_free_are_read() -> None:
    (taken, given, pages), _ = read(ALLOC, FREE, PAGES)
    assert taken == TraceOp(
        1, 17_246_468, 0xFFFF8881064C45C0, 1, "load", 272, "d.h1.", "kmalloc", "on_irq+0x1f/0x40 [slabchr]", "", 60, 64,
        "GFP_ATOMIC", False, 0,
    )  # fmt: skip
    assert (taken.allocates, taken.in_interrupt, given.frees, given.in_interrupt) == (True, True, True, True)
    assert (given.task, given.cache, given.cpu, given.time) == ("ksoftirqd/3", "filp", 3, 9_318_056)
    assert (pages.event, pages.address, pages.order) == ("mm_page_alloc_zone_locked", 0x1065EE, 2)


def test_lines_are_read_alike_for_the_first_time_and_from_memory() -> None:
    text = list(text_lines(DATA))
    reader = TraceReader(DATA)
    first, again = list(reader.operations(text)), list(reader.operations(text))
    assert first == again
    assert len(first) == len([line for line in text if not line.startswith("#")]) > 250
    for op in first:  # each by its own pattern, without any memory
        (alone,), _ = read(text[op.line - 1].rstrip("\n"))
        assert alone._replace(line=op.line) == op


def test_a_task_with_blanks_and_a_long_pid_are_read() -> None:
    blanks = ALLOC.replace("            load-272    ", "     Web Content-1234567")
    (op,), reader = read(blanks)
    assert (op.task, op.pid, reader.unread.count) == ("Web Content", 1234567, 0)


@pytest.mark.parametrize("line", WRITTEN_OUT)
def test_rare_events_have_patterns_too(line: str) -> None:
    assert match_line(line)
    (op,), _ = read(line)
    assert op.event in LINES


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace("node=", "nod="),
        lambda line: line[1:],
        lambda line: line.replace("accounted=false", "accounted=no"),
        lambda line: line.replace(" ptr=ffff8881064c45c0", " ptr=ffff8881064c45c"),
        lambda line: line.replace("d.h1.", "x.h1."),
        lambda line: line.replace("[001]", "[1]"),
        lambda line: line.replace("bytes_req=60", "bytes_req=-60"),
        lambda line: line + " more",
        lambda line: line.replace("kmalloc:", "kmalloc_node:"),
        lambda line: line.replace("17.246468", "17.24646"),
    ],
)
def test_a_line_that_is_not_quite_one_is_counted_and_named(change: Callable[[str], str]) -> None:
    broken = change(ALLOC)
    ops, reader = read(ALLOC, FREE, broken, FREE)  # its parts are known from the good lines
    assert match_line(broken) is None
    assert len(ops) == 3
    assert (reader.unread.count, reader.unread.first) == (1, [(3, broken)])
    assert "line 3: " in str(reader.unread)


@pytest.mark.parametrize("pointer", ["0000000012345678", "(____ptrval____)", "00000000deadbeef"])
def test_hashed_addresses_are_refused_with_what_to_do(pointer: str) -> None:
    with pytest.raises(RecordingError, match="trace.txt:2: addresses are hashed; record with .* no_hash_pointers"):
        read(FREE, FREE.replace("ffff888119486800", pointer))


def test_null_and_zero_size_pointers_are_no_hashed_ones() -> None:
    null = FREE.replace("ffff888119486800", "0" * 16)
    ops, _ = read(null, FREE, null, null.replace("0" * 16, "0" * 14 + "10"))
    assert [op.address for op in ops] == [0, 0xFFFF888119486800, 0, 16]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"just a letter\nto nobody\n", "is no ftrace text"),
        (b"", "is no ftrace text"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "is not text"),
        (gzip.compress(b"# tracer: nop\n" * 5000)[:-20], "cut off"),
        (b"\x1f\x8bnonsense, not gzip at all", "gzip"),
    ],
)
def test_what_is_no_trace_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "trace.txt.gz"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=said):
        list(TraceReader(path))
    with pytest.raises(RecordingError, match="cannot be read"):
        list(TraceReader(tmp_path / "missing"))


def test_gfp_flags_are_named_in_the_kernels_order() -> None:
    told = {
        0: "none",
        GFP_KERNEL: "GFP_KERNEL",
        GFP_ATOMIC | Gfp.NOWARN | Gfp.NOMEMALLOC: "GFP_ATOMIC|__GFP_NOWARN|__GFP_NOMEMALLOC",
        GFP_NOWAIT | Gfp.IO | Gfp.FS: "GFP_NOWAIT|__GFP_IO|__GFP_FS",
        GFP_KERNEL | Gfp.ACCOUNT | Gfp.ZERO: "GFP_KERNEL_ACCOUNT|__GFP_ZERO",
        int(Gfp.DIRECT_RECLAIM): "__GFP_DIRECT_RECLAIM",
        GFP_KERNEL | 1 << 28: "GFP_KERNEL|0x10000000",
    }
    assert {int(gfp): gfp_flags_text(int(gfp)) for gfp in told} == {int(gfp): text for gfp, text in told.items()}
    assert all(gfp_of_text(text) == gfp for gfp, text in told.items())
    with pytest.raises(ValueError, match="__GFP_MAGIC"):
        gfp_of_text("GFP_KERNEL|__GFP_MAGIC")


def checked(tmp_path: Path, change: Callable[[str], str]) -> FileResult:
    path = tmp_path / "trace.txt"
    path.write_text(change("".join(text_lines(DATA))), "utf-8")
    return verify_file(path)


def test_verify_reads_a_trace_and_finds_what_is_changed(tmp_path: Path) -> None:
    assert verify_file(DATA).equal
    assert checked(tmp_path, lambda text: text).equal
    broken = checked(tmp_path, lambda text: text.replace("kfree: call_site", "kfree: call_sight", 1))
    assert broken.different == 2  # unread, and matched by no pattern
    order = checked(tmp_path, lambda text: text.replace("GFP_KERNEL|__GFP_ZERO", "__GFP_ZERO|GFP_KERNEL"))
    assert any("gfp_flags" in difference.field or difference.op == "gfp_flags" for difference in order.differences)
    assert not checked(tmp_path, lambda text: text.replace("preempt-depth", "preempt-dept")).equal
    (tmp_path / "summary.json").write_text('{"events": 1, "by_cpu": {}}', "utf-8")
    assert not checked(tmp_path, lambda text: text).equal


@pytest.mark.parametrize("name", ["fork", "inode", "driver", "skb"])
def test_every_line_of_the_recorded_traces_is_read(name: str) -> None:
    if not TRACES.is_dir():
        pytest.skip(f"the whole set of recordings is not at {TRACES}")
    result = verify_file(TRACES / name / "trace.txt.gz")
    assert result.equal
    assert result.compared["events"] == result.compared["lines matched"] > 6000
