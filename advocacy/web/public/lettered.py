"""Letters made from a form, or the form again where an answer must be mended: what every act on letters begins with."""

from collections.abc import Callable, Sequence

from flask import render_template
from werkzeug.wrappers import Response

from advocacy.language import Language, Wording
from advocacy.web.public import pages
from advocacy.web.public.editing import pressed, untouched_anew
from advocacy.web.public.reading import Problem
from advocacy.web.public.review import ReviewedLetter
from advocacy.web.public.sitting import Sitting

Answer = Response | str | tuple[str, int]
Made = Callable[[Sitting, list[ReviewedLetter]], Answer]


def with_letters(language: Language, made: Made) -> Answer:
    """Make the letters and go on with them; where an answer must be mended, show the form again.

    Where the survey was corrected since the letters were last shown, they are shown to be read first.
    """
    sitting = Sitting.open(language)
    if sitting.form.problems:
        page = render_template("public/write.html", **pages.write(sitting, sitting.form.problems))
        return page, 422
    if sitting.before is not None:
        sitting.carry(untouched_anew(sitting.draft, sitting.letters_before()))
        return reviewed(sitting, sitting.reviewed(), refusing=True)
    sitting.carry(pressed(sitting.draft, sitting.letters()))
    return made(sitting, sitting.reviewed())


def reviewed(
    sitting: Sitting,
    letters: list[ReviewedLetter],
    *,
    refusing: bool,
    refused: Wording | None = None,
    missing: Sequence[Problem] = (),
) -> Answer:
    """Show the letters to be read again; 422 where one must be mended, or was asked for and cannot be had."""
    page = render_template("public/review.html", **pages.review(sitting, letters, refused, missing=missing))
    return (page, 422) if refusing or not all(one.ready for one in letters) else page
