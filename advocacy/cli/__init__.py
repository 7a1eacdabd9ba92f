"""The command line: what people type, answered in sentences and exit codes (0 done, 1 failed, 2 wrong use)."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from advocacy import __version__
from advocacy.cli.site import Site, WrongUse, reason

COMMANDS = (
    *("letter", "merge", "letters", "legislators", "serve", "worker", "outbox", "staff", "erase", "readmit", "keys"),
    *("audit", "demo"),
)
"""Each is the command of its name in the module of its name."""


class Group(click.Group):
    """Commands that answer whatever goes wrong in one sentence on stderr, never with a traceback.

    A command is imported when it is called for: half of a start would else go to pages that it does not show.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command; None for a name that is none's."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"advocacy.cli.{cmd_name}"), cmd_name)
        return found

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run the command line and leave with its exit code."""
        typed = list(sys.argv[1:] if args is None else args)
        try:
            if any(not argument.isprintable() and _is_odd(argument) for argument in typed):
                raise WrongUse("an argument contains bytes that are not UTF-8; type it again")
            code = super().main(typed, *rest, **{**extra, "standalone_mode": False})
        except click.UsageError as error:
            _leave(_usage(error), error.exit_code)
        except click.ClickException as error:
            _leave(error.format_message(), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _leave("stopped", 1)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            _leave(f"the output could not be written ({error.strerror}); free some space and try again", 1)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except OperationalError as error:
            raise click.ClickException(
                f"the database failed ({reason(error)}); nothing was changed, try again"
            ) from None


def _is_odd(argument: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in argument)


def _usage(error: click.UsageError) -> str:
    """Say click's own complaint in one line, with where to read how the command is used."""
    told = " ".join(error.format_message().split()).removesuffix(".")
    return f"{told}; see {error.ctx.command_path if error.ctx else 'advocacy'} --help"


def _leave(sentence: str, code: int) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(code)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="advocacy")
@click.pass_context
def advocacy(context: click.Context) -> None:
    """Letters from a survey's findings to the people who make the laws."""
    context.obj = context.obj or Site(context.with_resource(ExitStack()))


def main() -> None:
    """Run the command line."""
    advocacy(prog_name="advocacy")
