"""Which two sources are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slabviz.errors import UsageError
from slabviz.library.sources import ScenarioSource, Source, load


def compared(
    source: str | None, names: tuple[str, str], settings: Sequence[tuple[str, str]] = ()
) -> tuple[Source, Source]:  # fmt: skip
    """A and B: two variants of ``source`` by name; without a ``source``, two sources of their own.

    Raises UsageError, naming the variants that there are, and SourceError, ScenarioError where a source has none.
    """
    if source is None:
        return load(names[0], settings=settings), load(names[1], settings=settings)
    known = variants(load(source, settings=settings))
    for name in names:
        if name not in known:
            raise UsageError(f"--compare: {source} has no variant {name!r}; {_instead(list(known), names)}")
    return known[names[0]], known[names[1]]


def opening_pair(source: Source) -> tuple[Source, Source] | None:
    """The two variants that a scenario asks to be shown side by side (``show: {compare: …}``), unless one was chosen.

    Raises ScenarioError for a file with problems.
    """
    if not isinstance(source, ScenarioSource) or source.variant:
        return None
    wanted = source.scenario().show.compare
    return None if wanted is None else (replace(source, variant=wanted[0]), replace(source, variant=wanted[1]))


def variants(source: Source) -> dict[str, Source]:
    """The variants of a source by name; none where it is only one."""
    return {each.variant: each for each in source.variants() if isinstance(each, ScenarioSource) and each.variant}


def rival(source: Source) -> Source | None:
    """What a source is compared with when nobody says: the variant after it, of the last one the first."""
    if not isinstance(source, ScenarioSource):
        return None
    whole = list(variants(replace(source, variant="")).values())
    names = [each.variant for each in whole if isinstance(each, ScenarioSource)]
    if len(whole) < 2:
        return None
    return whole[(names.index(source.variant) + 1 if source.variant in names else 1) % len(whole)]


def _instead(known: list[str], names: tuple[str, str]) -> str:
    if known:
        return f"there are {', '.join(known)}"
    return f"it has none. To compare two files leave SOURCE out: --compare {names[0]} {names[1]}"
