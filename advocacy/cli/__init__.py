"""The command line: what people type, answered in sentences and exit codes (0 done, 1 failed, 2 wrong use)."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from advocacy import __version__
from advocacy.cli.site import Site, WrongUse, reason

COMMANDS = (
    "audit",
    "backup",
    "doctor",
    "erase",
    "keys",
    "legislators",
    "letter",
    "letters",
    "merge",
    "outbox",
    "person",
    "restore",
    "serve",
    "staff",
    "worker",
)


class Group(click.Group):
    """Commands that answer whatever goes wrong in one sentence on stderr, never with a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: C901 - it is a table
        """Import and return one command, and no other, which takes half the time; None for a name that is none's."""
        match cmd_name:
            case "staff" | "audit":
                from advocacy.cli.staff import audit, staff

                return staff if cmd_name == "staff" else audit
            case "backup" | "restore":
                from advocacy.cli.backup_command import backup, restore

                return backup if cmd_name == "backup" else restore
            case "erase" | "keys" | "person":
                from advocacy.cli.personal_data import erase, keys, person

                return {"erase": erase, "keys": keys, "person": person}[cmd_name]
            case "letter":
                from advocacy.cli.letter_command import letter as command
            case "merge":
                from advocacy.cli.merge import merge as command
            case "letters":
                from advocacy.cli.letters_command import letters

                return letters
            case "legislators":
                from advocacy.cli.legislators import legislators

                return legislators
            case "serve":
                from advocacy.cli.serve import serve as command
            case "worker":
                from advocacy.cli.worker_command import worker as command
            case "outbox":
                from advocacy.cli.outbox_command import outbox

                return outbox
            case "doctor":
                from advocacy.cli.doctor import doctor as command
            case _:
                return None
        return command

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run the command line and exit with its code."""
        typed = list(sys.argv[1:] if args is None else args)
        try:
            if any("\ud800" <= char <= "\udfff" for argument in typed for char in argument):
                raise WrongUse("an argument contains bytes that are not UTF-8; type it again")
            code = super().main(typed, *rest, **{**extra, "standalone_mode": False})
        except click.UsageError as error:
            problem = " ".join(error.format_message().split()).removesuffix(".")
            command = error.ctx.command_path if error.ctx else "advocacy"
            _exit(f"{problem}; see {command} --help", error.exit_code)
        except click.ClickException as error:
            _exit(error.format_message(), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _exit("stopped", 1)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            _exit(f"the output could not be written ({error.strerror}); free some space and try again", 1)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except OperationalError as error:
            raise click.ClickException(
                f"the database failed ({reason(error)}); nothing was changed, try again"
            ) from None


def _exit(sentence: str, code: int) -> NoReturn:
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
