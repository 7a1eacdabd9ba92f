"""Advice on letters in the reader's language, with the way to the words it is about."""

from collections.abc import Collection, Sequence

from flask import url_for
from flask_babel import format_decimal, gettext

from advocacy.campaigns import manuscript
from advocacy.campaigns.advice import Advice, act_advice, letter_advice
from advocacy.campaigns.folder import CAMPAIGN, OWN_DOCUMENTS, TEXTS, CampaignFolder
from advocacy.language import Language
from advocacy.web.staff import campaign_notes
from advocacy.web.staff.letter_names import cell_id, cell_name
from advocacy.web.staff.letter_notes import Note
from advocacy.web.staff.letter_work import Reading, reading_in


def letter_notes(read: Reading, language: Language) -> Sequence[Note]:
    """Return the advice on a letter, each piece with its cell in the editor."""
    if read.is_too_long:
        return []
    laid_out = {side: manuscript.lay_out(read.manuscript, read.labels, side) for side in Language}
    sides = {read.folder.path(f"{read.letter}/{name}"): side for side, name in TEXTS.items()}
    found = []
    for advice in letter_advice(read.folder, read.letter):
        side = sides[advice.file]
        place = manuscript.place_in(laid_out[side], line=advice.line, column=advice.column)
        if place is not None:
            where = cell_name(read, place.key, side, language=language)
            end = max(place.end, place.start + advice.length)
            found.append(Note(_sentence(advice), where, cell_id(place.key, side), place.start, end))
    return found


def folder_notes(
    folder: CampaignFolder, documents: Collection[str], language: Language
) -> Sequence[campaign_notes.Note]:
    """Return the advice on these documents of a campaign, each piece with the way to the page that shows its words."""
    found = []
    if OWN_DOCUMENTS[CAMPAIGN] in documents:
        to = url_for("staff.campaign_settings", campaign=folder.name)
        for advice in act_advice(folder):
            where = gettext("%(file)s, line %(line)s", file=gettext("Campaign"), line=advice.line)
            found.append(campaign_notes.Note(where, _sentence(advice), to=to))
    for letter in folder.letters():
        read = reading_in(folder, letter) if letter in documents else None
        if read is None:
            continue
        for note in letter_notes(read, language):
            where = f"{read.file.title.spoken(language)}, {note.where}"
            to = url_for("staff.letter", campaign=folder.name, letter=letter, _anchor=note.cell)
            found.append(campaign_notes.Note(where, note.sentence, to=to))
    return found


def _sentence(advice: Advice) -> str:
    numbers = {name: one if isinstance(one, str) else format_decimal(one) for name, one in advice.params.items()}
    return str(gettext(advice.message, **numbers))
