"""Writes docs/events.md from the comments beside the kinds in slabviz/model/events/kinds.py.

Run it from the checkout after a change of the kinds: `python scripts/build_events_doc.py`; a test compares the two.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Events

Everything that can happen in a run. An event is five integers `(kind, cpu, slab, arg, who)`; the log keeps them in five
32-bit columns, and applying them in order to an empty machine gives the machine of any tick. Upper-case names are the
kernel's own statistics where it has one. The paths in `slabviz/slub/` yield events, `slabviz/model/events/` applies
them. This page is written by `scripts/build_events_doc.py`.
"""
TABLE = "| kind | number | what happens |\n|---|---|---|\n"


def events_page(source: str) -> str:
    """The page for the source text of kinds.py."""
    page = [HEAD]
    body = source[source.index("class Kind(IntEnum):") : source.index("\nLAST_OF_SLABS")]
    for line in body.splitlines():
        if family := re.fullmatch(r"    # (\w+)\. ?(.*)", line):
            page.append(f"\n## {family[1]}\n\n{family[2]}\n\n{TABLE}")
        elif kind := re.fullmatch(r"    (\w+) = (\d+)(?:  # (.*))?", line):
            page.append(f"| `{kind[1]}` | {kind[2]} | {kind[3] or ''} |\n")
    return "".join(page)


def main() -> None:
    """Write the page."""
    source = (ROOT / "slabviz/model/events/kinds.py").read_text(encoding="utf-8")
    (ROOT / "docs/events.md").write_text(events_page(source), encoding="utf-8")


if __name__ == "__main__":
    main()
