"""The sections of a scenario file and their keys: the table of tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from slabviz.engine import workload
from slabviz.engine.program import Body
from slabviz.engine.workload import Arrivals
from slabviz.errors import Place, UsageError
from slabviz.model.era import ERAS, LINUX_6_1
from slabviz.model.flags import SlabFlags
from slabviz.model.machine import PAGE_OFFSET
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.slub_debug import letters, parse
from slabviz.scenario import forms
from slabviz.scenario.diagnostics import quote
from slabviz.scenario.include import INCLUDE
from slabviz.scenario.memory_shapes import PCP, SHRINKER, ZONES
from slabviz.scenario.names import ALWAYS_KNOWN, PARAMETERS, SECTION_WORDS, Scope
from slabviz.scenario.quantities import (
    CPU,
    OWN_WORD,
    PERCENT,
    TEXT,
    TEXTS,
    TRUTH,
    WORD,
    hexadecimal,
    integer,
    keyword,
    size,
    ticks,
)  # fmt: skip
from slabviz.scenario.scenario import ALL_EXIT, QUIET, CacheSpec, MachineSpec, PagesSpec, PcpSpec, RunSpec
from slabviz.scenario.schema import (
    Key,
    Reading,
    Shape,
    Type,
    as_scalar,
    as_table,
    list_of,
    named,
    read_shape,
    shape_form,
    word,
)  # fmt: skip
from slabviz.scenario.show_shapes import CHOICE, OPENING
from slabviz.scenario.steps import BODY
from slabviz.scenario.story import ShowSpec
from slabviz.scenario.story_shapes import CHAPTER, EXPECT
from slabviz.scenario.tree import Node, Table
from slabviz.scenario.variations import MATRIX, VARIANTS

REQUESTABLE_FLAGS = tuple(
    flag.name
    for flag in (
        SlabFlags.HWCACHE_ALIGN, SlabFlags.RECLAIM_ACCOUNT, SlabFlags.PANIC, SlabFlags.TYPESAFE_BY_RCU,
        SlabFlags.ACCOUNT, SlabFlags.CACHE_DMA, SlabFlags.NOLEAKTRACE,
    )
    if flag.name
)  # fmt: skip
"""Flags that a caller of kmem_cache_create gives; those of slub_debug are set for the whole machine."""

def _run(duration: int | None, until: str | None, at_most: int | None) -> RunSpec:
    """With an `until` work may begin as long as it takes."""
    known = RunSpec()
    if until is None:
        return RunSpec(duration or known.duration, at_most or known.at_most)
    return RunSpec(duration or at_most or 0, at_most or 0, until)


def _run_checked(reading: Reading, node: Node) -> RunSpec:
    run: RunSpec = read_shape(reading, node, RUN)
    if run.until and not run.at_most:
        raise reading.refuse(node, "missing-key", f"`until: {run.until}` needs `at_most`: it might never come to that")
    return run


RUN = Shape("run", "How long the story goes on.", _run, (
    Key("for", ticks(1, 10_000_000), "`running` holds and interrupts arrive so long; `--ticks` overrides it",
        field="duration", shown_default="600 ticks; with `until` as long as it takes"),
    Key("until", keyword((QUIET, ALL_EXIT)), "it ends earlier: `quiet` when nothing moves and nothing is due any more, "
        "`all_exit` when the last task has ended", shown_default="after `for`, when all is quiet"),
    Key("at_most", ticks(1, 20_000_000), "the last tick, whatever still moves", shown_default="1200 ticks"),
), short="for")  # fmt: skip


def _run_form() -> forms.Form:
    short, table = shape_form(RUN)["anyOf"]
    return {"anyOf": [short, {**table, "dependentRequired": {"until": ["at_most"]}}]}


RUN_TYPE = Type("ticks, or a table `run`", _run_checked, form=_run_form)

PAGES = Shape("pages", "Who else owns memory, as really allocated from the buddy system.", PagesSpec, (
    Key("kernel", PERCENT, "memory of the kernel itself", 10, shown_default="10 %"),
    Key("user", PERCENT, "memory of programs", 20, shown_default="20 %"),
    Key("file", PERCENT, "memory that caches files", 15, shown_default="15 %"),
    Key("traffic", ticks(0), "about so often one of them takes or gives back a page; 0 ticks: never", 40,
        shown_default="40 ticks"),
))  # fmt: skip


def _pages(reading: Reading, node: Node) -> PagesSpec:
    pages: PagesSpec = read_shape(reading, node, PAGES)
    taken = pages.kernel + pages.user + pages.file
    if taken > MOST_TAKEN:
        raise reading.refuse(node, "does-not-fit", f"{taken} % of memory is taken here; at most {MOST_TAKEN} % can be")
    return pages


MOST_TAKEN = 90
"""Percent of memory that others may own, so that something is left to allocate."""


def _memory(reading: Reading, node: Node) -> int:
    memory: int = size(1 << 20, 1 << 30).read(reading, node)
    if memory % PAGE_SIZE:
        raise reading.refuse(node, "does-not-fit", f"{memory} B is not a multiple of 4 KiB, the size of a page")
    return memory


def _slub_debug(reading: Reading, node: Node) -> str:
    text = as_scalar(reading, node, "flags as on the kernel's command line").text
    try:
        parse(text)
    except UsageError as problem:
        raise reading.refuse(node, "slub-debug", str(problem)) from problem
    return text


def _debug_letters(reading: Reading, node: Node) -> SlabFlags:
    text = as_scalar(reading, node, "letters of slub_debug").text
    try:
        return letters(text or "-")
    except UsageError as problem:
        raise reading.refuse(node, "slub-debug", str(problem)) from problem


MACHINE = Shape("machine", "The machine that all this happens on.", MachineSpec, (
    Key("cpus", integer(1, 64), "how many CPUs are present", 4),
    Key("possible_cpus", integer(1, 8192), "how many there could be", 0, shown_default="`cpus`"),
    Key("memory", Type(size(1 << 20, 1 << 30).label, _memory,
                       form=size(1 << 20, 1 << 30).form), "its memory, a multiple of 4 KiB", 16 << 20,
        shown_default="16 MiB"),
    Key("pages", Type(PAGES.type().label, _pages, form=PAGES.type().form), "who else owns pages", PagesSpec()),
    Key("freelist_random", TRUTH, "new slabs chain their objects in random order", True),
    Key("hardened", TRUTH, "free pointers are stored scrambled (seen where bytes are shown)", True),
    Key("init_on_alloc", TRUTH, "objects are zeroed when they are handed out", True),
    Key("slub_debug", Type("flags as on the kernel's command line", _slub_debug, form=forms.text(400)),
        "debugging: `FZPU` for all caches, `FZ,name,other*` for some, blocks separated by `;`", "",
        shown_default="no debugging"),
    Key("panic_on_oops", TRUTH, "whether a mistake that kills a task stops the whole machine", False),
    Key("merge", TRUTH, "a new cache may share an old one of its size (off: as with slab_nomerge)", False),
    Key("slub_max_order", integer(0, 10), "the largest order a slab may have, where one object fits into it", 3),
    Key("page_offset", hexadecimal(0xFFFF_8000_0000_0000, 0xFFFF_F000_0000_0000, 1 << 30),
        "where the kernel sees physical memory", PAGE_OFFSET, shown_default="`0xffff888000000000`"),
    Key("first_free_pfn", hexadecimal(0, 1 << 20), "the first page frame of this memory", 0, shown_default="`0x0`"),
    Key("rcu_grace", ticks(1, 1000), "how long an RCU grace period lasts", 24, shown_default="24 ticks"),
    Key("zones", ZONES.type(), "memory zones", (), shown_default="one ZONE_NORMAL"),
    Key("min_free", size(4096, 256 << 20), "`min_free_kbytes`: what only GFP_ATOMIC and the like may take",
        shown_default="as the kernel computes it"),
    Key("lowmem_reserve_ratio", integer(1, 1_000_000), "the sysctl: a low zone keeps 1 page for so many of the higher "
        "zones from requests that could use those", shown_default="256, as the kernel"),
    Key("pcp", PCP.type(), "page sets", PcpSpec(), shown_default="as the kernel computes it"),
))  # fmt: skip

CACHE = Shape("cache", "One `kmem_cache`.", CacheSpec, (
    Key("size", size(1, 4 << 20), "size of an object (object_size)", required=True),
    Key("align", size(0, 4096), "alignment asked for", 0, shown_default="0 B: what the size and the flags ask for"),
    Key("flags", list_of(keyword(REQUESTABLE_FLAGS)), "flags of kmem_cache_create", ()),
    Key("ctor", TRUTH, "whether a constructor runs once for each object of a new slab", False),
    Key("owner", WORD, "what an object stands for: `pid`, `inode`, `skb`, `device`, or a word of your own", "pid"),
    Key("usercopy", TRUTH, "whether a part of it may be copied to user space: such a cache never shares", False),
    Key("min_partial", integer(0, 10_000), "tuned: empty slabs are kept while the node has fewer partial ones",
        shown_default="as the kernel computes it"),
    Key("cpu_partial", integer(0, 10_000), "tuned: how many free objects a CPU parks",
        shown_default="as the kernel computes it"),
    Key("slub_debug", Type("letters of slub_debug", _debug_letters, form=forms.text(20)),
        "how this cache is debugged, for instance `FZPU`",
        SlabFlags(0), shown_default="as the machine"),
), placed=True)  # fmt: skip

QUEUE = Shape("queue", "A place where tasks hand objects over.", workload.Queue, (
    Key("limit", integer(1, 100_000), "the most entries it holds", 64),
), placed=True)  # fmt: skip


def _parameters(reading: Reading, node: Node) -> tuple[str, ...]:
    names = list_of(OWN_WORD).read(reading, node)
    reading.scope.parameters.update(dict.fromkeys(names, node.spot))
    return tuple(names)


NAMES = Type("a list of names", _parameters, form=forms.several(forms.name))

PROGRAM = Shape("program", "A named piece of work.", workload.Program, (
    Key("with", NAMES, "names that `call` and `start` give", (), field="parameters"),
    Key("do", BODY, "its steps", required=True, field="body"),
), placed=True, short="do")  # fmt: skip

WORK = Shape("work", "A work item: `schedule_work` lets a kworker run it, where it may sleep.", workload.Program, (
    Key("with", NAMES, "names that `schedule_work` gives; then each request is an item "
        "of its own", (), field="parameters"),
    Key("do", BODY, "its steps", required=True, field="body"),
), placed=True, short="do")  # fmt: skip

DEVICE = Shape("device", "Something that drivers allocate memory for; it owns what `dev_kmalloc` gives.",
               workload.Device, (
    Key("name", TEXT, "what it is called on the screen", "", shown_default="its name here"),
), placed=True)  # fmt: skip

TASK = Shape("task", "A process that is there from the start.", workload.Task, (
    Key("cpu", CPU, "where it runs", 0),
    Key("program", BODY, "what it does", required=True),
    Key("pid", integer(1, 999), "its number", 0, shown_default="the next free one"),
    Key("from", ticks(), "when it begins", 0, field="start_at", shown_default="0 ticks"),
), placed=True)  # fmt: skip


def _every(reading: Reading, node: Node) -> Arrivals:
    if isinstance(node, Table):
        mean: int = read_shape(reading, node, POISSON)
        return workload.PoissonArrivals(mean)
    return workload.Periodic(ticks(1).read(reading, node))


POISSON = Shape("every", "At random.", lambda poisson: poisson, (
    Key("poisson", ticks(1), "the mean time between two", required=True),
))  # fmt: skip

BURST = Shape("burst", "Several in a row.", workload.Burst, (
    Key("size", integer(1, 1000), "how many", required=True),
    Key("every", ticks(1), "time from one burst to the next", required=True),
    Key("gap", ticks(0), "time between two of one burst", 0, shown_default="0 ticks"),
))  # fmt: skip


def _interrupt(
    place: Place, cpu: tuple[int, ...], every: Arrivals | None, at: tuple[int, ...], burst: Arrivals | None,
    first: int, until: int | None, handler: Body, parameters: tuple[str, ...],
) -> workload.Interrupt:  # fmt: skip
    arrivals = every or burst or workload.Scripted(at)
    return workload.Interrupt(place, cpu, arrivals, first, until, handler, parameters)


EVERY = Type("ticks, or `{poisson: 12 ticks}`", _every, form=forms.either(ticks(1).form, POISSON.type().form))

INTERRUPT = Shape("interrupt", "A device or timer that interrupts.", _interrupt, (
    Key("cpu", list_of(CPU, 1), "the CPUs it may go to: each time one of them, by chance", (0,),
        shown_default="`0`"),
    Key("every", EVERY, "the time between two"),
    Key("at", list_of(ticks(), 1), "the very ticks", ()),
    Key("burst", BURST.type(), "several in a row"),
    Key("from", ticks(), "not before", 0, field="first", shown_default="0 ticks"),
    Key("until", ticks(), "not from here on", shown_default="the end of `running`"),
    Key("with", NAMES, "names that `raise` gives", (), field="parameters"),
    Key("handler", BODY, "what it does; it cannot sleep", required=True),
), placed=True, at_most_one_of=(("every", "at", "burst"),))  # fmt: skip


def _own_names(type: Type) -> Type:
    """A type whose value is one program: what is named in it is known only there."""

    def read(reading: Reading, node: Node) -> Any:
        outer, reading.scope = reading.scope, Scope()
        try:
            return type.read(reading, node)
        finally:
            reading.scope.check(reading.reporter)
            reading.scope = outer

    return Type(type.label, read, form=type.form)


def _section(shape: Shape, name: str) -> Type:
    return named(_own_names(shape.type()), name)


def _version(reading: Reading, node: Node) -> int:
    if as_scalar(reading, node, "the version of the language").text != "1":
        raise reading.refuse(node, "version", "this slabviz knows version 1 of the language", "write `slabviz: 1`")
    return 1


def _era_form() -> forms.Form:
    return forms.words((*ERAS, *map(float, ERAS)))()


ERA_WORDS = " or ".join(f'`kernel: "{name}"`' for name in ERAS)


def _era(reading: Reading, node: Node) -> str:
    text = as_scalar(reading, node, "a kernel version").text
    if text not in ERAS and re.fullmatch(r"[0-9]+\.[0-9]+", text) and str(float(text)) in ERAS:
        message = f"YAML reads a bare `{text}` as {float(text)}"
        raise reading.refuse(node, "yaml-trap", message, f'write "{float(text)}" in quotes')
    if text not in ERAS:
        raise reading.refuse(node, "kernel", f"kernel `{text}` is not modelled", f"write {ERA_WORDS}")
    return text


def _machine(reading: Reading, node: Node) -> MachineSpec:
    machine: MachineSpec = read_shape(reading, node, MACHINE)
    reading.cpus = machine.cpus
    if machine.possible_cpus and machine.possible_cpus < machine.cpus:
        message = f"`possible_cpus` is {machine.possible_cpus}, but {machine.cpus} CPUs are present"
        raise reading.refuse(node, "does-not-fit", message)
    if sum(pages for _, pages in machine.zones) > machine.memory:
        raise reading.refuse(node, "does-not-fit", f"the zones have more than the {machine.memory} B of `memory`")
    if machine.min_free is not None and machine.min_free > machine.memory // 4:
        raise reading.refuse(node, "does-not-fit", "`min_free` is more than a quarter of `memory`")
    return machine


def _taken_apart(reading: Reading, node: Node) -> None:
    """`variants` and `matrix` make several files of one before anything is read: here there are none left."""


def _parameters_read(reading: Reading, node: Node) -> dict[str, str]:
    """The parameters that this run has; their values have been read before everything else."""
    for entry in as_table(reading, node, PARAMETERS).entries:
        name = word(reading, entry.key)
        taken = [section for section, names in reading.declared.names.items() if name in names]
        if name in ALWAYS_KNOWN or taken:
            what = SECTION_WORDS[taken[0]] if taken else "number that every program knows"
            message = f"{quote(name)} is a {what}; a parameter needs another name"
            raise reading.reporter.report(entry.key.spot, "name-taken", message)
    return {name: value.text for name, value in reading.parameters.items()}


PARAMETERS_TYPE = Type(
    "names, each with a value", _parameters_read,
    form=forms.names_with(forms.always({"type": ["string", "number", "boolean"]})),
)  # fmt: skip
VARIATION = Type("a table; see [Variations](#variations)", _taken_apart)

TOP: Callable[..., dict[str, Any]] = dict

SCENARIO = Shape("scenario", "The whole file.", TOP, (
    Key("slabviz", Type("`1`", _version, form=forms.words((1, "1"))), "version of the language", required=True),
    Key("id", WORD, "short name; lessons of the course carry their number", ""),
    Key("title", TEXTS, "what it is called", required=True),
    Key("about", TEXTS, "one sentence for the list of lessons", ()),
    Key("kernel", Type(", ".join(f'`"{name}"`' for name in ERAS), _era, form=_era_form),
        "whose allocator", LINUX_6_1.name),
    Key("seed", integer(0, 2**31 - 1), "everything random comes from it", 1),
    Key(INCLUDE, Type("a list of files", _taken_apart, form=forms.several(forms.always({"type": "string"}))),
        "programs, caches … of other files: `library/fork.yaml` of "
        "slabviz, or a path from this file's folder; what stands here comes first"),
    Key(PARAMETERS, PARAMETERS_TYPE, "values with a name, which may stand wherever "
        "such a value may; `--set name=value` changes one", {}),
    Key("show", OPENING.type(), "what the window opens with", ShowSpec()),
    Key("run", RUN_TYPE, "how long", RunSpec()),
    Key("machine", Type(MACHINE.type().label, _machine, form=MACHINE.type().form), "the machine", MachineSpec()),
    Key("caches", named(CACHE.type(), "caches"), "the caches, by name", {}),
    Key("queues", named(QUEUE.type(), "queues"), "the queues, by name", {}),
    Key("shrinkers", named(SHRINKER.type(), "shrinkers"), "what can be given up when memory is short, by name", {}),
    Key("programs", _section(PROGRAM, "programs"), "named pieces of work", {}),
    Key("tasks", _section(TASK, "tasks"), "the processes, by name", {}),
    Key("interrupts", _section(INTERRUPT, "interrupts"), "the interrupt sources, by name", {}),
    Key("softirqs", named(_own_names(BODY), "softirqs"), "what runs after an interrupt, by name", {}),
    Key("works", _section(WORK, "works"), "work items, by name", {}),
    Key("devices", named(DEVICE.type(), "devices"), "the devices, by name", {}),
    Key("chapters", list_of(CHAPTER.type()), "the parts of the story", ()),
    Key("expect", list_of(EXPECT), "what must hold", ()),
    Key(VARIANTS, VARIATION, "the same story told in several ways: names, each with the sections that differ"),
    Key(MATRIX, VARIATION, "one run for each choice of these `machine` keys or parameters: each with a list of values"),
))  # fmt: skip

NAMED_SHAPES = (
    OPENING, CHOICE, RUN, MACHINE, PAGES, ZONES, PCP, CACHE, QUEUE, SHRINKER, PROGRAM, TASK, INTERRUPT, BURST, WORK,
    DEVICE,
)  # fmt: skip
"""The tables that the reference explains one by one."""


def read_file(reading: Reading, root: Node) -> dict[str, Any]:
    """Read the whole file: its sections by name. Raises Refused after reporting all problems."""
    return dict(read_shape(reading, as_table(reading, root, "scenario"), SCENARIO))
