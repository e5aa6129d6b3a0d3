"""A catalogue: every text of the window and of the pictures in one language, merged from ``assets/locale/<language>``.

Each area (stage, caption, help, ...) has its own file, so that a text is found by the place where it is seen, and is
read when the first text of that area is wanted. Keys are dotted lower-case words that begin with the area, placeholders
``{name}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from slabviz.errors import CatalogueError
from slabviz.resources import asset, table


def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, English first: ``("en", "zh_CN")``."""
    names = (folder.name for folder in asset("locale").iterdir() if folder.is_dir())
    return tuple(sorted(names, key=lambda name: (name != "en", name)))


class Catalogue:
    """All texts of one language. Raises CatalogueError when there is no such language.

    Whatever asks for a text raises CatalogueError for a key in the file of another area, SourceError for a file that
    cannot be read.
    """

    def __init__(self, language: str, folder: Path | None = None) -> None:
        self.language = language
        self._unread = {path.stem: path for path in sorted((folder or _folder(language)).glob("*.yaml"))}
        self._texts: dict[str, str] = {}

    @property
    def texts(self) -> Mapping[str, str]:
        """Every text of the language by its key."""
        for area in tuple(self._unread):
            self._read(area)
        return self._texts

    def tr(self, key: str, /, **values: object) -> str:
        """Return the text of ``key`` with its placeholders filled.

        Raises CatalogueError for an unknown key, and for a placeholder that has no value.
        """
        text = self._texts.get(key)
        if text is None:
            text = self._look_up(key)
        # Most texts have no placeholder, and `tr` is on the way of every frame.
        if "{" not in text and "}" not in text:
            return text
        try:
            return text.format_map(values)
        except (KeyError, ValueError, AttributeError) as problem:
            raise CatalogueError(f"{self.language}: the text {key!r} cannot be filled ({problem}): {text!r}") from None

    def __contains__(self, key: str) -> bool:
        self._read(_area(key))
        return key in self._texts

    def _look_up(self, key: str) -> str:
        if key not in self:
            raise CatalogueError(f"the catalogue {self.language} has no text {key!r}")
        return self._texts[key]

    def _read(self, area: str) -> None:
        path = self._unread.get(area)
        if path is None:
            return
        found = table(path)
        strangers = sorted(key for key in found if _area(key) != area)
        if strangers:
            raise CatalogueError(f"{path}: keys of this file begin with `{area}.`, not {', '.join(strangers)}")
        self._texts.update(found)
        del self._unread[area]


def _folder(language: str) -> Path:
    if language not in languages():
        raise CatalogueError(f"there is no language {language!r}; there are {', '.join(languages())}")
    return asset("locale", language)


def _area(key: str) -> str:
    return key.partition(".")[0]
