"""The ``kmem`` events of Linux 6.1 as ftrace prints them: one pattern an event, which a whole line has to match.

A line: task right-justified in 16 columns, ``-``, pid left-justified in 7, CPU in 3 digits, five flags, seconds in 5
columns with microseconds, then ``EVENT: `` and its fields (``slub-semantics.md`` 4.9)::

                load-272     [001] d.h1.    17.246468: kmalloc: call_site=on_irq+0x1f/0x40 [slabchr] ptr=ffff8881064c…

The flags are: interrupts (d) or bottom halves (b) off, or both (D); need-resched; h hard or s soft interrupt; depth of
preempt_disable; depth of migrate_disable.
"""

from __future__ import annotations

import re

PREFIX = (
    r"(?P<comm>.{16,})-(?P<pid>(?=[\d ]{7,} )\d+) *\[(?P<cpu>\d{3,})\] "
    r"(?P<flags>[.dbD][.npN][.hsHzZ][.0-9a-f][.0-9a-f]) +(?P<seconds>\d+)\.(?P<micros>\d{6}): "
)
"""What every line begins with; the blanks between flags and time pad the seconds to five columns."""

SITE = r"call_site=(?P<call_site>\S+(?: \[[\w-]+\])?)"
POINTER = r"ptr=(?P<ptr>[0-9a-f]{16})"
PAGE = r"page=(?P<page>[0-9a-f]{16}) pfn=0x(?P<pfn>[0-9a-f]+)"
ORDER = r"order=(?P<order>\d+)"
MIGRATETYPE = r"migratetype=(?P<migratetype>\d+)"
GFP = r"gfp_flags=(?P<gfp_flags>[\w|]+)"
ALLOCATED = (
    rf"{SITE} {POINTER} bytes_req=(?P<bytes_req>\d+) bytes_alloc=(?P<bytes_alloc>\d+) {GFP} "
    r"node=(?P<node>-?\d+) accounted=(?P<accounted>true|false)"
)

FIELDS: dict[str, str] = {
    "kmem_cache_alloc": ALLOCATED,
    "kmalloc": ALLOCATED,
    "kmem_cache_free": rf"{SITE} {POINTER} name=(?P<name>\S.*)",
    "kfree": rf"{SITE} {POINTER}",
    "mm_page_alloc": rf"{PAGE} {ORDER} {MIGRATETYPE} {GFP}",
    "mm_page_free": rf"{PAGE} {ORDER}",
    "mm_page_free_batched": rf"{PAGE} {ORDER}",
    "mm_page_alloc_zone_locked": rf"{PAGE} {ORDER} {MIGRATETYPE} percpu_refill=(?P<percpu_refill>[01])",
    "mm_page_pcpu_drain": rf"{PAGE} {ORDER} {MIGRATETYPE}",
    "mm_page_alloc_extfrag": (
        rf"{PAGE} alloc_order=(?P<order>\d+) fallback_order=(?P<fallback_order>\d+) "
        r"pageblock_order=(?P<pageblock_order>\d+) alloc_migratetype=(?P<migratetype>\d+) "
        r"fallback_migratetype=(?P<fallback_migratetype>\d+) fragmenting=(?P<fragmenting>[01]) "
        r"change_ownership=(?P<change_ownership>[01])"
    ),
    "rss_stat": r"mm_id=(?P<mm_id>\d+) curr=(?P<curr>[01]) type=(?P<type>MM_\w+) size=(?P<size>-?\d+)B",
}
"""The fields of each event, as a pattern."""

LINES: dict[str, re.Pattern[str]] = {
    event: re.compile(rf"{PREFIX}{event}: {fields}", re.ASCII) for event, fields in FIELDS.items()
}
"""The whole line of each event, without its end."""

EVENT = re.compile(r"\[\d{3,}\] \S{5} +\d+\.\d{6}: (\w+): ", re.ASCII)
"""Finds which event a line is of, whatever its task is called."""

HEAD = """\
# tracer: nop
#
# entries-in-buffer/entries-written: {lines}/{lines}   #P:{cpus}
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
"""
"""What ``trace`` begins with."""


def match_line(line: str) -> re.Match[str] | None:
    """The match of a line (without its end) with its event's pattern; None for what is no event of ``LINES``."""
    found = EVENT.search(line)
    pattern = LINES.get(found[1]) if found else None
    return pattern.fullmatch(line) if pattern else None
