"""Writes docs/diagnostics.md from the table in slabviz/scenario/codes.py.

Run it from the checkout after a change of the table: `python scripts/build_diagnostics_doc.py`; a test compares both.
"""

from __future__ import annotations

from pathlib import Path

from slabviz.scenario.codes import CODES, Code, Known

PAGE = Path(__file__).resolve().parent.parent / "docs/diagnostics.md"

HEAD = """# Diagnostics

<!-- Written by scripts/build_diagnostics_doc.py. -->

`slabviz check FILE` says everything that is wrong with a scenario at once:

```text
storm.yaml:7:20: error[unknown-key]: unknown key `alginn` in `cache`
   7 |   skb: {size: 232 B, alginn: 64 B}
     |                      ^^^^^^
  help: did you mean `align`?
```

The exit code is 0 if all is well, 1 if there are errors, 3 if a file cannot be read. Warnings are about what is legal
and hardly meant; they are given only for files without errors, and do not change the exit code unless `--strict` is
given. `--format json`, `github` (annotations of a workflow) and `sarif` (SARIF 2.1.0) are for other programs.

An editor with the schema of `slabviz schema` shows what is marked *editor* while one is typing; the rest needs
`slabviz check`.
"""

FOUND_BY = {Known.YAML: "any reader of YAML, or slabviz before it", Known.SCHEMA: "editor and `slabviz check`",
            Known.CHECK: "`slabviz check`"}  # fmt: skip


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for severity, title in (("error", "Errors"), ("warning", "Warnings")):
        parts.append(f"\n## {title}\n")
        parts += [_entry(name, code) for name, code in sorted(CODES.items()) if code.severity == severity]
    return "".join(parts)


def _entry(name: str, code: Code) -> str:
    return (
        f"\n### `{name}`\n\n**{code.title}.** {code.meaning} Found by: {FOUND_BY[code.known]}.\n\n"
        f"Wrong:\n\n```text\n{code.wrong}\n```\n\nRight:\n\n```text\n{code.right}\n```\n"
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
