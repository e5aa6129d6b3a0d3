"""The type styles of the stage (visual specification, section 3)."""

from __future__ import annotations

from slabviz.scene.display import Style

SCENARIO = Style("ui", 16, 700)
CACHE_NAME = Style("mono", 16, 700)
TICK = Style("mono", 18, 600)
DIALOG = Style("ui", 22, 700)
PANEL = Style("ui", 14, 600)
STRONG = Style("ui", 13, 600)
NAME = Style("ui", 14, 700)
BODY = Style("ui", 13)
VALUE = Style("mono", 13, 600)
CODE = Style("mono", 13)
LABEL = Style("ui", 12)
LABEL_STRONG = Style("ui", 12, 600)
MARK = Style("mono", 12)
MARK_STRONG = Style("mono", 12, 600)
HEAD = Style("ui", 14, 600)
