"""Writes the reference part of docs/scenario.md from the tables in slabviz/scenario/.

Run it from the checkout after a change of the language: `python scripts/build_scenario_doc.py`; a test compares the
two.
"""

from __future__ import annotations

from pathlib import Path

from slabviz.scenario.reference import reference

PAGE = Path(__file__).resolve().parent.parent / "docs/scenario.md"
MARK = "<!-- From here on written by scripts/build_scenario_doc.py. -->\n"


def scenario_page(page: str) -> str:
    """The page with its reference part made anew."""
    return f"{page.partition(MARK)[0]}{MARK}\n{reference()}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(scenario_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
