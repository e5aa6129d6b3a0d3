"""The truth rules of the picture (visual specification, section 12), as code.

A checker over display list and machine that any frame of the Cache level must pass, whatever its language, size and
theme. ::

    checker = TruthChecker(run)
    findings = checker.findings(scene, position, view)

Each rule is a function in this package that reads the frame as a reader does, by words, glyphs and boxes, and yields
what is not so; ``RULES`` has them by name.
"""

from slabviz.testing.truth import contexts, holders, lanes, memory, node, slabs, story
from slabviz.testing.truth.checker import TruthChecker, lies
from slabviz.testing.truth.rule import RULES
from slabviz.testing.truth.shot import Shot

__all__ = [
    "RULES", "Shot", "TruthChecker", "contexts", "holders", "lanes", "lies", "memory", "node", "slabs", "story",
]  # fmt: skip
