"""The steps of a program, one shape each: the words of the language and the dataclasses of ``engine/program.py``.

A step is a table with one word, ``{free: skb}``. What belongs to the word stands behind it; the steps that hold other
steps (``BESIDE``) have their keys beside the word: ``{repeat: 3, do: [...]}``.
"""

from __future__ import annotations

from typing import Any

from slabviz.engine import driver_program, program
from slabviz.engine.driver_program import (
    DOUBLE_FREE,
    FREEING_MISTAKES,
    SLEEP_IN_ATOMIC,
    TAKING_MISTAKES,
    TOUCHING_MISTAKES,
    WRONG_FREE,
    Argument,
)
from slabviz.engine.program import ANY_CPU, PICKS, SAME_CPU, Body
from slabviz.engine.values import Const, Value
from slabviz.errors import Place, UsageError
from slabviz.model.gfp import GFP_KERNEL, NAMED_GFP, SINGLE_GFP, parse_gfp
from slabviz.scenario import forms
from slabviz.scenario.diagnostics import nearest, one_of, quote
from slabviz.scenario.expressions import CONDITION, DISTRIBUTIONS, value
from slabviz.scenario.quantities import (
    CPU,
    TEXT,
    TEXTS,
    TRUTH,
    WORD,
    binds,
    bound,
    cpu_number,
    declared,
    integer,
    keyword,
    own_word,
)  # fmt: skip
from slabviz.scenario.quiz_shapes import ASK
from slabviz.scenario.schema import (
    Key,
    Reading,
    Shape,
    Type,
    as_items,
    as_scalar,
    as_table,
    described,
    list_of,
    read_all,
    read_shape,
    word,
)  # fmt: skip
from slabviz.scenario.story import AskSpec
from slabviz.scenario.tree import Node, Scalar, Table


def _gfp(reading: Reading, node: Node) -> int:
    text = as_scalar(reading, node, "a word such as `GFP_KERNEL`").text
    try:
        return parse_gfp(text)
    except UsageError as problem:
        word = str(problem)
        known = [*NAMED_GFP, *SINGLE_GFP]
        help = nearest(word, known) or f"write {one_of(NAMED_GFP)}, and flags such as `| __GFP_ZERO`"
        raise reading.refuse(node, "unknown-word", f"{quote(word)} is not a word for this place", help) from None


_WORDS = "|".join((*NAMED_GFP, *SINGLE_GFP))
GFP_TYPE = Type(
    "`GFP_KERNEL`, `GFP_ATOMIC` …, with `| __GFP_ZERO` … if need be", _gfp,
    form=forms.either(
        forms.words(NAMED_GFP),
        forms.always({"type": "string", "pattern": f"^(?:{_WORDS})(?:\\s*\\|\\s*(?:{_WORDS}))*$"}),
    ),
)  # fmt: skip
GFP = Key(
    "gfp", GFP_TYPE,
    "what the allocation may do to get memory; handlers and softirqs need `GFP_ATOMIC`", GFP_KERNEL,
    shown_default="`GFP_KERNEL`",
)  # fmt: skip


def _mistake(words: tuple[str, ...]) -> Key:
    return Key("mistake", keyword(words), "it goes wrong so, on purpose: it must really happen",
               shown_default="none: what goes wrong ends the run")  # fmt: skip


LEAKS = _mistake(TAKING_MISTAKES)
TAKES = _mistake((*TAKING_MISTAKES, SLEEP_IN_ATOMIC))
NAME = Key("name", list_of(TEXT, 1), "what a new owner is called; several are taken in turn", (), field="names",
           shown_default="the owner's kind")  # fmt: skip
AS = Key("as", binds("object"), "the name of the new object", field="bind")
INTO = Key("into", binds("list"), "the list that gets the new object")
OBJECT = Key("object", bound("object"), "the object")
FROM = Key("from", bound("list"), "the list the object is taken from", field="source")
PICK = Key("pick", keyword(PICKS), "which object of the list", "first")


def _owner(reading: Reading, node: Node) -> str:
    name = word(reading, node)
    if name not in (program.SELF, program.NEW):
        reading.scope.use("object", name, node.spot)
    return name


OWNER = Key(
    "owner", Type("`self`, `new`, or the name of an object", _owner, form=forms.name),
    "whose the object is: the one who asks, somebody new (a child, a file, a packet), or the owner of another object",
    shown_default="`self` where the cache's `owner` is `pid` or `device`, else `new`",
)  # fmt: skip


def read_body(reading: Reading, node: Node) -> Body:
    """A list of steps. Reports the problems of all, then raises Refused."""
    return read_all(reading, as_items(reading, node, "a list of steps"), STEP)


def _read_step(reading: Reading, node: Node) -> Any:
    if isinstance(node, Scalar) and node.text in STEPS:
        empty = Scalar(node.spot, "", True)
        return read_shape(reading, empty, STEPS[node.text], node)
    if not isinstance(node, Table) or not node.entries:
        raise reading.refuse(node, "wrong-kind", f"a step is needed here, as `free: skb`, not {described(node)}")
    first = node.entries[0]
    name = first.key.text
    if name not in STEPS:
        raise reading.refuse(first.key, "unknown-step", f"there is no step {quote(name)}", nearest(name, STEPS))
    if name in BESIDE:
        return read_shape(reading, node, STEPS[name], first.key)
    if len(node.entries) > 1:
        extra = node.entries[1].key
        help = f"begin a new step with `- {extra.text}:`, or indent it to be a part of `{name}`"
        raise reading.refuse(
            extra, "two-steps", f"{quote(extra.text)} stands beside `{name}`; a step has one word", help
        )
    return read_shape(reading, first.value, STEPS[name], first.key)


STEP = Type("a step", _read_step, form=forms.always({"$ref": "#/$defs/step"}))
BODY = Type("a list of steps", read_body, form=forms.items(STEP.form))


def _times(reading: Reading, node: Node) -> tuple[Value | None, Value | None]:
    if isinstance(node, Table) and [entry.key.text for entry in node.entries] == ["while"]:
        return None, CONDITION.read(reading, node.entries[0].value)
    if isinstance(node, Scalar) and node.text == "forever":
        return None, None
    if isinstance(node, Table) and len(node.entries) == 1 and node.entries[0].key.text not in DISTRIBUTIONS:
        key = node.entries[0].key
        help = nearest(key.text, ("while", *DISTRIBUTIONS)) or "write `{while: running}`, or turn the condition round"
        raise reading.refuse(key, "unknown-key", f"unknown key {quote(key.text)} in `repeat`", help)
    return value("").read(reading, node), None


def _repeat(place: Place, repeat: tuple[Value | None, Value | None], do: Body) -> program.Repeat:
    return program.Repeat(place, repeat[0], repeat[1], do)


def _arguments(reading: Reading, node: Node) -> tuple[Argument, ...]:
    arguments = []
    for entry in as_table(reading, node, "with").entries:
        name = word(reading, entry.key)
        text = entry.value.text if isinstance(entry.value, Scalar) else ""
        known = reading.scope.bound["object"] | reading.scope.parameters
        if text in known:
            arguments.append(Argument(name, text, None))
        else:
            arguments.append(Argument(name, None, value("any").read(reading, entry.value)))
    return tuple(arguments)


def _start_cpu(reading: Reading, node: Node) -> int:
    words = {"any": ANY_CPU, "here": SAME_CPU}
    text = as_scalar(reading, node, "a CPU").text
    if not text.isdecimal() and text not in words:
        help = nearest(text, words) or "write its number, `any` or `here`"
        raise reading.refuse(node, "unknown-word", f"{quote(text)} is no CPU", help)
    return words[text] if text in words else cpu_number(reading, node)


def _let(reading: Reading, node: Node) -> tuple[tuple[str, Value], ...]:
    pairs = []
    for entry in as_table(reading, node, "let").entries:
        name = own_word(reading, entry.key)
        pairs.append((name, value("any").read(reading, entry.value)))
        reading.scope.bind("number", name, entry.key.spot)
    return tuple(pairs)


def _branches(reading: Reading, node: Node) -> tuple[program.Branch, ...]:
    return read_all(reading, as_items(reading, node, "a list of `{weight: …, do: [...]}`"), BRANCH.type())


def _nothing(reading: Reading, node: Node) -> bool:
    return True if isinstance(node, Scalar) and node.plain and not node.text else bool(TRUTH.read(reading, node))


NUMBERS = forms.names_with(value("any").form)
TIMES = forms.either(
    value("").form,
    forms.always({
        "type": "object", "required": ["while"],
        "properties": {"while": {"description": "as long as this holds", **CONDITION.form()}},
        "additionalProperties": False,
    }),
)  # fmt: skip
START_CPU = forms.either(forms.words(("any", "here")), CPU.form)


def _ways() -> forms.Form:
    return forms.items(BRANCH.type().form)()


WAYS: forms.Former = _ways

SIZE = Key("size", value("bytes"), "how much; 0 B gives ZERO_SIZE_PTR, more than 4 MiB gives NULL", required=True)
DEVICE = Key("device", declared("devices"), "the device", required=True)
OFFSET = Key("offset", value("bytes"), "where in the object it begins", Const(0), shown_default="0 B")
LENGTH = Key("length", value("bytes"), "how many bytes", shown_default="to the end of the object")
TICKS = value("ticks")
WITH = Key("with", Type("names and what they stand for", _arguments, form=NUMBERS),
           "what the program gets", (), field="arguments")
PROGRAM = Key("program", declared("programs"), "the program", required=True)
NOTHING = Key("now", Type("nothing, or `true`", _nothing, form=forms.always({"enum": [None, True]})),
              "the word stands alone: `- exit`", True)

BRANCH = Shape(
    "choose", "One way.", program.Branch,
    (
        Key("weight", integer(1, 1000), "how likely it is, relative to the others", 1),
        Key("do", BODY, "its steps", required=True, field="body"),
    ),
    placed=True,
)  # fmt: skip


def _word(make: Any, name: str, help: str) -> Shape:
    return Shape(name, help, lambda now, place: make(place), (NOTHING,), placed=True, short="now")


def _freeing(make: Any, name: str, help: str) -> Shape:
    keys = (OBJECT, FROM, PICK) if make is program.RcuFree else (OBJECT, FROM, PICK, _mistake(FREEING_MISTAKES))
    return Shape(name, help, make, keys, placed=True, one_of=(("object", "from"),), short="object")


_ALL = (
    Shape("alloc", "`kmem_cache_alloc`: take an object of a cache.", program.Alloc, (
        Key("cache", declared("caches"), "the cache", required=True), GFP, AS, INTO, OWNER, NAME, TAKES,
    ), placed=True, one_of=(("as", "into"),)),
    Shape("kmalloc", "`kmalloc`: take memory of some size, above 8 KiB as whole pages.", program.Kmalloc, (
        SIZE, GFP, AS, INTO, OWNER, NAME, TAKES,
    ), placed=True, one_of=(("as", "into"),)),
    Shape("krealloc", "`krealloc`: make it larger; the same memory if it still fits.", driver_program.Krealloc, (
        Key("object", bound("object"), "the object; it is freed when it has moved", required=True), SIZE, GFP,
        Key("as", binds("object"), "the name of what comes out, which may be the old one", required=True, field="bind"),
    ), placed=True),
    Shape("bulk_alloc", "`kmem_cache_alloc_bulk`: take several objects at once, or none.", program.BulkAlloc, (
        Key("cache", declared("caches"), "the cache", required=True),
        Key("count", value(""), "how many", required=True), GFP,
        Key("into", binds("list"), "the list that gets them", required=True), OWNER, NAME,
    ), placed=True),
    Shape("free", "`kmem_cache_free`: give an object back to its cache.", program.Free, (
        OBJECT, FROM, PICK, Key("cache", declared("caches"), "the cache it is given to", shown_default="its own"),
        _mistake(FREEING_MISTAKES),
    ), placed=True, one_of=(("object", "from"),), short="object"),
    _freeing(program.Kfree, "kfree", "`kfree`: give memory back; NULL and ZERO_SIZE_PTR are allowed."),
    _freeing(program.RcuFree, "rcu_free", "`call_rcu`: a softirq frees the object a grace period later."),
    Shape("bulk_free", "`kmem_cache_free_bulk`: give several objects back at once.", program.BulkFree, (
        Key("from", bound("list"), "the list", required=True, field="source"),
        Key("count", value(""), "how many, from the end of the list", shown_default="all"),
    ), placed=True, short="from"),
    Shape("dev_kmalloc", "`dev_kmalloc` of the course: memory of a device behind a header of 64 bytes; the context "
          "decides between `GFP_KERNEL` and `GFP_ATOMIC`.", driver_program.DevKmalloc, (
        SIZE, DEVICE, AS, INTO, _mistake(TAKING_MISTAKES),
    ), placed=True, one_of=(("as", "into"),)),
    _freeing(program.DevKfree, "dev_kfree", "`dev_kfree`: back to the header, whose magic number is checked."),
    Shape("devm_kmalloc", "`devm_kmalloc`: memory that goes when the driver is detached.", driver_program.DevmKmalloc, (
        SIZE, DEVICE, GFP, AS, INTO, _mistake(TAKING_MISTAKES),
    ), placed=True, one_of=(("as", "into"),)),
    Shape("devm_kfree", "`devm_kfree`: give a block of a device back early.", driver_program.DevmKfree, (
        Key("object", bound("object"), "the object", required=True), DEVICE, _mistake((WRONG_FREE, DOUBLE_FREE)),
    ), placed=True),
    Shape("detach", "Detach the driver from a device: its `devm_kmalloc` blocks are released, the newest first.",
          driver_program.Detach, (DEVICE,), placed=True, short="device"),
    Shape("write", "Write a byte again and again into an object, as `memset` does.", driver_program.Write, (
        Key("object", bound("object"), "the object", required=True), OFFSET, LENGTH,
        Key("value", value(""), "the byte, as `0x41`", Const(0), shown_default="`0`"), _mistake(TOUCHING_MISTAKES),
    ), placed=True),
    Shape("read", "Look at the bytes of an object.", driver_program.Read, (
        Key("object", bound("object"), "the object", required=True), OFFSET, LENGTH,
        Key("as", binds("number"), "a name for the bytes as a little-endian number, at most 7 of them", field="bind"),
        _mistake(TOUCHING_MISTAKES),
    ), placed=True),
    Shape("wait", "Be busy; interrupts may come, other tasks of this CPU may not run.", program.Wait, (
        Key("ticks", TICKS, "how long", required=True),
    ), placed=True, short="ticks"),
    Shape("sleep", "Give the CPU to others for a while.", program.Sleep, (
        Key("ticks", TICKS, "how long", required=True),
    ), placed=True, short="ticks"),
    Shape("use", "Work with an object; meanwhile the CPU is free for its other tasks.", program.Use, (
        Key("object", bound("object"), "the object", required=True),
        Key("for", TICKS, "how long", required=True, field="ticks"),
    ), placed=True),
    Shape("repeat", "Do steps again and again.", _repeat, (
        Key("repeat", Type("a number, `forever`, or `{while: running}`", _times, form=TIMES),
            "how often", required=True),
        Key("do", BODY, "the steps", required=True),
    ), placed=True),
    Shape("if", "Do steps only if something holds.", program.If, (
        Key("if", CONDITION, "the condition", required=True, field="condition"),
        Key("then", BODY, "steps if it holds", required=True),
        Key("else", BODY, "steps if not", (), field="otherwise"),
    ), placed=True),
    Shape("choose", "One of several ways, by chance.", program.Choose, (
        Key("choose", Type("a list of ways, each `{weight: 3, do: [...]}`", _branches, form=WAYS),
            "the ways", required=True,
            field="branches"),
    ), placed=True),
    Shape("if_null", "Do steps if an allocation gave NULL.", program.IfNull, (
        Key("object", bound("object"), "the object", required=True),
        Key("do", BODY, "the steps", required=True, field="body"),
    ), placed=True),
    Shape("call", "Run a program here.", program.Call, (PROGRAM, WITH), placed=True, short="program"),
    Shape("start", "Start a program as a new task.", program.Start, (
        PROGRAM, Key("name", TEXT, "what the task is called", shown_default="the program's name"),
        Key("cpu", Type("a CPU, `any` (the idlest) or `here`", _start_cpu, form=START_CPU), "where it runs", ANY_CPU,
            shown_default="`any`"),
        WITH, Key("owner", bound("object"), "the object whose owner the task is, as a child of its task_struct"),
    ), placed=True, short="program"),
    _word(program.Exit, "exit", "The task or handler ends."),
    _word(program.Return, "return", "The called program ends; its caller goes on."),
    Shape("put", "Hand objects over to whoever takes them from the queue.", program.Put, (
        Key("objects", list_of(bound("object"), 1), "what is handed over together", required=True),
        Key("into", declared("queues"), "the queue", required=True, field="queue"),
        Key("if_full", BODY, "steps instead of sleeping until there is room"),
    ), placed=True),
    Shape("take", "Take what another one put into a queue.", program.Take, (
        Key("from", declared("queues"), "the queue", required=True, field="queue"),
        Key("as", list_of(binds("object"), 1), "names for what comes out", required=True, field="names"),
        PICK, Key("if_empty", BODY, "steps instead of sleeping until there is something"),
    ), placed=True),
    Shape("let", "Give names to numbers.", program.Let, (
        Key("let", Type("names and values", _let, form=NUMBERS), "the numbers", required=True, field="values"),
    ), placed=True),
    _word(program.IrqOff, "irq_off", "`local_irq_save`: interrupts of this CPU wait."),
    _word(program.IrqOn, "irq_on", "`local_irq_restore`."),
    Shape("spin_lock", "`spin_lock_irqsave`: nobody else has the lock, no interrupt comes, nothing may sleep.",
          driver_program.SpinLock, (
        Key("lock", WORD, "the lock; it is there because it is named", required=True),
    ), placed=True, short="lock"),
    Shape("spin_unlock", "`spin_unlock_irqrestore`.", driver_program.SpinUnlock, (
        Key("lock", WORD, "the lock", required=True),
    ), placed=True, short="lock"),
    Shape("schedule_work", "`schedule_work`: a kworker of this CPU runs a work item soon, where it may sleep.",
          driver_program.ScheduleWork, (
        Key("work", declared("works"), "the work item; one that is pending is not queued twice", required=True), WITH,
    ), placed=True, short="work"),
    Shape("raise", "A device that has been given something to do will interrupt.", driver_program.RaiseIrq, (
        Key("irq", declared("interrupts"), "the interrupt source", required=True),
        Key("after", TICKS, "how long the device takes", program.ONE, shown_default="1 tick"), WITH,
    ), placed=True, short="irq"),
    Shape("raise_softirq", "Let a softirq run on this CPU after the interrupt.", program.RaiseSoftirq, (
        Key("softirq", declared("softirqs"), "the softirq", required=True),
    ), placed=True, short="softirq"),
    Shape("create", "`kmem_cache_create`: a cache that has this step is not there at boot.", program.Create, (
        Key("cache", declared("caches"), "the cache", required=True),
    ), placed=True, short="cache"),
    Shape("destroy", "`kmem_cache_destroy`: give up a cache, whose objects must all be free.", program.Destroy, (
        Key("cache", declared("caches"), "the cache", required=True),
        Key("mistake", keyword(("leak",)), "objects are left on purpose: the kernel complains and the cache stays"),
    ), placed=True, short="cache"),
    Shape("tune", "Write `min_partial` or `cpu_partial` in sysfs; the latter flushes all CPUs.", program.Tune, (
        Key("cache", declared("caches"), "the cache", required=True),
        Key("min_partial", value(""), "empty slabs are kept while the node has fewer partial ones"),
        Key("cpu_partial", value(""), "how many free objects a CPU parks"),
    ), placed=True, some_of=("min_partial", "cpu_partial")),
    Shape("cpu_offline", "Take a CPU down: its tasks go elsewhere, its slabs to the node.", program.CpuOffline, (
        Key("cpu", CPU, "which one; not the one this task runs on", required=True),
    ), placed=True, short="cpu"),
    Shape("cpu_online", "Let an offline CPU run again.", program.CpuOnline, (
        Key("cpu", CPU, "which one", required=True),
    ), placed=True, short="cpu"),
    Shape("shrink", "`kmem_cache_shrink`: give back every empty slab.", program.Shrink, (
        Key("cache", declared("caches"), "the cache", required=True),
    ), placed=True, short="cache"),
    Shape("touch", "Use more of the program's own memory: page faults, which may sleep.", program.Touch, (
        Key("pages", value(""), "how many pages more; they are given back when the task ends", required=True),
    ), placed=True, short="pages"),
    Shape("say", "Tell the reader something at this moment.", program.Say, (
        Key("say", TEXTS, "what to say", required=True, field="texts"),
    ), placed=True),
    Shape("ask", "Ask the reader something at this moment; `play` pauses until it is answered.",
          lambda place, **asked: program.Ask(place, AskSpec(place, **asked)), ASK.keys, placed=True),
    Shape("mark", "Put a named mark on the timeline.", program.MarkTick, (
        Key("text", TEXT, "the name", required=True),
    ), placed=True, short="text"),
    Shape("count", "Add to a counter that `expect` can look at.", program.Count, (
        Key("counter", WORD, "the counter", required=True),
        Key("by", value(""), "how much", program.ONE, shown_default="1"),
    ), placed=True, short="counter"),
    Shape("assert", "End the run with an error if something does not hold.", program.Assert, (
        Key("condition", CONDITION, "what must hold", required=True),
        Key("message", TEXT, "what to say if not"),
    ), placed=True, short="condition"),
)  # fmt: skip

STEPS = {shape.name: shape for shape in _ALL}
"""Every step by its word."""

BESIDE = frozenset(("repeat", "if", "choose", "let", "say"))
"""Steps whose keys stand beside their word, or whose value is their only key."""
