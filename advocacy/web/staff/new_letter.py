"""A new letter begins as a copy of one there is, under a folder's name and titles of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns.campaign import LetterFile
from advocacy.campaigns.check import FOLDER_NAME, LONGEST_NAME, RESERVED
from advocacy.campaigns.folder import LETTER, OWN_DOCUMENTS
from advocacy.campaigns.letter_toml import rewritten
from advocacy.database import immediate
from advocacy.language import Language, Wording
from advocacy.staff import drafts, revisions
from advocacy.staff.drafts import Standing
from advocacy.toml_source import TomlProblems, read
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.letter_titles import titles_of

PAGE = "/letters/new"
FIELDS = ("copy", "name", "title.fr", "title.en")
TITLES = {
    Language.FR: Wording.of(
        en="Write the title in French, {most} characters at most.",
        fr="Écrivez le titre en français, {most} caractères au plus.",
    ),
    Language.EN: Wording.of(
        en="Write the title in English, {most} characters at most.",
        fr="Écrivez le titre en anglais, {most} caractères au plus.",
    ),
}
CHOOSE = Wording.of(en="Choose the letter to copy.", fr="Choisissez le modèle à copier.")
BAD_NAME = Wording.of(
    en="Write the name in lowercase letters without accents, digits and hyphens, 60 at most.",
    fr="Écrivez le nom en minuscules sans accent, chiffres et traits d’union, 60 au plus.",
)
TAKEN = Wording.of(
    en="The campaign has something of this name already.", fr="La campagne a déjà quelque chose de ce nom."
)
UNREADABLE = Wording.of(
    en="That letter’s fields cannot be read: fix them first, or copy another.",
    fr="Les champs de ce modèle ne peuvent pas être lus\u00a0: corrigez-les d’abord, ou copiez-en un autre.",
)
LONGEST_TITLE = 200


def add_new_letter(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get(PAGE, endpoint="new_letter")(new_letter)
    routes.post(PAGE, endpoint="make_letter")(make_letter)


@writer
def new_letter() -> str:
    """Ask for the letter to copy, a name and titles."""
    with services().sessions() as session:
        there = drafts.standings(session, without=frozenset(OWN_DOCUMENTS.values()))
        return _page(session, there, {})


@writer
def make_letter() -> Response | tuple[str, int]:
    """Make the letter: its first revision, which nobody meets yet."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    with immediate(services().sessions) as session:
        there = drafts.standings(session, without=frozenset(OWN_DOCUMENTS.values()))
        copied = next((one for one in there if f"{one.campaign}/{one.letter}" == typed["copy"]), None)
        errors = _wrong(typed, copied, there)
        files = _files(session, copied, typed) if copied and not errors else None
        if files is None or copied is None:
            return _page(session, there, typed, errors=errors or [("copy", UNREADABLE)]), 422
        revisions.save(session, copied.campaign, typed["name"], files=files, by=staff().account, now=services().now())
    flash(_("Letter created as a copy. The public won’t see it until you publish."))
    return redirect(url_for("staff.letter", campaign=copied.campaign, letter=typed["name"]), 303)


def _wrong(typed: Mapping[str, str], copied: Standing | None, there: Sequence[Standing]) -> list[tuple[str, Wording]]:
    errors = [] if copied else [("copy", CHOOSE)]
    name = typed["name"]
    if not FOLDER_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        errors.append(("name", BAD_NAME))
    taken = {one.letter for one in there if copied and one.campaign == copied.campaign}
    if name in taken or name in RESERVED["letter"]:
        errors.append(("name", TAKEN))
    errors += [
        (f"title-{side}", TITLES[side]) for side in Language if not 0 < len(typed[f"title.{side}"]) <= LONGEST_TITLE
    ]
    return errors


def _files(session: Session, copied: Standing, typed: Mapping[str, str]) -> Mapping[str, bytes] | None:
    """Copy the newest revision's files under the new name, with the new titles; None where they cannot be read."""
    held = {name.split("/")[-1]: text for name, text in drafts.files_of(session, copied.newest_id).items()}
    if LETTER not in held:
        abort(409)
    try:
        letter = read(held[LETTER], LetterFile, file=LETTER)
    except TomlProblems:
        return None
    title = Wording({language: typed[f"title.{language}"] for language in Language})
    held[LETTER] = rewritten(held[LETTER], letter.model_copy(update={"title": title}))
    return {f"{typed['name']}/{name}": text.encode() for name, text in held.items()}


def _page(
    session: Session,
    there: Sequence[Standing],
    typed: Mapping[str, str],
    *,
    errors: Sequence[tuple[str, Wording]] = (),
) -> str:
    language = current_language()
    given: dict[str, Any] = {name: typed.get(name, "") for name in FIELDS}
    return render_template(
        "staff/new_letter.html",
        there=_listed(session, there),
        typed=given,
        errors=[(at, said.spoken(language).format(most=LONGEST_TITLE)) for at, said in errors],
        sides=(Language.FR, Language.EN),
    )


def _listed(session: Session, there: Sequence[Standing]) -> Sequence[tuple[str, str]]:
    """Give each letter that can be copied by its path and its title; where there are several, with its campaign."""
    language = current_language()
    titles = titles_of(session, [one.newest_id for one in there], language)
    names = {one.name: one.file.name.spoken(language) for one in services().campaigns()}
    several = len({one.campaign for one in there}) > 1
    return [
        (
            f"{one.campaign}/{one.letter}",
            titles.get(one.newest_id, one.letter) + (f" ({names.get(one.campaign, one.campaign)})" if several else ""),
        )
        for one in there
    ]
