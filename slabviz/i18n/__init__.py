"""The words of the window: one catalogue for each language, found by key."""

from slabviz.i18n.catalogue import Catalogue, languages

__all__ = ["Catalogue", "languages"]
