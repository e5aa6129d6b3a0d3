"""What a program's call of the allocator is called in a trace: a symbol with an offset, as ``%pS`` prints an address.

A scenario has no machine code. The symbol is the program's name made into an identifier; the offset is made from the
line of the step, so that two calls of a program can be told apart, and the same file gives the same sites.
"""

from __future__ import annotations

import re

LENGTH = 0xF0
"""What every function is said to be long, in bytes."""
STRIDE = 37
"""Bytes between the offsets of neighbouring lines: no divisor of LENGTH, so that no two of LENGTH lines share one."""


def call_site(function: str, line: int) -> str:
    """``create+0x2a/0xf0``: the program ``function`` calls from ``line`` (from 1) of its file."""
    return f"{identifier(function)}+{line * STRIDE % LENGTH:#x}/{LENGTH:#x}"


def identifier(name: str) -> str:
    """``name`` as a valid C identifier: everything else becomes ``_``."""
    word = re.sub(r"\W", "_", name, flags=re.ASCII) or "_"
    return f"_{word}" if word[0].isdigit() else word
