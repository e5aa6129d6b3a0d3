"""What every test shares: no test opens a window or a sound device by accident."""

from __future__ import annotations

import os
import tempfile

# Set before anything imports pygame; the one real-window test starts its own process with its own display.
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

# What a reader has seen of the course is his own: tests remember it in a folder that goes with them.
_USER = tempfile.TemporaryDirectory(prefix="slabviz-user-")
os.environ["SLABVIZ_USER_DIR"] = _USER.name
