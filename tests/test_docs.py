"""The documentation says what the code does."""

import re
from pathlib import Path

import pytest

from scripts.build_course_doc import course_page
from slabviz.library.course import course
from slabviz.model.events import APPLY, Kind

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
READMES = ("README.md", "README.zh-CN.md")


def test_the_events_page_explains_every_kind() -> None:
    page = (DOCS / "events.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \|$", page, re.MULTILINE)
    assert [(name, int(number)) for name, number, _ in rows] == [(kind.name, int(kind)) for kind in Kind]


def test_every_kind_can_be_applied() -> None:
    assert [kind.name for kind in Kind if APPLY[kind].__name__ == "_unknown"] == []
    assert APPLY[127].__name__ == "_unknown"


def test_the_course_page_lists_every_lesson_with_its_picture() -> None:
    page = (DOCS / "course.md").read_text(encoding="utf-8")
    assert page == course_page(course())  # else: python scripts/build_course_doc.py
    pictures = {path.stem: path.stat().st_size for path in (DOCS / "img" / "course").glob("*.png")}
    assert set(pictures) == {lesson.name for lesson in course().lessons}
    assert sum(pictures.values()) < 2_500_000


def commands(page: str) -> list[str]:
    """The lines of the page's shell blocks, without comments."""
    blocks = re.findall(r"^```(?:sh|powershell)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = (commands((ROOT / name).read_text(encoding="utf-8")) for name in READMES)
    assert len(chinese) >= 10
    assert set(chinese) <= set(english)


@pytest.mark.parametrize("name", [*READMES, *(f"docs/{path.name}" for path in sorted(DOCS.glob("*.md")))])
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
