"""The survey of each campaign: its figures and words corrected by form, and every letter that cites them shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.campaigns.folder import FINDINGS, CampaignFolder
from advocacy.campaigns.library import readable_folder, wait_for_turn
from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.campaigns.toml_editing import edited
from advocacy.database import immediate
from advocacy.findings import read_survey
from advocacy.language import Language, Wording
from advocacy.letters.entry import printable
from advocacy.problems import Place, Problem, complaint
from advocacy.staff import history, revisions
from advocacy.staff.cited import cited
from advocacy.staff.differences import differences
from advocacy.staff.models import Account
from advocacy.toml_source import TomlProblems, parsed
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import staff, writer
from advocacy.web.staff.findings_form import Read, Table, brought_over, read
from advocacy.web.staff.findings_page import errors_placed, laid_out
from advocacy.web.staff.numbers import MOST
from advocacy.web.staff.problems import campaign_notes
from advocacy.web.staff.speaking import speak_when

Answer = Response | str | tuple[str, int]
DOCUMENT = "findings"
MOST_FIELDS = 2000
SAVED = Wording.of(
    en="Revision {number} of the findings is saved. The public won’t see it until a second person publishes it.",
    fr="La révision {number} des constats est enregistrée. Le public n’en verra rien avant qu’une autre "
    "personne la publie.",
)
SAME = Wording.of(
    en="Nothing was changed: no revision was made.", fr="Rien n’a changé\u00a0: aucune révision n’a été faite."
)
MEANWHILE = Wording.of(
    en="Revision {number} was saved in the meantime. What you typed is below; where you changed nothing, you "
    "see what was saved.",
    fr="La révision {number} a été enregistrée entre-temps. Ce que vous avez écrit est ci-dessous; là où vous "
    "n’avez rien changé, vous voyez ce qui a été enregistré.",
)
BOTH = Wording.of(
    en="You both changed these: the saved text is beside yours, and “Save” keeps yours.",
    fr="Ceci a été changé des deux côtés\u00a0: le texte enregistré est à côté du vôtre, et "
    "«\u00a0Enregistrer\u00a0» garde le vôtre.",
)
ALL = Wording.of(
    en="You both changed different things: “Save” keeps both.",
    fr="Vos changements et les autres ne se touchent pas\u00a0: «\u00a0Enregistrer\u00a0» garde le tout.",
)


@dataclass(frozen=True, slots=True)
class Held:
    """The survey as it is to be corrected: its newest revision, the file, and what it says."""

    revision: Revision
    content: bytes
    table: Table
    live: Revision | None
    folder: CampaignFolder

    def with_content(self, content: bytes) -> CampaignFolder:
        """Give the live campaign with this survey."""
        return CampaignFolder.of(self.folder.name, {**dict(self.folder.files), FINDINGS: content})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a correction makes: the new file, what keeps it from being a survey's, and what was saved meanwhile.

    `theirs` gives what somebody else wrote into fields that were changed here too, None where nobody saved anything.
    """

    content: bytes | None = None
    problems: tuple[Problem, ...] = ()
    theirs: Mapping[str, str] | None = None


UNTOUCHED = Shown()


def add_findings(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/survey", endpoint="surveys")(findings)
    routes.get("/campaigns/<campaign>/survey", endpoint="survey")(findings_of)
    routes.post("/campaigns/<campaign>/survey", endpoint="survey_saved")(correct)


@writer
def findings() -> Answer:
    """List the surveys, or lead to the only one."""
    language = current_language()
    with services().sessions() as session:
        which = select(Campaign.name).join(Document, Document.campaign_id == Campaign.id)
        names = session.scalars(which.where(Document.name == DOCUMENT).order_by(Campaign.name)).all()
        if len(names) == 1:
            return redirect(url_for("staff.survey", campaign=names[0]), 303)
        listed = [(name, _title(_held(session, name), language)) for name in names]
    return render_template("staff/findings_list.html", listed=listed)


@writer
def findings_of(campaign: str) -> Answer:
    """Show a survey as a form."""
    with services().sessions() as session:
        held = _held(session, campaign)
        return _page(session, held, {}, said=Read())


@writer
def correct(campaign: str) -> Answer:
    """Show what a correction changes, or save it as a revision."""
    typed, saves = _typed(), request.form.get("go") == "save"
    with immediate(services().sessions) as session:
        if saves:
            wait_for_turn(session)  # before it is read: what is saved is compared with the newest revision
        held = _held(session, campaign)
        typed, theirs = brought_over(_opened(session, held), held.table, typed)
        said = read(held.table, typed)
        content, problems = _content(held, said)
        meanwhile = request.form.get("over") != str(held.revision.id)
        if said.errors or problems or meanwhile or not saves:
            shown = Shown(content, problems, theirs if meanwhile else None)
            return _page(session, held, typed, said=said, shown=shown)
        made = revisions.save(
            session,
            campaign,
            DOCUMENT,
            files={FINDINGS: content},
            by=session.get_one(Account, staff().id),
            now=services().now(),
            over=held.revision.id,
        )
        number, there, same = made.number, made.id, made.id == held.revision.id
    language = current_language()
    flash(SAME.spoken(language) if same else SAVED.spoken(language).format(number=number))
    to = url_for("staff.survey", campaign=campaign) if same else url_for("staff.review", revision=there)
    return redirect(to, 303)


correct.parts_limit = MOST_FIELDS  # type: ignore[attr-defined]


def _held(session: Session, campaign: str) -> Held:
    newest = revisions.newest(session, campaign, DOCUMENT)
    if newest is None:
        abort(404)
    content = revisions.files_of(newest).get(FINDINGS, b"")
    live = revisions.live_revision(session, newest.document_id)
    return Held(newest, content, _table(content), live, readable_folder(session, campaign))


def _opened(session: Session, held: Held) -> Table:
    """Give the survey as it was when the form was opened; as it is, where that is not known."""
    given = request.form.get("over", type=int)
    revision = session.get(Revision, given) if given is not None and 0 < given <= MOST else None
    if revision is None or revision.document_id != held.revision.document_id:
        return held.table
    return _table(revisions.files_of(revision).get(FINDINGS, b""))


def _table(content: bytes) -> Table:
    try:
        table: Table = parsed(content.decode("utf-8"), file=FINDINGS)
    except ValueError:  # no TOML, or no UTF-8
        return {}
    return table


def _typed() -> Mapping[str, str]:
    """Read the form: one line each, checked languages of a translation together."""
    typed: dict[str, str] = {}
    for name in request.form:
        if name.endswith(".translated"):
            typed[name] = " ".join(one for one in request.form.getlist(name) if one)
        else:
            typed[name] = " ".join(printable(request.form[name]).split("\n")).strip(" ")
    return typed


def _content(held: Held, said: Read) -> tuple[bytes, tuple[Problem, ...]]:
    """Give the corrected file, and what keeps it from being a survey's."""
    if said.errors:
        return held.content, ()
    try:
        content = edited(held.content, said.changes)
        read_survey(content.decode("utf-8-sig"), file=held.folder.path(FINDINGS))
    except TomlProblems as wrong:
        return held.content, tuple(wrong.problems)
    except (KeyError, ValueError):
        return held.content, (complaint("file-not-by-form").at(Place(held.folder.path(FINDINGS))),)
    return content, ()


def _page(
    session: Session,
    held: Held,
    typed: Mapping[str, str],
    *,
    said: Read,
    shown: Shown = UNTOUCHED,
) -> Answer:
    language = current_language()
    looked_at = shown.content is not None and not said.errors and not shown.problems
    new = held.with_content(shown.content if shown.content is not None else held.content)
    found = (*shown.problems, *(revisions.problems_of(new) if looked_at else ()))
    form = laid_out(held.table, typed, said.errors, theirs=shown.theirs or {}, language=language)
    page = render_template(
        "staff/findings.html",
        campaign_key=held.folder.name,
        revision=held.revision,
        live=held.live,
        title=_title(held, language),
        form=form,
        errors=errors_placed(form, language),
        problems=campaign_notes(found, new, language),
        meanwhile=_meanwhile(held, shown, language),
        looked_at=looked_at,
        rows=[one for one in differences(held.folder, new, DOCUMENT) if one.changed] if looked_at else [],
        cited=cited(held.folder, new) if looked_at else [],
        entry=history.entries(session, held.revision.document, at_once=1)[0],
        when=lambda moment: speak_when(moment, language),
    )
    is_refused = said.errors or shown.problems or shown.theirs is not None
    return (page, 422) if is_refused else page


def _meanwhile(held: Held, shown: Shown, language: Language) -> str:
    if shown.theirs is None:
        return ""
    return " ".join(
        said.spoken(language).format(number=held.revision.number) for said in (MEANWHILE, BOTH if shown.theirs else ALL)
    )


def _title(held: Held, language: object) -> str:
    titles = held.table.get("title")
    said = titles.get(str(language)) if isinstance(titles, dict) else None
    return said if isinstance(said, str) else held.folder.name
