"""One campaign: its texts in both languages by form, its days, whom it writes to, and who may publish it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict, UnprocessableEntity
from werkzeug.wrappers import Response

from advocacy.campaigns.campaign import CampaignFile, season
from advocacy.campaigns.folder import CAMPAIGN, NOTE, CampaignFolder
from advocacy.campaigns.labels import Labels, Sort, shown
from advocacy.campaigns.library import wait_for_turn
from advocacy.campaigns.models import Revision
from advocacy.campaigns.toml_documents import edited
from advocacy.database import immediate
from advocacy.language import Language, Wording, day_of
from advocacy.staff import rules
from advocacy.staff.campaign_files import THE_CAMPAIGN, Held, held
from advocacy.staff.campaign_text import Read, joined, read, typed_of
from advocacy.staff.revisions import problems_of, save
from advocacy.staff.source_note import note_labels, with_braces, with_labels
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import manager, staff, writer
from advocacy.web.staff.letter_titles import titles_of
from advocacy.web.staff.problems import campaign_notes

Answer = Response | str | tuple[str, int]
CHANGED_HERE = Wording.of(
    en="Someone else changed this in the meantime. Keep your text or use theirs, then save again.",
    fr="Quelqu’un d’autre l’a modifié entre-temps. Gardez votre texte ou reprenez le sien, puis enregistrez.",
)
NOT_HERE = Wording.of(
    en="This page cannot change how the file writes this: export the campaign, change it, and import it.",
    fr="Cette page ne peut pas modifier la façon dont le fichier l’écrit\u00a0: exportez la campagne, "
    "modifiez-la, puis importez-la.",
)


def add_campaign_page(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/campaigns/<campaign>/settings", endpoint="campaign_settings")(campaign)
    routes.post("/campaigns/<campaign>/settings", endpoint="campaign_settings_saved")(saved)
    routes.post("/campaigns/<campaign>/rule", endpoint="campaign_rule")(rule)


def of_name(session: Session, name: str) -> Held:
    """Give a campaign; 404 where there is none of this name."""
    found = held(session, name).get(name)
    if found is None:
        abort(404)
    return found


@writer
def campaign(campaign: str) -> str:
    """Show a campaign as it was last written, to be changed."""
    with services().sessions() as session:
        return _page(session, of_name(session, campaign))


@writer
def saved(campaign: str) -> Answer:
    """Save what was changed as a new revision; nobody meets it yet."""
    site = services()
    with immediate(site.sessions) as session:
        wait_for_turn(session)
        kept = of_name(session, campaign)
        theirs = _file(kept.newest())
        if theirs is None:
            abort(422)
        newest = kept.documents[THE_CAMPAIGN].newest
        base = _base(session, newest) or theirs
        form, unknown = _with_braces(request.form, kept)
        typed, both = joined(form, base, theirs)
        said = read(typed, theirs)
        if both:
            return _page(
                session, kept, typed=typed, wrong=dict.fromkeys(both, CHANGED_HERE), theirs=both
            ), Conflict.code
        if said.wrong or unknown:
            return _page(session, kept, typed=typed, wrong={**said.wrong, **unknown}), UnprocessableEntity.code
        try:
            content = _written(kept.newest(), said)
        except KeyError as place:
            wrong = {f"{place.args[0][0]}-en": NOT_HERE}
            return _page(session, kept, typed=typed, wrong=wrong), UnprocessableEntity.code
        files, by = {CAMPAIGN: content}, staff().account
        made = save(session, campaign, THE_CAMPAIGN, files=files, by=by, now=site.now(), over=newest.id)
    if made.id == newest.id:
        flash(_("Nothing was changed."))
    else:
        flash(_("Saved as revision %(number)s. The public won’t see it until you publish.", number=made.number))
    return redirect(url_for("staff.campaign_settings", campaign=campaign), 303)


@manager
def rule(campaign: str) -> Answer:
    """Let one person publish what they wrote, once that was asked twice; or want a second person again."""
    wanted = {"alone": True, "two": False}.get(request.form.get("rule", ""))
    if wanted is None or (wanted and request.form.get("sure") != "yes"):
        abort(422)
    site = services()
    with immediate(site.sessions) as session:
        wait_for_turn(session)
        of_name(session, campaign)
        rules.set_alone(session, campaign, wanted, by=staff().account, now=site.now())
    if wanted:
        flash(_("One person can now write and publish in this campaign. The log shows it."))
    else:
        flash(_("This campaign now needs a second person to publish."))
    return redirect(url_for("staff.campaign_settings", campaign=campaign, _anchor="rule"), 303)


def _base(session: Session, newest: Revision) -> CampaignFile | None:
    """Read the revision that the form was filled in from, the newest where the form names none of this campaign.

    None where it cannot be read: no form was filled in from that.
    """
    named = request.form.get("over", "")
    found = session.get(Revision, int(named)) if named.isascii() and named.isdigit() and len(named) < 10 else None
    if found is None or found.document_id != newest.document_id:
        found = newest
    files = {file.name: file.content for file in found.files}
    return _file(CampaignFolder.of(found.document.campaign.name, files))


def _with_braces(form: Mapping[str, str], kept: Held) -> tuple[dict[str, str], dict[str, Wording]]:
    """Read the source note's labels as the file writes them; say by its field which brackets have none."""
    labels, typed = note_labels(kept.newest()), dict(form)
    unknown: dict[str, Wording] = {}
    for language in Language:
        name = f"{NOTE}-{language}"
        typed[name], wrong = with_braces(typed.get(name, ""), labels, language)
        unknown |= {name: wrong} if wrong else {}
    return typed, unknown


def _with_labels(typed: Mapping[str, str], labels: Labels | None) -> Mapping[str, str]:
    notes = {f"{NOTE}-{language}": language for language in Language}
    return {name: with_labels(text, labels, notes[name]) if name in notes else text for name, text in typed.items()}


def _written(folder: CampaignFolder, said: Read) -> bytes:
    """Write what was changed into the file; KeyError names what has no place of its own in it."""
    return edited(folder.content(CAMPAIGN) or b"", said.changes)


def _file(folder: CampaignFolder) -> CampaignFile | None:
    try:
        return folder.campaign()
    except TomlProblems:
        return None


def _page(
    session: Session,
    kept: Held,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, Wording] | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    language, file, labels = current_language(), _file(kept.newest()), note_labels(kept.newest())
    live = _file(kept.published()) if kept.live else None
    shown: dict[str, Any] = {
        "held": kept,
        "titles": titles_of(session, [one.newest.id for one in kept.documents.values()], language),
        "file": file,
        "season": season(live, day_of(services().now())) if live else None,
        "live_file": live,
        "typed": _with_labels(typed if typed is not None else typed_of(file) if file else {}, labels),
        "labels": {str(each): _facts(labels, each) for each in Language},
        "wrong": {name: [one.spoken(language)] for name, one in (wrong or {}).items()},
        "theirs": _with_labels(theirs or {}, labels),
        "waiting": kept.waiting,
        "notes": campaign_notes(problems_of(kept.newest()), kept.newest(), language),
        "alone": rules.alone(session, kept.name),
    }
    return render_template("staff/campaign.html", **shown)


def _facts(labels: Labels | None, language: Language) -> Sequence[str]:
    """Name what the survey gives, as it is written in the source note."""
    return [shown(one, language) for one in labels.by_name.values() if one.sort is Sort.FACT] if labels else []
