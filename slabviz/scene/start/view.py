"""What the reader has chosen on the start screen."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.commands import Command


@dataclass(slots=True, frozen=True)
class StartView:
    """``hover``, ``pressed`` and ``focus`` name a target by its command, as in ``scene.view.ViewState``."""

    top: int = 0
    """How far the list is scrolled, in unscaled px."""
    hover: Command | None = None
    pressed: Command | None = None
    focus: Command | None = None
    entry: str | None = None
    """The path that is being typed; None: nothing is asked."""
    message: str = ""
    """A note at the lower edge, its lines parted by newlines."""
