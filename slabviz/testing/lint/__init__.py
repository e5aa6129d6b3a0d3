"""The lint of frames: what is wrong with how a scene is drawn, whatever it shows.

::

    findings = lint_frame(scene, theme, painter.measure)

Rules: ``overlap``, ``covered``, ``crossed``, ``cut``, ``small`` (texts) · ``contrast`` (texts 4.5:1, outlines 3:1) ·
``outside``, ``spill``, ``grid`` (places).
"""

from slabviz.testing.lint.finding import Finding
from slabviz.testing.lint.frame_lint import FrameLint, lint_frame

__all__ = ["Finding", "FrameLint", "lint_frame"]
