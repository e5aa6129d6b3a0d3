"""What the stage tells at one tick: from machine, log and moves to finished strings (``StageState``).

A player keeps one ``Storyteller`` for each cache it shows; ``stage_state`` makes a single picture.
"""

from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.story.teller import Storyteller, stage_state

__all__ = ["Chronicle", "Storyteller", "stage_state"]
