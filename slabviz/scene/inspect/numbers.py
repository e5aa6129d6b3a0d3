"""How the inspector writes addresses and bytes."""

from __future__ import annotations

from slabviz.model.memory import MASK
from slabviz.scene.story.numbers import grouped


def full(address: int) -> str:
    """An address in full: ``0xffff888000a3c468``."""
    return f"0x{address & MASK:016x}"


def short(address: int) -> str:
    """The end of an address, where the beginning is known: ``…a3c468``."""
    return f"…{address & 0xFFFFFF:06x}"


def byte_count(count: int) -> str:
    """``4 032 B``."""
    return f"{grouped(count)} B"
