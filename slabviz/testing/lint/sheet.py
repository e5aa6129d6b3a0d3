"""Sheets: a scene as it is painted. Each block is one, clipped to its rectangle and laid on its ground; the movers and
the overlay are two more, of the size of the page and without a ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slabviz.scene.display import Block, Box, Colour, Measure, Node, Polygon, Rect, Scene, Text
from slabviz.testing.lint.geometry import ink

OPAQUE = 255


@dataclass(slots=True, frozen=True, eq=False)
class Written:
    """A text of a sheet: which node it is, its ink."""

    index: int
    node: Text
    rect: Rect


@dataclass(slots=True, frozen=True, eq=False)
class Sheet:
    """``ground`` is None where nothing is put below the nodes; ``name`` is how findings call it."""

    name: str
    rect: Rect
    ground: Colour | None
    nodes: Sequence[Node]
    texts: tuple[Written, ...]

    def said(self, text: str) -> str:
        """Return how a finding calls a text of this sheet."""
        return f"{self.name} {text!r}"

    def plates(self, first: int, last: int | None = None) -> Iterator[Box | Polygon]:
        """Yield the shapes among nodes ``first`` … ``last`` that hide what is below them."""
        for node in self.nodes[first:last]:
            if isinstance(node, Box | Polygon) and node.fill is not None and node.alpha == OPAQUE:
                yield node


def block_sheet(block: Block, measure: Measure) -> Sheet:
    """Return the sheet of a block."""
    key = block.key if isinstance(block.key, tuple) else (block.key,)
    name = ".".join(str(part) for part in key)
    return Sheet(name, block.rect, block.ground, block.nodes, _texts(block.nodes, measure))


def free_sheet(name: str, scene: Scene, nodes: Sequence[Node], measure: Measure) -> Sheet:
    """Return the sheet of the movers or of the overlay."""
    return Sheet(name, (0, 0, *scene.size), None, nodes, _texts(nodes, measure))


def _texts(nodes: Sequence[Node], measure: Measure) -> tuple[Written, ...]:
    return tuple(
        Written(index, node, ink(node, measure)) for index, node in enumerate(nodes) if isinstance(node, Text)
    )  # fmt: skip
