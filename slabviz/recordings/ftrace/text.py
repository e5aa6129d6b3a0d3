"""Lines of ftrace text: how a prefix and the fields of each event are put together. ``events`` has their patterns."""

from __future__ import annotations

from dataclasses import dataclass

VMEMMAP = 0xFFFFEA0000000000
"""Where the kernel's array of ``struct page`` begins (x86-64, without KASLR)."""
PAGE_STRUCT = 64
"""Bytes of a ``struct page``."""
NO_NODE = -1
"""``node=`` of an allocation that asked for none."""
COMM = 15
"""The longest name of a task."""

IDLE = "<idle>"


@dataclass(slots=True, frozen=True)
class Who:
    """Who runs: the task that is current (also when an interrupt broke into it), and the five flags."""

    comm: str
    pid: int
    flags: str


def line(who: Who, cpu: int, microseconds: int, event: str, fields: str) -> str:
    """A whole line, without its end (``trace_print_context``)."""
    seconds, micros = divmod(microseconds, 1_000_000)
    head = f"{who.comm[:COMM]:>16}-{who.pid:<7} [{cpu:03}] {who.flags} "
    return f"{head}{seconds:5}.{micros:06}: {event}: {fields}"


def allocated(site: str, address: int, asked: int, given: int, gfp: str, *, accounted: bool) -> str:
    """Fields of kmem_cache_alloc and kmalloc; ``asked`` and ``given`` in bytes, address 0 for NULL."""
    return (
        f"call_site={site} ptr={address:016x} bytes_req={asked} bytes_alloc={given} gfp_flags={gfp} node={NO_NODE} "
        f"accounted={'true' if accounted else 'false'}"
    )


def freed(site: str, address: int, cache: str = "") -> str:
    """Fields of kmem_cache_free (with the cache's name) and kfree (without)."""
    return f"call_site={site} ptr={address:016x}" + (f" name={cache}" if cache else "")


def page(pfn: int | None) -> str:
    """A page by the address of its ``struct page`` and its number; no page: None."""
    address = 0 if pfn is None else VMEMMAP + pfn * PAGE_STRUCT
    return f"page={address:016x} pfn=0x{pfn or 0:x}"


def pages(pfn: int | None, order: int, more: str = "") -> str:
    """Fields of the events about blocks of pages; no block: ``pfn`` None."""
    return f"{page(pfn)} order={order}" + (f" {more}" if more else "")
