"""The options of commands that export letters: the format, how paper is prepared for the mail, and their checks."""

from pathlib import Path

import click

from advocacy.cli.site import WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import Post
from advocacy.language import Language

LANGUAGE = click.Choice([language.value for language in Language])
POST = click.Choice([post.value for post in Post])
PAPER_FORMATS = frozenset({"pdf", "docx"})
TEXT_FORMAT = "txt"
OTHER_ENDINGS = frozenset({"zip", "doc", "odt", "rtf", "htm"})
"""What would be taken for a kind of file that no letter is made as."""


class FormatType(click.ParamType[str]):
    """One of the formats a letter can take."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return a format that exists; raise WrongUse with those that do for any other."""
        if value not in FORMATS:
            raise WrongUse(f"a letter cannot be made as “{value}” here; --format takes {', '.join(FORMATS)}")
        return value


def refuse_unused_options(form: str, post: Post, wrap: int = 0) -> None:
    """Raise WrongUse for an option that the format has no use for."""
    if post is not Post.NONE and form not in PAPER_FORMATS:
        raise WrongUse(f"--post is for paper: choose --format {' or '.join(sorted(PAPER_FORMATS))}, or leave it out")
    if wrap and form != TEXT_FORMAT:
        raise WrongUse(f"--wrap is for text: choose --format {TEXT_FORMAT}, or leave it out")


def format_name(asked: str | None, output: Path | None) -> str:
    """Return the format that was asked for, else the one by whose ending a file is named, else text.

    Raises WrongUse where the two differ, and for a name that would be taken for a file of another kind.
    """
    ending = output.suffix.lower().removeprefix(".") if output and not output.is_dir() else ""
    if ending in OTHER_ENDINGS:
        raise WrongUse(f"{output} ends in .{ending}, and letters are {', '.join(FORMATS)}; name it otherwise")
    if ending in FORMATS and asked and asked != ending:
        raise WrongUse(f"{output} ends in .{ending} and --format is {asked}; make them the same")
    return asked or (ending if ending in FORMATS else "txt")
