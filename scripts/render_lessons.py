"""Renders every lesson of the course to a small film, to see that each can be made from its first tick to its last.

Run it from the checkout: `python scripts/render_lessons.py FOLDER [LETTERS]`, where LETTERS chooses chapters of the
course (`CDF`). It takes a few minutes, prints a line for each lesson, and ends with 1 if one could not be made.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
FOLDERS = {
    "A": "concepts", "B": "kmalloc", "C": "driver", "D": "workloads", "E": "life", "F": "speed", "G": "looking",
}  # fmt: skip
LOOKS = ("--size", "640x360", "--fps", "10", "--speed", "16", "--overwrite")


def rendered(lesson: Path, film: Path) -> bool:
    """Make one film, say how large it is and how long it took, and whether it was made."""
    began = time.monotonic()
    command = (sys.executable, "-m", "slabviz", "render", str(lesson), "-o", str(film), *LOOKS)
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    made = done.returncode == 0 and film.exists() and film.stat().st_size > 0
    size = film.stat().st_size // 1024 if made else 0
    told = f"{size:6} KiB  {time.monotonic() - began:5.1f} s" if made else f"failed: {done.stderr.strip()}"
    print(f"{lesson.stem:18} {told}", flush=True)
    return made


def main() -> int:
    """Render the lessons that were asked for."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("films")
    letters = sys.argv[2] if len(sys.argv) > 2 else "".join(FOLDERS)
    folder.mkdir(parents=True, exist_ok=True)
    lessons = [path for letter in letters for path in sorted((SCENARIOS / FOLDERS[letter]).glob("*.yaml"))]
    made = [rendered(path, folder / f"{path.stem}.mp4") for path in lessons]
    print(f"{sum(made)} of {len(made)} lessons rendered")
    return 0 if all(made) else 1


if __name__ == "__main__":
    sys.exit(main())
