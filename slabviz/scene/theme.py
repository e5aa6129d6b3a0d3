"""A theme: the colour of every role, read from ``assets/themes/<name>.yaml`` (the tokens of the visual specification).

A colour is named by its role (``"slab"``), by an owner's number (``"owner0"`` .. ``"owner6"``, ``"owner7"`` is the
neutral one) and its outline ``"edge0"`` .. ``"edge7"``, or as a mix: ``"free*45+s1"`` is 45 % of ``free`` on 55 % of
``s1``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias

from slabviz.errors import SourceError, ThemeError
from slabviz.resources import asset, table

RGB: TypeAlias = tuple[int, int, int]
"""Red, green, blue, each 0..255."""

OWNER_COLOURS = 8
"""The colours of the owner palette; the last one is the neutral one."""

ROLES = frozenset(
    "bg s1 s2 s3 line line2 t1 t2 t3 cache cacheF part partF slab slabF free freeF slow slowF full err errF proc procF"
    " focus ink scrim onaccent onalert others".split()
) | {f"owner{number}" for number in range(OWNER_COLOURS)}
"""What every theme must say: a picture may use no other name."""

BLACK: RGB = (0, 0, 0)
WHITE: RGB = (255, 255, 255)
STRONG_OUTLINE = 2.0
_GROUNDS = ("bg", "s1", "s2")

_HEX = re.compile(r"#([0-9A-Fa-f]{6})")
_EDGE = re.compile(rf"edge([0-{OWNER_COLOURS - 1}])")
_EDGE_SHARE = 60
"""Percent of the owner's colour in its outline on a light ground, where the colour alone has too little contrast."""
_MIX = re.compile(r"(\w+)\*(\d{1,3})\+(\w+)")
_SCRIM_ALPHA = "scrim_alpha"


class Theme:
    """The colours of one theme, and ``scrim_alpha`` (0..255), how much a dialog hides of what is behind it.

    ``outline`` is the least width of an outline in unscaled px.
    """

    def __init__(self, name: str, colours: dict[str, RGB], scrim_alpha: int, outline: float = 1.0) -> None:
        self.name = name
        self.scrim_alpha = scrim_alpha
        self.outline = outline
        self._colours = dict(colours)

    @classmethod
    def load(cls, name: str) -> Theme:
        """Read a shipped theme, ``"dark"`` or ``"light"``; raises ThemeError for any other, or a faulty file."""
        if name not in names():
            raise ThemeError(f"there is no theme {name!r}; there are {', '.join(names())}")
        return cls.read(asset("themes", f"{name}.yaml"))

    @classmethod
    def read(cls, path: Path) -> Theme:
        """Read a theme file; raises ThemeError with everything that is missing, unknown or malformed in it."""
        try:
            entries = table(path)
        except SourceError as problem:
            raise ThemeError(str(problem)) from problem
        alpha = entries.pop(_SCRIM_ALPHA, "")
        faults = [*_faults(entries), *_alpha_faults(alpha)]
        if faults:
            raise ThemeError(f"{path}: " + "; ".join(faults))
        return cls(path.stem, {role: _parse(value) for role, value in entries.items()}, int(alpha))

    def with_high_contrast(self) -> Theme:
        """The same theme on black or white: no tints, quiet dividers as strong as outlines, all outlines 2 px."""
        ground = WHITE if self._is_light else BLACK
        plain = dict.fromkeys([*_GROUNDS, *(role for role in ROLES if role.endswith("F"))], ground)
        colours = {role: self.rgb(role) for role in ROLES} | plain | {"line": self.rgb("line2")}
        return Theme(self.name, colours, 255, STRONG_OUTLINE)

    def rgb(self, colour: str) -> RGB:
        """Return a role's, an owner's or a mix's colour; raises ThemeError for a name the theme does not have."""
        known = self._colours.get(colour)
        if known is None:
            known = self._colours[colour] = self._mix(colour)
        return known

    @property
    def _is_light(self) -> bool:
        return sum(self.rgb("bg")) > sum(self.rgb("t1"))

    def _mix(self, colour: str) -> RGB:
        if edge := _EDGE.fullmatch(colour):
            owner = f"owner{edge[1]}"
            colour = f"{owner}*{_EDGE_SHARE if self._is_light else 100}+ink"
        match = _MIX.fullmatch(colour)
        if match is None:
            raise ThemeError(f"the theme {self.name} has no colour {colour!r}; a mix is written free*45+s1")
        over, percent, under = self.rgb(match[1]), int(match[2]), self.rgb(match[3])
        if percent > 100:
            raise ThemeError(f"the mix {colour!r} asks for more than 100 %")
        red, green, blue = (round((a * percent + b * (100 - percent)) / 100) for a, b in zip(over, under, strict=True))
        return red, green, blue


def names() -> tuple[str, ...]:
    """Return the names of the shipped themes."""
    return tuple(sorted(path.stem for path in asset("themes").glob("*.yaml")))


def _faults(entries: dict[str, str]) -> list[str]:
    missing = [f"the colour {role!r} is missing" for role in sorted(ROLES - entries.keys())]
    unknown = [f"{role!r} is no role" for role in sorted(entries.keys() - ROLES)]
    wrong = [f"{role}: {value!r} is not #RRGGBB" for role, value in entries.items() if not _HEX.fullmatch(value)]
    return [*missing, *unknown, *wrong]


def _alpha_faults(alpha: str) -> list[str]:
    right = alpha.isascii() and alpha.isdigit() and int(alpha) <= 255
    return [] if right else [f"{_SCRIM_ALPHA}: {alpha!r} is not a number from 0 to 255"]


def _parse(value: str) -> RGB:
    number = int(value[1:], 16)
    return number >> 16, number >> 8 & 0xFF, number & 0xFF
