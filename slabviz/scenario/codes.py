"""Every code of a diagnostic: what it means, and an example of the wrong and of the right.

``docs/diagnostics.md`` and the rules of SARIF are made of this table (``python scripts/build_diagnostics_doc.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Known(Enum):
    """Who can tell a problem: the reader of YAML, the JSON Schema too, or only ``slabviz check``."""

    YAML = "yaml"
    SCHEMA = "schema"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem. ``wrong`` and ``right`` are pieces of a scenario."""

    title: str
    meaning: str
    wrong: str
    right: str
    known: Known = Known.SCHEMA
    severity: str = "error"


def _yaml(title: str, meaning: str, wrong: str, right: str) -> Code:
    return Code(title, meaning, wrong, right, Known.YAML)


def _check(title: str, meaning: str, wrong: str, right: str) -> Code:
    return Code(title, meaning, wrong, right, Known.CHECK)


def _warning(title: str, meaning: str, wrong: str, right: str) -> Code:
    return Code(title, meaning, wrong, right, Known.CHECK, "warning")


CODES = {
    # The file as YAML.
    "alias": _yaml(
        "An alias", "Aliases and merge keys (`*name`, `<<`) would make the file say something else than it shows, "
        "and a few lines of them can grow beyond all memory. Name what is used twice in `programs`.",
        "a: &steps [exit]\nb: *steps", "programs: {steps: [exit]}\ntasks: {a: {program: [call: steps]}}",
    ),
    "depth": _yaml(
        "Nested too deep", "Lists and tables may be nested 40 levels deep.",
        "- repeat: 2\n  do:\n    - repeat: 2\n      do: [ … and so on, 40 times ]",
        "- repeat: 2\n  do: [call: inner]",
    ),
    "document": _yaml(
        "A second document", "A file holds one scenario; `---` in the middle of it begins another one.",
        "slabviz: 1\n---\ntitle: {en: Two}", "slabviz: 1\ntitle: {en: One}",
    ),
    "duplicate-key": _yaml(
        "A key twice", "YAML itself would silently keep only one of the two.",
        "c: {size: 64 B, size: 128 B}", "c: {size: 128 B}",
    ),
    "encoding": _yaml(
        "Not a text", "Scenarios are UTF-8. UTF-16, Latin-1 and files that are no text are refused at the byte that "
        "shows it.", "title: {en: caf\\xe9}", "title: {en: café}",
    ),
    "file-too-long": _yaml(
        "More than 1 MiB", "Longer files are refused before anything is parsed. Shorten it, or `include` parts.",
        "a file of 2 MiB", "include: [steps.yaml]",
    ),
    "key": _yaml(
        "A key that is no word", "A list or table cannot be a key.", "? [a, b]\n: exit", "a: exit",
    ),
    "tag": _yaml(
        "A tag", "Tags (`!name`) make other types of YAML values; the language has none.",
        "size: !!str 64 B", "size: 64 B",
    ),
    "yaml": _yaml(
        "Not YAML", "The file cannot be read from here on: mostly a bracket or quote that is not closed, a tab as "
        "indentation, or a text with `: ` that needs quotes.",
        "title: {en: Fork: the child}", 'title: {en: "Fork: the child"}',
    ),
    # Keys, values, and their form.
    "both-keys": Code(
        "Two keys that exclude each other", "Of some keys only one can be given.",
        "- alloc: {cache: c, as: one, into: many}", "- alloc: {cache: c, into: many}",
    ),
    "comparison": Code(
        "Not a comparison", "A number, or an operator (`<`, `<=`, `>`, `>=`, `==`, `!=`) and a number; shares with %.",
        '{at: end, objects: "about 3"}', '{at: end, objects: ">= 3"}',
    ),
    "empty": Code(
        "No value", "The key is there, but nothing stands behind it.", "size:", "size: 64 B",
    ),
    "expectation": Code(
        "Not an expectation", "Each expectation has one of the forms `at`, `over`, `always`, `never`, `sometime`, "
        "`counter`, and says something; `when` of a chapter is one test.",
        "expect: [{cache: c, objects: 0}]", "expect: [{at: end, cache: c, objects: 0}]",
    ),
    "kernel": Code(
        "A kernel that is not modelled", "The allocator of some versions is modelled; the message lists them.",
        'kernel: "2.4"', 'kernel: "6.1"',
    ),
    "missing-key": Code(
        "A key is missing", "Some keys have no default.", "c: {align: 8 B}", "c: {size: 64 B, align: 8 B}",
    ),
    "not-a-number": Code(
        "Not a number", "A whole number is needed, with a unit where there is one.", "cpus: four", "cpus: 4",
    ),
    "not-a-truth": Code(
        "Neither true nor false", "`yes`, `no`, `on`, `off` and quoted words mean different things to different "
        "readers of YAML.", "hardened: yes", "hardened: true",
    ),
    "out-of-range": Code(
        "Out of range", "The message says what is allowed.", "cpus: 65", "cpus: 64",
    ),
    "too-long": Code(
        "A long text", "Texts have at most 400 characters: what a caption can show.",
        "say: {en: a whole page}", "say: {en: one or two sentences}",
    ),
    "two-steps": Code(
        "Two steps in one", "A step is a table with one word; the next step begins with a dash of its own.",
        "- free: skb\n  wait: 4 ticks", "- free: skb\n- wait: 4 ticks",
    ),
    "unknown-key": Code(
        "An unknown key", "Mostly a slip of the pen; the message names the nearest right word.",
        "c: {size: 64 B, alginn: 8 B}", "c: {size: 64 B, align: 8 B}",
    ),
    "unknown-step": Code(
        "An unknown step", "docs/scenario.md lists all steps.", "- aloc: {cache: c, as: a}",
        "- alloc: {cache: c, as: a}",
    ),
    "unknown-word": Code(
        "An unknown word", "Only some words are allowed here, and the message lists them.",
        "flags: [HWCACHE]", "flags: [HWCACHE_ALIGN]",
    ),
    "version": Code(
        "Another language version", "This slabviz knows version 1.", "slabviz: 2", "slabviz: 1",
    ),
    "wrong-kind": Code(
        "A value of another kind", "A list where a table is needed, a word where there should be steps, and the like.",
        "program: exit", "program: [exit]",
    ),
    "wrong-unit": Code(
        "A wrong unit", "Sizes have B, KiB, MiB or GiB, times have ticks, shares have %; a space stands before it.",
        "size: 64", "size: 64 B",
    ),
    "bad-name": Code(
        "Not a name", "Names have letters, digits, `_`, `-` and `.`, begin with a letter or `_`, and have at most 31 "
        "characters.", "caches: {my cache: {size: 8 B}}", "caches: {my_cache: {size: 8 B}}",
    ),
    # What only the whole file tells.
    "circle": _check(
        "A program calls itself", "Nothing would end it.", "programs: {a: [call: a]}",
        "programs: {a: [repeat: 3, do: [wait: 1 tick]]}",
    ),
    "does-not-fit": _check(
        "Values that do not fit together", "Each is allowed by itself, but not with the others, or it is no multiple "
        "of what it must be.", "machine: {cpus: 4, possible_cpus: 2}", "machine: {cpus: 4, possible_cpus: 8}",
    ),
    "expression": _check(
        "Not an expression", "Expressions have numbers, names, `+ - * / %`, comparisons, `and`, `or`, `not`, "
        "`length(list)`, `ksize(object)` and `address(object)`.", "- if: len >", "- if: len > 512 B",
    ),
    "impossible": _check(
        "A cache that cannot be made", "The kernel would refuse it, too.", "c: {size: 64 B, align: 3 B}",
        "c: {size: 64 B, align: 8 B}",
    ),
    "include": _check(
        "A file that cannot be included", "It is missing or broken, includes itself, or has sections that only a "
        "scenario has.", "include: [frok.yaml]", "include: [library/fork.yaml]",
    ),
    "many": _check(
        "More problems", "After 100 problems the rest is only counted: the first ones explain the others.",
        "a file with 120 problems", "mend the first ones and check again",
    ),
    "missing-argument": _check(
        "An argument is missing", "The program has parameters, and each call must give them.",
        "programs: {p: {with: [obj], do: [free: obj]}}\n…\n- call: p", "- call: {program: p, with: {obj: mine}}",
    ),
    "name-taken": _check(
        "A name that is taken", "Two different things would have one name.",
        "queues: {box: {}}\n…\n- alloc: {cache: c, into: box}", "- alloc: {cache: c, into: list}",
    ),
    "never-comes": _check(
        "An interrupt that never comes", "It needs `every`, `at` or `burst`, or a program that raises it.",
        "interrupts: {nic: {handler: [exit]}}", "interrupts: {nic: {every: 20 ticks, handler: [exit]}}",
    ),
    "no-such-cpu": _check(
        "No such CPU", "CPUs count from 0; `machine: {cpus: …}` says how many there are.",
        "machine: {cpus: 2}\ntasks: {a: {cpu: 2, program: [exit]}}", "tasks: {a: {cpu: 1, program: [exit]}}",
    ),
    "nothing-runs": _check(
        "Nothing runs", "A scenario without tasks and interrupts shows an empty machine.", "tasks: {}",
        "tasks: {a: {program: [exit]}}",
    ),
    "parameter-value": _check(
        "A parameter that does not fit", "The value of the parameter is not of the kind that is needed where its name "
        "stands.", "parameters: {n: 64 B}\nmachine: {cpus: n}", "parameters: {n: 4}\nmachine: {cpus: n}",
    ),
    "pid-taken": _check(
        "A pid twice", "Two processes have the same number.",
        "tasks: {a: {pid: 7, program: [exit]}, b: {pid: 7, program: [exit]}}",
        "tasks: {a: {pid: 7, program: [exit]}, b: {pid: 8, program: [exit]}}",
    ),
    "reserved-name": _check(
        "A cache that is always there", "The kmalloc caches are not declared, created or destroyed.",
        "caches: {kmalloc-64: {size: 64 B}}", "- alloc: {cache: kmalloc-64, as: a}",
    ),
    "same": _check(
        "Compared with itself", "`compare` needs two different variants.", "show: {compare: [right, right]}",
        "show: {compare: [right, wrong]}",
    ),
    "sleeps": _check(
        "Sleeping where nobody can", "Interrupt handlers and softirqs, and the programs they call, cannot sleep: no "
        "`sleep`, no `use`, no `put` or `take` that waits.",
        "handler: [sleep: 4 ticks]", "handler: [wait: 4 ticks]",
    ),
    "slub-debug": _check(
        "Not flags of slub_debug", "As on the kernel's command line: letters, then names of caches.",
        "slub_debug: XYZ", "slub_debug: FZPU",
    ),
    "unknown-argument": _check(
        "An argument that nobody wants", "The program has no parameter of that name.",
        "- call: {program: p, with: {obj: mine, len: 4}}", "- call: {program: p, with: {obj: mine}}",
    ),
    "unknown-name": _check(
        "An unknown name", "Nothing of that name is declared or bound in the program.",
        "- free: skbb", "- free: skb",
    ),
    "wrong-name": _check(
        "A name of something else", "The name exists, but what it names does not belong here.",
        "- alloc: {cache: backlog, as: a}", "- alloc: {cache: skbuff_head_cache, as: a}",
    ),
    "yaml-trap": _check(
        "A trap of YAML", "Readers of YAML differ in what a bare `no`, `010`, `12:30`, `1e3` or `~` means. Here it "
        "never changes a value silently: quote a word, write numbers plainly.", "title: {en: no}", 'title: {en: "no"}',
    ),
    # Warnings.
    "lock-kept": _warning(
        "A lock that is never released", "Who takes it next waits for ever.", "- spin_lock: l", "- spin_lock: l\n"
        "- spin_unlock: l",
    ),
    "may-sleep": _warning(
        "Flags that may sleep", "A handler or softirq comes to this step with `GFP_KERNEL`, which is the default of "
        "`gfp`. The kernel prints `BUG: sleeping function called from invalid context` and goes on. To show just that, "
        "say `mistake: sleep_in_atomic`.",
        "handler: [alloc: {cache: c, as: a}]", "handler: [alloc: {cache: c, gfp: GFP_ATOMIC, as: a}]",
    ),
    "never-freed": _warning(
        "Memory that is never freed", "No step of the program frees it, hands it on or puts it into a queue. Say "
        "`mistake: leak` if that is the story, or expect the objects at the end: "
        "`{at: end, cache: c, objects: 1}`.", "- alloc: {cache: c, as: a}\n- exit", "- alloc: {cache: c, as: a}\n"
        "- free: a",
    ),
    "never-runs": _warning(
        "Something that never runs", "A task before it keeps the CPU for ever, or its time begins when the run is "
        "over.",
        "spin: {program: [repeat: forever, do: [wait: 1 tick]]}\nnext: {program: [exit]}",
        "spin: {program: [repeat: forever, do: [sleep: 1 tick]]}\nnext: {program: [exit]}",
    ),
    "one-sided-queue": _warning(
        "A queue with one side", "Something is put into it and never taken out, or the other way round.",
        "- put: {objects: [a], into: box}", "- take: {from: box, as: [a]}",
    ),
    "says-nothing": _warning(
        "An expectation that always holds", "Counts are never below 0, shares never above 100 %.",
        '{over: all, event: oom, count: ">= 0"}', "{over: all, event: oom, count: 0}",
    ),
    "too-late": _warning(
        "Behind the end of the run", "The run is over before this moment.",
        "run: {for: 100 ticks, at_most: 200 ticks}\n"
        "chapters: [{at: 900 ticks, …}]", "run: {for: 600 ticks, at_most: 1200 ticks}",
    ),
    "unreachable": _warning(
        "A step that is never reached", "What stands before it never goes on: `exit`, `return`, `repeat: forever`.",
        "- exit\n- free: a", "- free: a\n- exit",
    ),
    "unused": _warning(
        "Never used", "It is declared, but nothing names it. Mostly the rest of an older version, or a slip of the pen "
        "where it should be named.", "caches: {a: {size: 8 B}, b: {size: 16 B}}\n# only a is used",
        "caches: {a: {size: 8 B}}",
    ),
}  # fmt: skip
"""Every code, errors first."""

LOADER_ONLY = tuple(name for name, code in CODES.items() if code.known is Known.CHECK and code.severity == "error")
"""Errors that no JSON Schema can know: names, references, and values that depend on each other."""
