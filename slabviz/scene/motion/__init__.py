"""What moves on the stage: moves are read from the log, routes run on the roads of the page, nodes show them."""

from slabviz.scene.motion.motion import Motion

__all__ = ["Motion"]
