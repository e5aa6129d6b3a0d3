"""How pictures look: options of `play` and `render`, keys of the window; what cannot be is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import slabviz as package
from slabviz.app.player import Player
from slabviz.errors import UsageError
from slabviz.scene.looks import Looks, nearest_language
from slabviz.scene.theme import Theme
from slabviz.timeline.run import Run
from slabviz.window import CloseRequest, Key
from slabviz.window.null import NullWindow
from tests.cli.conftest import Said

SIZE = (1600, 900)


@pytest.fixture(scope="module")
def run() -> Run:
    return package.load("fork").run()


@pytest.mark.parametrize(
    "looks",
    [
        Looks(theme="light"), Looks(language="zh_CN"), Looks(scale=1.5), Looks(high_contrast=True),
        Looks(reduced_motion=True),
    ],
)  # fmt: skip
def test_each_look_is_another_picture_and_the_same_every_time(run: Run, looks: Looks) -> None:
    plain = package.frame(run, 420.5, SIZE)
    first, second = (package.frame(run, 420.5, SIZE, looks) for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(plain, first)


@pytest.mark.parametrize(
    ("theme", "language", "scale", "said"),
    [
        ("neon", "en", 1.0, "no theme 'neon'; there are dark, light"),
        ("dark", "fr", 1.0, "no language 'fr'; there are en, zh_CN"),
        ("dark", "en", 0.0, "scale 0 is out of range; take one from 1 to 2"),
        ("dark", "en", 9.0, "scale 9 is out of range"),
        ("dark", "en", float("nan"), "scale nan is out of range"),
    ],
)
def test_what_cannot_be_is_refused(theme: str, language: str, scale: float, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Looks(theme, language, scale)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh_CN", "zh_CN"), ("zh_TW.UTF-8", "zh_CN"), ("en_GB", "en"), ("de_DE", "en"), (None, "en"), ("C", "en")],
)
def test_the_language_is_the_locale_s(locale: str | None, language: str) -> None:
    assert nearest_language(locale) == language


@pytest.mark.parametrize("name", ["dark", "light"])
def test_high_contrast_has_no_tints(name: str) -> None:
    theme = Theme.load(name).with_high_contrast()
    ground = theme.rgb("bg")
    assert ground in ((0, 0, 0), (255, 255, 255))
    assert {theme.rgb(role) for role in ("s1", "s2", "slabF", "freeF", "errF")} == {ground}
    assert theme.rgb("line") == theme.rgb("line2")
    assert theme.outline == 2


def test_keys_change_theme_language_and_motion(run: Run) -> None:
    player = Player(run, NullWindow([[Key("t")], [Key("z")], [Key("m")], [CloseRequest()]], SIZE), sleep=lambda _: None)
    player.play()
    assert player.picture.looks == Looks(theme="light", language="zh_CN", reduced_motion=True)


def test_render_takes_them(slabviz: Callable[..., Said], tmp_path: Path) -> None:
    pictures = set[bytes]()
    for number, words in enumerate(([], ["--theme", "light"], ["--cache", "cred_jar"], ["--lang", "zh_CN"])):
        picture = tmp_path / f"{number}.png"
        assert slabviz("render", "fork", "-o", picture, "--size", "640x360", "--at", 300, *words).code == 0
        pictures.add(picture.read_bytes())
    assert len(pictures) == 4
    refused = slabviz("render", "fork", "-o", tmp_path / "x.png", "--cache", "dentry")
    assert (refused.code, "there is no cache 'dentry'; there are task_struct" in refused.err) == (2, True)
