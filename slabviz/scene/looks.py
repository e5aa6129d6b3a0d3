"""How pictures look: theme, language, size of everything, motion and contrast. Not what they show (``view.py``)."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.errors import UsageError
from slabviz.i18n import languages
from slabviz.scene.theme import Theme
from slabviz.scene.theme import names as themes

SCALES = (1.0, 1.25, 1.5, 2.0)
"""The scales that the window offers; pictures take any from the first to the last."""


@dataclass(slots=True, frozen=True)
class Looks:
    """``scale`` multiplies everything (1 … 2). ``reduced_motion``: nothing flies, places flash instead.

    ``high_contrast``: black or white ground, no tints, outlines of 2 px (visual specification, section 13).
    """

    theme: str = "dark"
    language: str = "en"
    scale: float = 1.0
    reduced_motion: bool = False
    high_contrast: bool = False

    def __post_init__(self) -> None:
        """Raises UsageError, naming what there is, for a theme, language or scale that cannot be."""
        if self.theme not in themes():
            raise UsageError(f"there is no theme {self.theme!r}; there are {', '.join(themes())}")
        if self.language not in languages():
            raise UsageError(f"there is no language {self.language!r}; there are {', '.join(languages())}")
        if not SCALES[0] <= self.scale <= SCALES[-1]:
            raise UsageError(f"scale {self.scale:g} is out of range; take one from {SCALES[0]:g} to {SCALES[-1]:g}")

    def colours(self) -> Theme:
        """The theme's colours as they are to be painted."""
        theme = Theme.load(self.theme)
        return theme.with_high_contrast() if self.high_contrast else theme


def nearest_language(locale: str | None) -> str:
    """The catalogue's language that a locale name (``zh_CN.UTF-8``, ``de_DE``) is nearest to; English by default."""
    spoken = (locale or "").replace("-", "_").partition(".")[0]
    if spoken in languages():
        return spoken
    first = spoken.partition("_")[0]
    return next((name for name in languages() if name.partition("_")[0] == first), "en")
