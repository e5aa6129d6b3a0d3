"""A question of a run in the words of its card."""

from __future__ import annotations

from collections.abc import Mapping

from slabviz.i18n.catalogue import Catalogue
from slabviz.scene.over.state import Asking
from slabviz.timeline.run import Run
from slabviz.timeline.showing import Choice, Question


def asked_at(run: Run, tick: int) -> Question | None:
    """The question whose answer cannot be seen yet at a tick."""
    questions = (chapter.asked for chapter in run.chapters)
    return next((it for it in questions if it is not None and it.tick <= tick < max(it.reveal, it.tick + 1)), None)


def asking_of(question: Question, words: Catalogue, answered: int | None = None, *, controls: bool = True) -> Asking:
    """A question in a language; the right answer is only told once there is one."""
    choices = tuple(_choice(choice, words) for choice in question.choices)
    right = None if answered is None else question.right
    return Asking(_said(question.text, words.language), choices, right, answered, controls)


def _choice(choice: Choice, words: Catalogue) -> str:
    return _said(choice.text, words.language) if choice.text else words.tr(f"quiz.{choice.key}", **choice.values)


def _said(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language.partition("_")[0]) or texts.get("en", "")
