"""What the reader has seen of the course, and where he left off: a small file in the platform's folder for users.

The file is replaced as a whole, never half written. One that cannot be understood is set aside under another name and
a new one is begun; where nothing can be written, the window works all the same and remembers while it is open.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from slabviz.errors import OutputError
from slabviz.export.atomic import new_file
from slabviz.scene.start.course import Standing

FOLDER = "SLABVIZ_USER_DIR"
"""Environment variable that names another folder than the platform's."""
FILE = "progress.json"
VERSION = 1
_LIMIT = 1 << 20
"""Bytes of the file that are read; it has about 60 a lesson."""

Trouble = tuple[str, dict[str, object]]
"""Key of the catalogue, and its values."""


def user_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where slabviz keeps what belongs to the user; the folder may not exist yet."""
    if named := environment.get(FOLDER):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("slabviz", appauthor=False))


class Bookmarks:
    """``standings`` by lesson id; ``last`` is the lesson that was seen last. ``trouble`` is told once."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (user_folder() if folder is None else folder) / FILE
        self.standings: dict[str, Standing] = {}
        self.last = ""
        self.trouble: Trouble | None = None
        self._told: set[str] = set()
        self._read()

    def told(self) -> Trouble | None:
        """The trouble that there was since the last call."""
        trouble, self.trouble = self.trouble, None
        return trouble

    def keep(self, lesson: str, standing: Standing) -> None:
        """Remember where the reader is in a lesson, which is now the last one; other windows' lessons are kept."""
        before = dict(self.standings)
        self._read()
        self.standings = {**before, **self.standings, lesson: standing}
        self.last = lesson
        self._write()

    def _read(self) -> None:
        try:
            with self.path.open("rb") as stream:
                text = stream.read(_LIMIT).decode("utf-8")
            self.standings, self.last = _understood(json.loads(text))
        except FileNotFoundError:
            pass
        except OSError as error:
            self._say("course.keep.unread", path=self.path, reason=error.strerror or error)
        except (ValueError, RecursionError):  # neither UTF-8 nor JSON, or not what we have written
            self._set_aside()

    def _set_aside(self) -> None:
        place = next(place for place in _aside(self.path) if not place.exists())
        try:
            os.replace(self.path, place)
        except OSError as error:
            self._say("course.keep.unread", path=self.path, reason=error.strerror or error)
        else:
            self._say("course.keep.broken", path=place)

    def _write(self) -> None:
        lessons = {lesson: _plain(standing) for lesson, standing in sorted(self.standings.items())}
        text = json.dumps({"version": VERSION, "last": self.last, "lessons": lessons}, indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with new_file(self.path, overwrite=True) as temporary:
                temporary.write_text(text + "\n", encoding="utf-8")
        except (OSError, OutputError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self._say("course.keep.unwritten", path=self.path.parent, reason=reason or error)

    def _say(self, key: str, **values: object) -> None:
        """Once for each kind of trouble."""
        if key not in self._told:
            self._told.add(key)
            self.trouble = key, values


def _aside(path: Path) -> list[Path]:
    """Names for a file that is set aside."""
    return [path.with_name(f"progress-broken{f'-{number}' if number > 1 else ''}.json") for number in range(1, 10_000)]


def _plain(standing: Standing) -> dict[str, object]:
    return {"done": standing.done, "tick": standing.tick, "right": standing.right, "asked": standing.asked}


def _understood(root: object) -> tuple[dict[str, Standing], str]:
    """Raises ValueError for anything that is not ours."""
    if not isinstance(root, dict) or root.get("version") != VERSION:
        raise ValueError("another version")
    last, lessons = root.get("last"), root.get("lessons")
    if not isinstance(last, str) or not isinstance(lessons, dict):
        raise ValueError("no lessons")
    return {str(lesson): _standing(row) for lesson, row in lessons.items()}, last


def _standing(row: object) -> Standing:
    if not isinstance(row, dict) or not isinstance(row.get("done"), bool):
        raise ValueError("no standing")
    tick = row.get("tick")
    here = None if tick is None else _count(tick)
    return Standing(row["done"], here, _count(row.get("right")), _count(row.get("asked")))


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 53:
        raise ValueError("no count")
    return value
