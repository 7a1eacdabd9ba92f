"""The command line: what people type, answered in sentences and exit codes (0 done, 1 failed, 2 wrong use)."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from advocacy import __version__
from advocacy.cli.site import Site, WrongUse, reason


def _letter() -> click.Command:
    from advocacy.cli.letter_command import letter

    return letter


def _merge() -> click.Command:
    from advocacy.cli.merge import merge

    return merge


def _letters() -> click.Command:
    from advocacy.cli.letters_command import letters

    return letters


def _legislators() -> click.Command:
    from advocacy.cli.legislators import legislators

    return legislators


def _serve() -> click.Command:
    from advocacy.cli.serve import serve

    return serve


def _worker() -> click.Command:
    from advocacy.cli.worker_command import worker

    return worker


def _outbox() -> click.Command:
    from advocacy.cli.outbox_command import outbox

    return outbox


def _staff() -> click.Command:
    from advocacy.cli.staff import staff

    return staff


def _erase() -> click.Command:
    from advocacy.cli.personal_data import erase

    return erase


def _readmit() -> click.Command:
    from advocacy.cli.personal_data import readmit

    return readmit


def _keys() -> click.Command:
    from advocacy.cli.personal_data import keys

    return keys


def _audit() -> click.Command:
    from advocacy.cli.staff import audit

    return audit


def _demo() -> click.Command:
    from advocacy.cli.demo import demo

    return demo


COMMANDS: Mapping[str, Callable[[], click.Command]] = {
    "letter": _letter,
    "merge": _merge,
    "letters": _letters,
    "legislators": _legislators,
    "serve": _serve,
    "worker": _worker,
    "outbox": _outbox,
    "staff": _staff,
    "erase": _erase,
    "readmit": _readmit,
    "keys": _keys,
    "audit": _audit,
    "demo": _demo,
}
"""The commands by their names. One is imported when it is called for: half of a start would else go to the others."""


class Group(click.Group):
    """Commands that answer whatever goes wrong in one sentence on stderr, never with a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command; None for a name that is none's."""
        return COMMANDS[cmd_name]() if cmd_name in COMMANDS else None

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
        """Run the command."""
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
