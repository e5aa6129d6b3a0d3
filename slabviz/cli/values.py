"""Values on the command line that click does not know: a picture's size, a speed. Used as callbacks of options.

And the options that several verbs have.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from slabviz.library import Source

SLOWEST, FASTEST = Fraction(1, 100), Fraction(1000)
LONGEST = 20
"""Characters of a speed."""

VULGAR = {"¼": "1/4", "½": "1/2", "¾": "3/4"}


variant_option = click.option(
    "--variant", default="", metavar="NAME", help="Which variant of a scenario, or which cell of its matrix."
)
"""For the verbs that take a SOURCE."""

def read_settings(ctx: click.Context, option: click.Parameter, written: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Read each ``children=8`` as (name, value); the value is the scenario's to understand. Raises BadParameter."""
    pairs = [setting.partition("=") for setting in written]
    for setting, (name, equals, value) in zip(written, pairs, strict=True):
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"{setting!r} is no setting; write name=value, as children=8", ctx, option)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


set_option = click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", callback=read_settings,
    help="Another value for a parameter of the scenario; may be given several times.",
)  # fmt: skip
"""For the verbs that run a scenario."""

compare_option = click.option(
    "--compare", nargs=2, metavar="A B",
    help="Side by side on one clock: two variants of SOURCE; without SOURCE, two files or scenarios.",
)  # fmt: skip


def read_sources(
    source: str | None, variant: str, compare: tuple[str, str] | None, settings: tuple[tuple[str, str], ...] = ()
) -> tuple[Source, Source | None]:  # fmt: skip
    """What is to be run: the source, and the one beside it if two are compared, by the option or by the scenario.

    Raises UsageError, SourceError.
    """
    from slabviz.library import load
    from slabviz.library.pairs import compared, opening_pair

    if compare is None:
        if source is None:
            raise click.UsageError("give a SOURCE, or two to --compare")
        loaded = load(source, variant, settings)
        return opening_pair(loaded) or (loaded, None)
    if variant:
        raise click.UsageError("--variant and --compare cannot be used together: --compare names two variants")
    return compared(source, compare, settings)


def read_size(ctx: click.Context, option: click.Parameter, written: str) -> tuple[int, int]:
    """Read ``1280x720`` as (width, height) in pixels. Raises click.BadParameter."""
    found = re.fullmatch(r"(\d{1,6})[xX×](\d{1,6})", written)
    if not found:
        raise click.BadParameter(f"{written!r} is no size; write width x height in pixels, as 1280x720", ctx, option)
    return int(found[1]), int(found[2])


def read_speed(ctx: click.Context, option: click.Parameter, written: str) -> float:
    """Read how many times as fast as 1x: ``2``, ``0.5``, ``1/4``, ``¼``, with or without an x. Raises BadParameter."""
    number = written.strip().rstrip("xX×")
    try:
        # No exponents: a Fraction of 1e999999999 would never be done.
        speed = Fraction(VULGAR.get(number, number if len(number) < LONGEST and "e" not in number.lower() else ""))
    except (ValueError, ZeroDivisionError):
        raise click.BadParameter(
            f"{written!r} is no speed; write a number or a fraction, as 2 or 1/4", ctx, option
        ) from None
    if not SLOWEST <= speed <= FASTEST:
        raise click.BadParameter(f"{written} is out of range; take a speed from 1/100 to 1000", ctx, option)
    return float(speed)


def read_sizes(ctx: click.Context, option: click.Parameter, written: str) -> tuple[tuple[int, int], ...]:
    """``1280x720,1600x900`` as pairs. Raises click.BadParameter for anything else."""
    return tuple(read_size(ctx, option, each) for each in written.split(","))
