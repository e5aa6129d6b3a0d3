"""The command line: one file for each subcommand, and the only place that prints and exits."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command ``slabviz`` with ``arguments`` (None: those of the process) and leave with its exit code."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # stdout is ours: some of it is JSON
    from slabviz.cli.commands import slabviz
    from slabviz.cli.exit import exit_code

    sys.exit(exit_code(lambda: slabviz.main(arguments, prog_name="slabviz", standalone_mode=False)))
