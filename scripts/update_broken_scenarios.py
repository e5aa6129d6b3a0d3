"""Writes what `slabviz check` says of the broken scenarios of tests/scenario/broken beside them, for review by diff.

Run it from the checkout after a change of messages: `python scripts/update_broken_scenarios.py`.
"""

from __future__ import annotations

from pathlib import Path

from slabviz.scenario.inspection import inspect_file

FOLDER = Path(__file__).resolve().parent.parent / "tests/scenario/broken"


def expected(path: Path) -> str:
    """The diagnostics of one file, as the terminal shows them."""
    return "".join(f"{problem}\n" for problem in inspect_file(path, path.name))


def main() -> None:
    """Write all of them; a file without any problem is named."""
    for path in sorted(FOLDER.glob("*.yaml")):
        text = expected(path)
        path.with_suffix(".txt").write_text(text, encoding="utf-8")
        if not text:
            print(f"{path.name}: nothing is wrong with it")


if __name__ == "__main__":
    main()
