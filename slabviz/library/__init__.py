"""slabviz for programs: load a source, run it, draw its frames. Imports pygame only when a frame is drawn."""

from slabviz.library.drawing import Studio, frame
from slabviz.library.shelf import Shipped, shipped
from slabviz.library.sources import Source, load

__all__ = ["Shipped", "Source", "Studio", "frame", "load", "shipped"]
