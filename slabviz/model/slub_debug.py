"""The boot parameter ``slub_debug``: which caches are debugged, and how (mm/slub.c, ``setup_slub_debug``).

``FZ`` debugs every cache, ``FZ,name1,name2*`` only those; ``;`` separates blocks, of which the first that names a cache
counts; ``-`` is none, ``,name`` all of FZPU for that cache. Capital or small letters.
"""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.errors import UsageError
from slabviz.model.flags import NO_FLAGS, SlabFlags

LETTERS = {
    "F": SlabFlags.CONSISTENCY_CHECKS,
    "Z": SlabFlags.RED_ZONE,
    "P": SlabFlags.POISON,
    "U": SlabFlags.STORE_USER,
    "T": SlabFlags.TRACE,
    "A": NO_FLAGS,  # failslab: fault injection is not built in
}
NO_HIGHER_ORDER = "O"
FULL_DEBUG = SlabFlags.CONSISTENCY_CHECKS | SlabFlags.RED_ZONE | SlabFlags.POISON | SlabFlags.STORE_USER
"""``DEBUG_DEFAULT_FLAGS``: what no letters at all stand for."""


@dataclass(frozen=True, slots=True)
class SlubDebug:
    """What the parameter says: ``everywhere`` for caches that no block names, then the blocks in order."""

    everywhere: SlabFlags = NO_FLAGS
    blocks: tuple[tuple[SlabFlags, tuple[str, ...]], ...] = ()
    no_higher_order: bool = False


def letters(text: str) -> SlabFlags:
    """The flags of a word like ``FZPU``; empty is all of them, ``-`` none. Raises UsageError for an unknown letter."""
    if not text:
        return FULL_DEBUG
    flags = NO_FLAGS
    for letter in text.upper() if text != "-" else "":
        if letter not in LETTERS and letter != NO_HIGHER_ORDER:
            known = ", ".join((*LETTERS, NO_HIGHER_ORDER))
            raise UsageError(f"slub_debug: {letter!r} in {text!r} is unknown; the letters are {known}, or - for none")
        flags |= LETTERS.get(letter, NO_FLAGS)
    return flags


def parse(text: str) -> SlubDebug:
    """Read the parameter; an empty text is no debugging. Raises UsageError, naming what is wrong."""
    everywhere, higher = NO_FLAGS, True
    blocks = []
    for block in text.split(";") if text else ():
        word, comma, names = block.strip().partition(",")
        flags = letters(word.strip())
        higher &= NO_HIGHER_ORDER not in word.upper()
        if comma:
            blocks.append((flags, tuple(name.strip() for name in names.split(",") if name.strip())))
        else:
            everywhere = flags
    return SlubDebug(everywhere, tuple(blocks), not higher)


def kmem_cache_flags(debug: SlubDebug, name: str, flags: SlabFlags) -> SlabFlags:
    """The flags a cache of this name gets that asked for ``flags`` (a name may end in ``*``)."""
    for block, names in debug.blocks:
        if any(_matches(name, pattern) for pattern in names):
            return flags | block
    everywhere = debug.everywhere
    if flags & SlabFlags.NOLEAKTRACE:  # caches of the debuggers themselves
        everywhere &= ~SlabFlags.STORE_USER
    return flags | everywhere


def _matches(name: str, pattern: str) -> bool:
    """Equal, or equal up to the ``*``."""
    start, star, _ = pattern.partition("*")
    return name.startswith(start) if star else name == pattern
