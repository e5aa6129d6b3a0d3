"""A catalogue: every text of the window and of the pictures in one language, merged from ``assets/locale/<language>``.

Each area (stage, caption, help, ...) has its own file, so that a text is found by the place where it is seen. Keys are
dotted lower-case words, placeholders ``{name}``.
"""

from __future__ import annotations

from pathlib import Path

from slabviz.errors import CatalogueError
from slabviz.resources import asset, table


def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, English first: ``("en", "zh_CN")``."""
    names = (folder.name for folder in asset("locale").iterdir() if folder.is_dir())
    return tuple(sorted(names, key=lambda name: (name != "en", name)))


class Catalogue:
    """All texts of one language; the files are read once, when it is made.

    Raises CatalogueError when there is no such language or a key is in two files, SourceError for a file that
    cannot be read.
    """

    def __init__(self, language: str, folder: Path | None = None) -> None:
        self.language = language
        self.texts = _merge(folder or _folder(language))

    def tr(self, key: str, /, **values: object) -> str:
        """Return the text of ``key`` with its placeholders filled.

        Raises CatalogueError for an unknown key, and for a placeholder that has no value.
        """
        try:
            text = self.texts[key]
        except KeyError:
            raise CatalogueError(f"the catalogue {self.language} has no text {key!r}") from None
        # Most texts have no placeholder, and `tr` is on the way of every frame.
        if "{" not in text and "}" not in text:
            return text
        try:
            return text.format_map(values)
        except (KeyError, ValueError, AttributeError) as problem:
            raise CatalogueError(f"{self.language}: the text {key!r} cannot be filled ({problem}): {text!r}") from None

    def __contains__(self, key: str) -> bool:
        return key in self.texts


def _folder(language: str) -> Path:
    if language not in languages():
        raise CatalogueError(f"there is no language {language!r}; there are {', '.join(languages())}")
    return asset("locale", language)


def _merge(folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        area = table(path)
        doubled = sorted(texts.keys() & area.keys())
        if doubled:
            raise CatalogueError(f"{path}: also given by another file of this folder: {', '.join(doubled)}")
        texts.update(area)
    return texts
