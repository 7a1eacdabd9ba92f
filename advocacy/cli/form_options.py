"""What a command asks about the form of letters: which, for what post, and refused where a form has no use for it."""

from pathlib import Path

import click

from advocacy.cli.site import WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import Post
from advocacy.language import Language

LANGUAGE = click.Choice([language.value for language in Language])
POST = click.Choice([post.value for post in Post])
ON_PAPER = frozenset({"pdf", "docx"})
WRAPPED = "txt"
ENDINGS_OF_OTHERS = frozenset({"zip", "doc", "odt", "rtf", "htm"})
"""What would be taken for a kind of file that no letter is made as."""


class FormatType(click.ParamType[str]):
    """One of the forms a letter can take."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept a form that exists, or say which do."""
        if value not in FORMATS:
            raise WrongUse(f"a letter cannot be made as “{value}” here; --format takes {', '.join(FORMATS)}")
        return value


def refuse_without_use(form: str, post: Post, wrap: int = 0) -> None:
    """Refuse what a form could only pass over in silence."""
    if post is not Post.NONE and form not in ON_PAPER:
        raise WrongUse(f"--post is for paper: choose --format {' or '.join(sorted(ON_PAPER))}, or leave it out")
    if wrap and form != WRAPPED:
        raise WrongUse(f"--wrap is for text: choose --format {WRAPPED}, or leave it out")


def form_of(asked: str | None, output: Path | None) -> str:
    """Return the form that was asked for, else the one by whose ending a file is named, else text.

    Raises WrongUse where the two differ, and for a name that would be taken for a file of another kind.
    """
    ending = output.suffix.lower().removeprefix(".") if output and not output.is_dir() else ""
    if ending in ENDINGS_OF_OTHERS:
        raise WrongUse(f"{output} ends in .{ending}, and letters are {', '.join(FORMATS)}; name it otherwise")
    if ending in FORMATS and asked and asked != ending:
        raise WrongUse(f"{output} ends in .{ending} and --format is {asked}; make them the same")
    return asked or (ending if ending in FORMATS else "txt")
