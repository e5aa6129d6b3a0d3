"""What every test shares: no test opens a window or a sound device by accident."""

from __future__ import annotations

import os

# Set before anything imports pygame; the one real-window test starts its own process with its own display.
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
