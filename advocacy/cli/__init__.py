"""The command line: what people type, answered in sentences and exit codes (0 done, 1 failed, 2 wrong use)."""

from contextlib import ExitStack

import click
from sqlalchemy.exc import OperationalError

from advocacy import __version__
from advocacy.cli.demo import demo
from advocacy.cli.legislators import legislators
from advocacy.cli.letter import letter
from advocacy.cli.letters import letters
from advocacy.cli.site import Site, reason


class Group(click.Group):
    """Commands whose database may fail them: it is told in a sentence."""

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except OperationalError as error:
            raise click.ClickException(
                f"the database failed ({reason(error)}); nothing was changed, try again"
            ) from None


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="advocacy")
@click.pass_context
def advocacy(context: click.Context) -> None:
    """Letters from a survey's findings to the people who make the laws."""
    context.obj = context.obj or Site(context.with_resource(ExitStack()))


for command in (letter, letters, legislators, demo):
    advocacy.add_command(command)


def main() -> None:
    """Run the command line."""
    advocacy(prog_name="advocacy")
