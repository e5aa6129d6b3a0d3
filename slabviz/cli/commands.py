"""The command ``slabviz`` and its verbs, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from slabviz import __version__

VERBS = ("play", "render", "run", "report", "trace", "list", "check", "new", "schema", "verify", "bench", "lint")
"""In the order of the help text. Verb X is the function ``command`` in ``slabviz/cli/X.py``."""

MODULES = {"list": "listing"}
"""Verbs whose file is called otherwise: a module ``list`` would hide the type."""


class Verbs(click.Group):
    """A group that imports a verb's module only for that verb (and all of them for the help text)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of ``VERBS``."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, or None for a wrong one."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"slabviz.cli.{MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb. A closed pipe is passed on as it is; click would end the process itself."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ClosedPipe from error


class ClosedPipe(Exception):
    """Whoever read our output has left."""


@click.group(cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@click.pass_context
def slabviz(ctx: click.Context) -> object:
    """See how Linux' SLUB allocator hands out small memory.

    Without a verb the scenario "fork" is played; "slabviz play" shows the whole course. SOURCE is a shipped
    scenario's name or id (fork, D1), a scenario file (.yaml), a recording (.jsonl.gz) or state (state.*.json.gz) of a
    real kernel, or a saved run (.slabviz).
    """
    if ctx.invoked_subcommand is None:
        from slabviz.cli.play import FIRST_LESSON, command

        with command.make_context("play", [FIRST_LESSON], parent=ctx) as playing:  # reads the options' defaults too
            return command.invoke(playing)
    return None
