"""Bytes of memory as the kernel dumps them."""

from __future__ import annotations

from collections.abc import Iterator

WIDTH = 16


def print_section(text: str, address: int, data: bytes) -> Iterator[str]:
    """``print_hex_dump(…, DUMP_PREFIX_ADDRESS, 16, 1, …)``: ``text`` is the label in front of each line."""
    for start in range(0, len(data), WIDTH):
        row = data[start : start + WIDTH]
        shown = " ".join(f"{byte:02x}" for byte in row)
        plain = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{text}{address + start:016x}: {shown:<{3 * WIDTH - 1}}  {plain}"
