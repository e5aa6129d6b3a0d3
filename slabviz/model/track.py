"""What ``struct track`` says: where the kernel's code lies, so that an address can stand for an actor."""

from __future__ import annotations

TEXT = 0xFFFFFFFF81000000
"""Start of the kernel's code; TEXT + number in the cast is the address that a track holds."""
