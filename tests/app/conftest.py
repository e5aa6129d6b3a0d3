"""Looking at the players that a session makes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from slabviz.app.player import Player


@pytest.fixture
def players(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Player]]:
    """Every player that is made, in order; none of them may have failed, nor a check inside a script."""
    made: list[Player] = []
    begin = Player.play

    def play(self: Player) -> None:
        made.append(self)
        begin(self)

    monkeypatch.setattr(Player, "play", play)
    yield made
    assert [player.report for player in made] == [""] * len(made)
