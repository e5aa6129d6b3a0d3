"""The catalogues of the stage and the caption: same keys and placeholders in both languages, nothing too long."""

from __future__ import annotations

import string

import pytest

from slabviz.i18n import Catalogue
from slabviz.resources import asset, table
from slabviz.scene.story import glossary
from tests.scene.story.worlds import CHINESE, ENGLISH

AREAS = ("stage", "caption")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_say_the_same_things(area: str) -> None:
    english, chinese = (table(asset("locale", language, f"{area}.yaml")) for language in ("en", "zh_CN"))
    assert english.keys() == chinese.keys()
    assert {key for key in english if placeholders(chinese[key]) != placeholders(english[key])} == set()


def test_the_comparison_notices_a_placeholder_that_is_only_in_one_language() -> None:
    assert placeholders("{who} frees {what}") != placeholders("{who} frees it")


@pytest.mark.parametrize("catalogue", [ENGLISH, CHINESE], ids=lambda catalogue: catalogue.language)
def test_no_meaning_is_longer_than_a_reader_takes_in(catalogue: Catalogue) -> None:
    meanings = {key: text for key, text in catalogue.texts.items() if key.startswith("caption.word.")}
    assert {key for key, text in meanings.items() if len(text) > 60} == set()


def test_every_word_of_the_glossary_is_explained() -> None:
    for words in glossary.WORDS.values():
        for word in words:
            assert f"caption.word.{word}.word" in ENGLISH
            assert f"caption.word.{word}.means" in CHINESE
