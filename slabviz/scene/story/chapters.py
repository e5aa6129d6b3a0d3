"""The chapter that a tick lies in, and whether its sentence is still being read; captions that it speaks before."""

from __future__ import annotations

from dataclasses import replace

from slabviz.scene.layout.sketch import Translate
from slabviz.scene.state import Caption
from slabviz.scene.story.moment import spoken
from slabviz.timeline.run import Chapter, Run

CHAPTER_HOLD = (10, 24)
"""A chapter's sentence stays at least and at most so many ticks: one for each word, as a reader takes four a second."""


def chapter_at(run: Run, tick: int) -> Chapter | None:
    """The chapter that a tick lies in."""
    begun = [chapter for chapter in run.chapters if chapter.tick <= tick]
    return begun[-1] if begun else None


def being_read(run: Run, tick: int) -> Chapter | None:
    """The chapter that a tick lies in, while its sentence is still being read."""
    chapter = chapter_at(run, tick)
    if chapter is None:
        return None
    say = chapter.say.get("en") or spoken(chapter.say, "en")
    shortest, longest = CHAPTER_HOLD
    return chapter if say and tick < chapter.tick + min(max(len(say.split()), shortest), longest) else None


def after_chapter(caption: Caption, run: Run, tick: int, language: str, tr: Translate) -> Caption:
    """A screen's own caption, but that a chapter that has just begun speaks first, as on the stage."""
    chapter = being_read(run, tick)
    if chapter is None:
        return caption
    title, say = spoken(chapter.title, language), spoken(chapter.say, language)
    path = "error" if caption.path == "error" else "overview"  # a screen that tells of an error goes on to say so
    return replace(caption, who=title, path=path, pill=tr(f"caption.pill.{path}"), sentence=say)
