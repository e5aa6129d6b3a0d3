"""How the command ends: one clear message on stderr and one exit code, never a traceback for bad input.

=====  =====================================================================
0      all is well
1      findings, a failed expectation, a difference
2      wrong verb, option or value
3      cannot go on: a source missing or not understood, output not writable
130    Ctrl-C; 143, 129 and 141 in the same way for SIGTERM, SIGHUP, SIGPIPE
=====  =====================================================================
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

from slabviz.cli.commands import ClosedPipe
from slabviz.cli.messages import complain
from slabviz.errors import ScenarioError, SlabvizError

CANNOT_GO_ON = 3
STOPPED = 128
"""Added to the number of the signal that ended the command, as shells do."""

SIGINT_NUMBER = 2
SIGPIPE_NUMBER = 13
"""Given as numbers, for Windows has not every name."""

ENDING_SIGNALS = ("SIGTERM", "SIGHUP")


class Terminated(BaseException):
    """The process was asked to end; raised so that everything under way is cleaned up on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def exit_code(command: Callable[[], object]) -> int:
    """Run a command to its end, say what went wrong in one message, and give the exit code.

    A command gives its exit code, or None for 0.
    """
    _speak_any_language()
    try:
        with _ending_signals():
            code = command()
            sys.stdout.flush()
    except (BrokenPipeError, ClosedPipe):  # `slabviz list | head -1`: the reader has enough
        return _leave_pipe()
    except (KeyboardInterrupt, click.Abort):
        return _stopped(SIGINT_NUMBER)
    except Terminated as end:
        return _stopped(end.number)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SlabvizError as error:
        return _refused(error)
    except Exception as error:
        return _broken(error)
    return code if isinstance(code, int) else 0


def _refused(error: SlabvizError) -> int:
    # A scenario's problems begin with file:line:col, where editors look for it.
    complain("cli.plain" if isinstance(error, ScenarioError) else "cli.error", message=error)
    return error.exit_code


def _broken(error: Exception) -> int:
    if os.environ.get("SLABVIZ_DEBUG") == "1":
        traceback.print_exception(error)
    complain("cli.internal", kind=type(error).__name__, message=str(error).partition("\n")[0])
    return CANNOT_GO_ON


def _stopped(number: int) -> int:
    complain("cli.stopped")
    return STOPPED + number


def _leave_pipe() -> int:
    # Python flushes stdout once more when it ends, and would complain about the closed pipe.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return STOPPED + SIGPIPE_NUMBER


def _speak_any_language() -> None:
    """A terminal that cannot show a character gets an escape instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def _ending_signals() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP raise Terminated, as Ctrl-C raises KeyboardInterrupt."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Terminated(number)

    numbers = [getattr(signal, name) for name in ENDING_SIGNALS if hasattr(signal, name)]
    # What was ignored stays so: that is how nohup works.
    before = {number: signal.signal(number, end) for number in numbers if signal.getsignal(number) != signal.SIG_IGN}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
