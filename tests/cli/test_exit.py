"""One message and the right exit code, whatever ends a command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from slabviz.cli.exit import Terminated, exit_code
from slabviz.errors import (
    Diagnostic,
    DifferenceFound,
    ExpectationFailed,
    OutputError,
    Place,
    ScenarioError,
    SlabvizError,
    SourceError,
    UsageError,
)


def ended_by(error: BaseException) -> int:
    def command() -> None:
        raise error

    return exit_code(command)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ExpectationFailed("x"), 1),
        (DifferenceFound("x"), 1),
        (UsageError("x"), 2),
        (SourceError("x"), 3),
        (OutputError("x"), 3),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.UsageError("x"), 2),
        (Terminated(signal.SIGTERM), 143),
        (ZeroDivisionError("x"), 3),
        (MemoryError(), 3),
    ],
)
def test_every_end_has_its_code_and_one_message(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    assert ended_by(error) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err


def test_every_error_of_the_tree_has_a_code_of_the_table() -> None:
    def below(error: type[SlabvizError]) -> list[type[SlabvizError]]:
        return [error, *(deeper for child in error.__subclasses__() for deeper in below(child))]

    assert {error.exit_code for error in below(SlabvizError)} == {1, 2, 3}


def test_a_command_gives_its_own_code_or_none() -> None:
    assert exit_code(lambda: 1) == 1
    assert exit_code(lambda: None) == 0


def test_problems_of_a_scenario_begin_with_their_place(capsys: pytest.CaptureFixture[str]) -> None:
    places = [Diagnostic(Place("my.yaml", 3, 7), "unknown key"), Diagnostic(Place("my.yaml", 9, 1), "no end")]
    assert ended_by(ScenarioError(places)) == 3
    assert capsys.readouterr().err.splitlines() == ["my.yaml:3:7: unknown key", "my.yaml:9:1: no end"]


def test_a_fault_of_our_own_asks_to_be_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ended_by(ZeroDivisionError("by nothing")) == 3
    said = capsys.readouterr().err
    assert "internal error: ZeroDivisionError: by nothing" in said
    assert "report" in said
    monkeypatch.setenv("SLABVIZ_DEBUG", "1")
    ended_by(ZeroDivisionError("by nothing"))
    assert "Traceback" in capsys.readouterr().err


def test_signal_handlers_are_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert exit_code(lambda: signal.getsignal(signal.SIGTERM) == before) == 0
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGPIPE")
def test_a_reader_that_leaves_is_no_error() -> None:
    script = "from slabviz.cli.exit import exit_code; import sys; sys.exit(exit_code(lambda: print('x' * 1000000)))"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 141


def test_a_terminal_without_the_characters_gets_escapes() -> None:
    script = "from slabviz.cli.exit import exit_code; exit_code(lambda: print('\\u7f13\\u5b58'))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env=dict(os.environ, PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [rb"\u7f13\u5b58"]
