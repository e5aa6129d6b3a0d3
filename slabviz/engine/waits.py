"""What a program may yield besides the steps of the kernel's paths: requests to give the CPU away."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias

from slabviz.slub.world import Path, SleepFor, Step, T


@dataclass(slots=True, frozen=True)
class Block:
    """Sleep until somebody calls ``Engine.wake`` for this task."""


ProgramStep: TypeAlias = "Step | Block"
Work: TypeAlias = "Generator[ProgramStep, None, T]"
"""A program that may sleep; every kernel path is one."""

__all__ = ["Block", "Path", "ProgramStep", "SleepFor", "Work"]
