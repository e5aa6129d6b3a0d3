"""What the command line says, by key of the catalogue area ``cli``, which is read when there is something to say."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from slabviz.i18n import Catalogue

LANGUAGE = "en"


def text(key: str, /, **values: object) -> str:
    """The text of ``key`` with its placeholders filled."""
    return _catalogue().tr(key, **values)


def complain(key: str, /, **values: object) -> None:
    """Say it on stderr: what is wrong, or what a person at the terminal should know."""
    click.echo(text(key, **values), err=True)


@cache
def _catalogue() -> Catalogue:
    from slabviz.i18n import Catalogue

    return Catalogue(LANGUAGE)
