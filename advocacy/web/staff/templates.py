"""The letters of the site, by campaign: what is live, who is writing what, and what waits for publication."""

from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template

from advocacy.campaigns.folder import OWN_DOCUMENTS
from advocacy.staff import drafts
from advocacy.staff.drafts import Standing
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import writer
from advocacy.web.staff.bill import bills_of
from advocacy.web.staff.editor import add_editor
from advocacy.web.staff.letter_fields import add_fields
from advocacy.web.staff.letter_titles import titles_of, unpublished_names
from advocacy.web.staff.new_letter import add_new_letter
from advocacy.web.staff.preview_pages import add_previewing
from advocacy.web.staff.saying import when
from advocacy.web.staff.source_view import add_source


@dataclass(frozen=True, slots=True)
class Row:
    """One letter of the list: its title, and where it stands; moments as they are said."""

    standing: Standing
    title: str
    drafts: list[tuple[str, str]]
    asked: tuple[str, str] | None

    @property
    def is_ahead(self) -> bool:
        """Tell whether a revision was saved that is not live."""
        return self.standing.newest != self.standing.live


def add_templates(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/letters", endpoint="letters")(templates)
    add_new_letter(routes)
    add_editor(routes)
    add_previewing(routes)
    add_source(routes)
    add_fields(routes)


@writer
def templates() -> str:
    """Show the letters."""
    language, now = current_language(), services().now()
    with services().sessions() as session:
        standings = drafts.standings(session, without=frozenset(OWN_DOCUMENTS.values()))
        titles = titles_of(session, [one.newest_id for one in standings], language)
        names = dict(unpublished_names(session, language))
        bills = bills_of(session)
    names |= {one.name: one.file.name.spoken(language) for one in services().campaigns()}
    rows = [
        Row(
            one,
            titles.get(one.newest_id, one.letter),
            [(name, when(at, now, language)) for name, at in one.drafts],
            (one.asked[0], when(one.asked[1], now, language)) if one.asked else None,
        )
        for one in standings
    ]
    grouped = [(names.get(name, name), [*held]) for name, held in groupby(rows, key=lambda row: row.standing.campaign)]
    return render_template("staff/templates.html", campaigns=grouped, bills=bills)
