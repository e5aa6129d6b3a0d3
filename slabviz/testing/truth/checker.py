"""Holding frames against their run, by every rule."""

from __future__ import annotations

from slabviz.scene.display import Scene
from slabviz.scene.levels import LESSONS, Level
from slabviz.scene.motion import Motion
from slabviz.scene.view import ViewState
from slabviz.testing.lint.finding import Finding
from slabviz.testing.truth.rule import RULES
from slabviz.testing.truth.shot import Shot
from slabviz.timeline.run import Run


class TruthChecker:
    """Holds frames of one run against its machine. ``still``: the frames have no motion."""

    def __init__(self, run: Run, language: str = "en", still: bool = False) -> None:
        self._run = run
        self._language = language
        self._motion = None if still else Motion(run)

    def shot(self, scene: Scene, position: float, view: ViewState | None = None) -> Shot:
        """Return what a frame is held against."""
        view = view or ViewState(controls=False)
        cache = self._run.about.stage_cache if view.cache is None else view.cache
        position = min(max(position, 0.0), float(max(self._run.last_tick, 0)))
        moves = () if self._motion is None else self._motion.under_way(position, view.speed, cache)
        return Shot(scene, self._run, self._run.machine_at(int(position)), position, cache, moves, self._language)

    def findings(self, scene: Scene, position: float, view: ViewState | None = None) -> list[Finding]:
        """Return what a frame says that is not so. Where the stage is not shown there are other pictures."""
        if view is not None and (view.level is not Level.CACHE or view.panel in LESSONS or view.error_open):
            return []
        return lies(self.shot(scene, position, view))


def lies(shot: Shot) -> list[Finding]:
    """Return what a shot says that is not so, by every rule."""
    return sorted(
        Finding(name, what, where, sentence) for name, rule in RULES.items() for what, where, sentence in rule(shot)
    )
