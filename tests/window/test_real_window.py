"""One run in a real window, under a virtual display: it opens, takes keys, and ends with exit code 0."""

import os
import shutil
import subprocess
import sys
import textwrap

import pytest

NEEDED = ("Xvfb",)
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]

DRIVER = textwrap.dedent(
    """
    import pygame
    from slabviz.app import player
    from slabviz.cli import main
    from slabviz.window import screen

    class Driven(screen.Screen):
        '''A real window whose user presses a few keys through the event queue of SDL itself.'''

        script = [(pygame.K_SPACE, " ", 0), (pygame.K_RIGHT, "", 0), (pygame.K_q, "q", pygame.KMOD_CTRL)]
        polls = 0

        def poll(self, patience):
            if not players:
                return super().poll(0.01)
            Driven.polls += 1
            if Driven.polls %% 10 == 0 and self.script:
                key, text, mod = self.script.pop(0)
                pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=text, mod=mod))
            return super().poll(0.01)

    class Seen(player.Player):
        def play(self):
            players.append(self)
            assert pygame.display.get_driver() == "x11", pygame.display.get_driver()
            assert pygame.mixer.get_init() is None
            return super().play()

    players = []
    screen.Screen, player.Player = Driven, Seen
    try:
        main(%r)
    finally:
        it = players[0]
        assert it.playback.position >= 1, it.playback.position
        assert Driven.polls >= 30
        print("played", it.run.about.id, "to tick", it.playback.position)
    """
)
PLAYED = {"": "D1", "play C9": "C9"}
"""What is typed behind ``slabviz``, and the lesson that it plays."""


@pytest.mark.skipif(bool(MISSING), reason=f"the real-window test did not run: {', '.join(MISSING)} is not installed")
@pytest.mark.parametrize("typed", PLAYED)
def test_a_real_window_opens_plays_and_quits(typed: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SDL_")}
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x900x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        assert server.stdout is not None
        display = server.stdout.readline().strip()
        done = subprocess.run(
            [sys.executable, "-c", DRIVER % (typed.split(),)],
            env={**environment, "DISPLAY": f":{display}"},
            capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait(10)
    assert done.returncode == 0, done.stderr
    assert f"played {PLAYED[typed]} to tick" in done.stdout
