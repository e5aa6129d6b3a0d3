"""Running the command line in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from slabviz.cli import main


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def slabviz(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run ``slabviz ARGUMENTS…`` and give exit code, stdout and stderr."""

    def run(*arguments: object) -> Said:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert "internal error" not in said.err
        return Said(int(end.value.code or 0), said.out, said.err)

    return run
