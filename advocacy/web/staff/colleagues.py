"""What others do at a letter that somebody has open: told to the page as it would be told of after a reload."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import staff
from advocacy.web.staff.letter_work import Work
from advocacy.web.staff.saying import when


def others(work: Work) -> Sequence[tuple[str, str]]:
    """Give who else has a draft of the letter, and when they saved it last."""
    now, language = services().now(), current_language()
    return [(draft.account.name, when(draft.saved_at, now, language)) for draft in work.others]


def known(work: Work) -> str:
    """Name all that a page tells of when it is made, for it to know what is news later."""
    return " ".join([f"revision:{work.newest.id}", *(f"draft:{draft.id}" for draft in work.others)])


def told(work: Work, over: int) -> Mapping[str, Any]:
    """Tell a page whose words go on from the revision `over`: the notices it would show, and each piece of news."""
    drafts = [{"key": f"draft:{draft.id}", "said": _began(draft.account.name)} for draft in work.others]
    saved = [{"key": f"revision:{work.newest.id}", "said": _saved(work)}] if over != work.newest.id else []
    return {
        "notices": render_template("staff/editor_colleagues.html", others=others(work)),
        "news": [*saved, *drafts],
    }


def _began(name: str) -> str:
    said: str = _("%(name)s is writing a draft of this letter too. Each of you keeps your own text.", name=name)
    return said


def _saved(work: Work) -> str:
    newest = work.newest
    if newest.by and newest.by != staff().account.name:
        said = _("%(name)s saved revision %(number)d meanwhile.", name=newest.by, number=newest.number)
    else:
        said = _("Revision %(number)d was saved meanwhile.", number=newest.number)
    kept = _("Your text is all here.")
    return f"{said} {kept}"
