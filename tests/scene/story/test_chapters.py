"""A chapter that has just begun speaks first, whatever screen stands."""

from __future__ import annotations

from slabviz.i18n import Catalogue
from slabviz.library import load
from slabviz.scene.state import Caption
from slabviz.scene.story.chapters import after_chapter, being_read

OWN = Caption("CPU0", "error", "ERROR", "what this screen says", (), 3, 3, "step 3", "next")


def test_the_chapter_speaks_until_its_sentence_is_read_then_the_screen() -> None:
    run = load("c12_wrong_free").run()
    begun = next(chapter for chapter in run.chapters if chapter.title["en"] == "Double free")
    for tick, said in ((begun.tick, begun.say["zh"]), (begun.tick + 9, begun.say["zh"]), (begun.tick + 25, "")):
        told = after_chapter(OWN, run, tick, "zh_CN", Catalogue("zh_CN").tr)
        assert told.sentence == (said or OWN.sentence)
        assert (told.step, told.next) == (OWN.step, OWN.next)
        assert (being_read(run, tick) is None) == (told is OWN)
