"""Where there is no display, and how the files written instead are called."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from slabviz.app import no_display
from slabviz.app.no_display import has_display, shots
from slabviz.timeline.run import Run

RUN = cast(Run, SimpleNamespace(last_tick=1000))


@pytest.mark.parametrize(
    ("environment", "platform", "has"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "SDL_VIDEODRIVER": "dummy"}, "linux", False),
        ({"DISPLAY": ":0", "SDL_VIDEODRIVER": "offscreen"}, "linux", False),
        ({"SDL_VIDEODRIVER": "kmsdrm"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
        ({"SDL_VIDEODRIVER": "dummy"}, "win32", False),
    ],
)
def test_a_display_must_be_named_on_linux_and_be_real_everywhere(
    environment: dict[str, str], platform: str, has: bool
) -> None:
    assert has_display(environment, platform) is has


def test_files_have_new_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(no_display, "find_spec", lambda name: object())
    assert [shot.out.name for shot in shots(RUN, "fork", tmp_path)] == ["fork.mp4", "fork.png"]
    (tmp_path / "fork.png").touch()
    assert [shot.out.name for shot in shots(RUN, "fork", tmp_path)] == ["fork-2.mp4", "fork-2.png"]
    (tmp_path / "fork-2.mp4").touch()
    assert [shot.out.name for shot in shots(RUN, "fork", tmp_path)] == ["fork-3.mp4", "fork-3.png"]


def test_without_the_extra_the_animation_is_a_gif(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(no_display, "find_spec", lambda name: None)
    film = shots(RUN, "fork", tmp_path)[0]
    assert film.out.name == "fork.gif"
    assert film.rate <= 50


def test_a_run_shorter_than_the_animation_is_shown_whole(tmp_path: Path) -> None:
    film, still = shots(cast(Run, SimpleNamespace(last_tick=7)), "short", tmp_path)
    assert film.last == still.at == 7
