"""The documentation says what the code does."""

import re
from pathlib import Path

from slabviz.model.events import APPLY, Kind

DOCS = Path(__file__).resolve().parent.parent / "docs"


def test_the_events_page_explains_every_kind() -> None:
    page = (DOCS / "events.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \|$", page, re.MULTILINE)
    assert [(name, int(number)) for name, number, _ in rows] == [(kind.name, int(kind)) for kind in Kind]


def test_every_kind_can_be_applied() -> None:
    assert [kind.name for kind in Kind if APPLY[kind].__name__ == "_unknown"] == []
    assert APPLY[127].__name__ == "_unknown"
