"""What a check of a frame finds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Rect


@dataclass(slots=True, frozen=True, order=True)
class Finding:
    """``rule`` is a short name, ``what`` the thing it is about (the key of a block, then the words), ``where`` its
    place in unscaled px, ``sentence`` says it to a person."""

    rule: str
    what: str
    where: Rect
    sentence: str

    def __str__(self) -> str:
        """Return rule, thing, place and sentence in one line."""
        x, y, w, h = self.where
        return f"{self.rule}: {self.what} at {x},{y} {w}x{h}: {self.sentence}"
