"""One request of a citizen's: the form that was filled in, and all that the letters made of it depend on."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Any

from flask import abort, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Gone, NotFound
from wtforms.fields import Field as FormField

from advocacy.campaigns.campaign_files import FIRST_SUBJECT, QUOTED_FIELDS, Length, Offer, Season
from advocacy.campaigns.fields import Field, FieldKind, split_keys
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.letter_text import Choice
from advocacy.campaigns.models import Availability
from advocacy.campaigns.open_campaigns import OpenCampaign, read_pins, write_pins
from advocacy.exports.format import ExportOptions, Post
from advocacy.language import Language, day_of, printable
from advocacy.legislators.directory_snapshot import Audience, DirectorySnapshot
from advocacy.legislators.models import Legislator, sits_for_riding, to_recipient
from advocacy.legislators.postal_codes import Candidates, InvalidPostalCode, candidates, read_postal_code
from advocacy.legislators.recipient import Recipient
from advocacy.letters.choices import Choices, choices_sent
from advocacy.letters.compose import Answers, compose, reader_of
from advocacy.letters.follow_ups import FollowedLetter, FollowLink, find_followed
from advocacy.letters.forms import AnswerForm, Errors, join_ticked, last_typed, missing
from advocacy.letters.letter import Letter
from advocacy.letters.models import RidingMatch
from advocacy.letters.sentence_wordings import Wordings
from advocacy.letters.verification_codes import riding_match
from advocacy.messages import Message, Words, message
from advocacy.offices.office_settings import paused_offices
from advocacy.web.public import bp
from advocacy.web.public.after_sending import gone
from advocacy.web.public.sheet import blank, nobody_yet
from advocacy.web.services import current_campaign, services

WHO, WHAT, ABOUT, WORDS = "who", "what", "about", "words"
STEPS = (WHO, WHAT, ABOUT, WORDS)
STEP_OF_KIND = {FieldKind.POSTAL_CODE: WHO, FieldKind.WORDS: WORDS, FieldKind.STATEMENTS: WORDS}
STEP_OF_FIELD = {"recipient": WHO, "language": WHO, "template": WHAT, "length": WHAT}
MAX_RECIPIENTS = 10

CHOSEN = ("template", "length", "language", "search", "riding", "recipient")
"""What the form asks besides the letter's own fields."""
HIDDEN_FIELDS = ("looked_up", "words_language", "choice", "revisions", "submission", "post", "follows")
"""What travels with the form from page to page without being asked."""
OF_ONE_RECIPIENT = re.compile(r"(?:language|post)-[\w.-]{1,100}")
"""Fields that exist once for each recipient."""

PUBLIC_ONCE_CLOSED = frozenset({"public.campaign", "public.campaign_logo", "public.campaign_picture"})
"""What remains of a campaign after its last day."""
PINNED_FOR = timedelta(hours=24)
"""How long a form may be finished with letters that have been replaced since it was opened."""

NO_RECIPIENT = message("Choose at least one person to write to.")
NO_RIDING = message("Choose your riding.")
TOO_MANY_RECIPIENTS = message("Choose at most %(num)s people.", num=MAX_RECIPIENTS)
UNKNOWN_RECIPIENT = message("Someone you chose is no longer offered here. Choose again.")
UNKNOWN_LETTER = message("This letter is not available. Choose another.")
UNKNOWN_LENGTH = message("Choose a full letter or a short one.")
UNKNOWN_LANGUAGE = message("Choose English or French for the letter.")


@bp.before_request
def answer_out_of_season() -> ResponseReturnValue | None:
    """Answer for every page of a campaign that has not opened yet, has closed, or is offline, as one letter may be."""
    campaign = current_campaign()
    if campaign is None:
        return None
    named = request.values.get("template", "").removeprefix(f"{campaign.name}/")
    letter = campaign.letters_offline.get(named)
    if letter or not campaign.is_online:
        archived = Availability.ARCHIVED in {letter, campaign.availability}
        page = render_template("public/offline.html", is_letter=campaign.is_online, is_archived=archived)
        return page, Gone.code if archived else NotFound.code
    when = campaign.file.season_on(day_of(services().now()))
    if when is Season.NOT_YET:
        return render_template("public/not_open.html"), NotFound.code
    if when is Season.CLOSED and request.endpoint not in PUBLIC_ONCE_CLOSED:
        return render_template("public/closed.html"), Gone.code
    return None


class RecipientField(FormField):  # type: ignore[misc]
    """The ids of those the letters go to, each once and in their order."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(dict.fromkeys(text for text in map(printable, valuelist) if text))


class HiddenField:
    """A text that is compared, never read: it stays as it came.

    More than half of a form's fields are hidden. To WTForms they are fields like others, but they do without what it
    prepares to show one (a label, a widget, flags), which took a twentieth of a submit.
    """

    def __init__(self, name: str) -> None:
        self.name = self.short_name = self.id = name
        self.data = self.typed = ""
        self.raw_data: list[str] = []
        self.errors: Sequence[Words] = ()
        self.process_errors: Sequence[Words] = ()

    def process(self, formdata: MultiDict[str, str], *_: object, **__: object) -> None:
        self.raw_data = formdata.getlist(self.name) if formdata else []
        self.data = self.typed = last_typed(self.raw_data)

    def post_process(self, formdata: object = None) -> None:
        """Do nothing: the text depends on no other field."""

    def validate(self, form: object, extra_validators: object = ()) -> bool:
        """Accept the text: the form itself checks those that must be one of several."""
        self.errors = ()
        return True

    def _value(self) -> str:
        return self.data


class HiddenStatements(HiddenField):
    """The statements ticked for another letter, whose page posted each by itself."""

    def process(self, formdata: MultiDict[str, str], *_: object, **__: object) -> None:
        self.raw_data = formdata.getlist(self.name) if formdata else []
        self.data = self.typed = join_ticked(self.raw_data)


class HiddenDeclaration:
    """Declares a hidden field, which a form binds under its name."""

    name = None

    def __init__(self, field: type[HiddenField]) -> None:
        self.field = field

    def bind(self, form: object, name: str, **_: object) -> HiddenField:
        return self.field(name)


HIDDEN, HIDDEN_STATEMENTS = HiddenDeclaration(HiddenField), HiddenDeclaration(HiddenStatements)
RECIPIENT = RecipientField(default=list)


class LetterForm(AnswerForm):
    """The form as it was filled in for one letter. Nothing stores it: it comes back in every answer.

    `other_fields` are those of the campaign's other letters: what was typed into them is carried along. Where the
    letter `follows` another, whom it goes to and what it quotes are not asked.
    """

    def __init__(
        self,
        template: LetterTemplate,
        posted: MultiDict[str, str],
        *,
        language: Language,
        other_fields: Iterable[Field],
        follows: bool = False,
    ) -> None:
        self.steps = (ABOUT, WORDS) if follows else STEPS
        self._quoted: frozenset[str] = frozenset(QUOTED_FIELDS) if follows else frozenset()
        own = [name for name in posted if OF_ONE_RECIPIENT.fullmatch(name)]
        more: dict[str, Any] = dict.fromkeys((*CHOSEN, *HIDDEN_FIELDS, *own), HIDDEN)
        more |= {one.key: HIDDEN_STATEMENTS if one.statements else HIDDEN for one in other_fields}
        more["recipient"] = RECIPIENT
        # Who was found by name, without a postal code, can be written to all the same: `check` asks for either.
        super().__init__(template, language, needs_postal_code=False, more=more)
        self.process(_without_unknown_statements(posted, template))

    def text(self, name: str) -> str:
        """Return what a field holds, "" for one that nobody posted."""
        return str(self[name].data) if name in self else ""

    def letter_language(self, recipient: str) -> Language:
        """Return the language of one recipient's letter: its own, that of all, or the page's."""
        asked = (self.text(f"language-{recipient}"), self.text("language"), self.reader_language)
        return next(Language(one) for one in asked if one in set(Language))

    @property
    def words_language(self) -> Language:
        """The language in which the citizen's own words were typed."""
        code = self.text("words_language")
        return Language(code) if code in set(Language) else self.reader_language

    def fields_of(self, step: str) -> list[FormField]:
        """Return the fields of the letter that a step asks for."""
        return [self[key] for key in self.declared if key not in self._quoted and self.step_of(key) == step]

    @property
    def needed(self) -> frozenset[str]:
        """The fields asked about the citizen at first sight: what a letter needs, and the address for the answer."""
        shown = (one.key for one in self.declared.values() if one.required or one.kind is FieldKind.EMAIL)
        return frozenset(shown)

    @property
    def unused_statements(self) -> list[str]:
        """The fields whose statements were ticked and are not used, as own words were written."""
        if not any(one.data for one in self.fields_of(WORDS) if not self.declared[one.name].statements):
            return []
        return [key for key, one in self.declared.items() if one.statements and self[key].data]

    def step_of(self, name: str) -> str:
        """Return the step in which a field is asked."""
        if name in self.declared:
            step = STEP_OF_KIND.get(self.declared[name].kind, ABOUT)
        else:
            step = STEP_OF_FIELD.get(name.partition("-")[0], WHO)
        return step if step in self.steps else ABOUT

    def check(self, letters: Container[str], known: Sized, *, which_riding: bool, by_postal_code: bool = True) -> None:
        """Check the answers, which letter, in which language and to whom.

        `known` are the chosen recipients that exist here; `which_riding` is whether a riding must be chosen first,
        `by_postal_code` whether anybody is found by one.
        """
        self.validate()
        for one in self:
            if one.name.partition("-")[0] == "language" and self.text(one.name) not in {"", *Language}:
                self._refuse(one.name, UNKNOWN_LANGUAGE)
        if self.text("length") not in {"", *Length}:
            self._refuse("length", UNKNOWN_LENGTH)
        if self.text("template") and self.text("template") not in letters:
            self._refuse("template", UNKNOWN_LETTER)
        self._check_recipients(known, which_riding=which_riding, by_postal_code=by_postal_code)
        self.all_errors: Errors = dict(self.errors)

    def _check_recipients(self, known: Sized, *, which_riding: bool, by_postal_code: bool) -> None:
        if len(known) < len(self.recipient.data):
            self._refuse("recipient", UNKNOWN_RECIPIENT)
        elif len(known) > MAX_RECIPIENTS:
            self._refuse("recipient", TOO_MANY_RECIPIENTS)
        elif by_postal_code and not known and not self.postal_code.data and not self.riding.data:
            self._refuse("postal_code", missing(self.declared["postal_code"]))
        elif not known and not self.postal_code.errors:
            self._refuse("recipient", NO_RIDING if which_riding else NO_RECIPIENT)

    def _refuse(self, name: str, error: Words) -> None:
        self[name].errors = [*self[name].errors, error]

    @property
    def forged(self) -> frozenset[str]:
        """The fields with an error that no press of a button of ours leads to: it is shown whatever was pressed."""
        forged = (UNKNOWN_LANGUAGE, UNKNOWN_LENGTH, UNKNOWN_LETTER, UNKNOWN_RECIPIENT)
        return frozenset(name for name, errors in self.all_errors.items() if any(one in forged for one in errors))

    @property
    def missing(self) -> frozenset[str]:
        """The fields that cannot be used because they are empty."""
        return frozenset(name for name in self.all_errors if not self[name].raw_data or not any(self[name].raw_data))

    def wrong_in(self, step: str) -> list[str]:
        """Return the fields of one step that cannot be used as they are."""
        return [name for name in self.all_errors if self.step_of(name) == step]

    def errors_in_order(self) -> list[tuple[str, Words]]:
        """Return the errors that are shown in the order of the page, each with the id of its field."""
        order = [*self.declared, *(one.name for one in self)]
        names = sorted(self.errors, key=lambda name: (STEPS.index(self.step_of(name)), order.index(name)))
        return [(name, error) for name in names for error in self[name].errors]

    def show_errors(self, shown: Container[str]) -> None:
        """Keep the errors of these fields alone: the others are still to be filled in."""
        for one in self:
            if one.name not in shown:
                one.errors = []

    def hidden(self, shown: Container[str]) -> list[tuple[str, str]]:
        """Return what a page carries in hidden inputs: every field but those it shows itself."""
        carried = [("recipient", one) for one in self.recipient.data if "recipient" not in shown]
        carried += [
            (one.name, one._value())
            for one in self
            if one.name != "recipient" and one.name not in shown and one._value()
        ]
        return carried


def _without_unknown_statements(posted: MultiDict[str, str], template: LetterTemplate) -> MultiDict[str, str]:
    """Return what was posted without statements that the letter does not offer: no box of the page shows them.

    They were checked for another letter, or were offered when the form was opened.
    """
    for own in template.fields:
        if own.statements and own.key in posted:
            offered = {one.key for one in own.offered}
            posted = MultiDict(posted)
            posted.setlist(own.key, [key for key in split_keys(posted.getlist(own.key)) if key in offered])
    return posted


@dataclass(frozen=True, slots=True)
class ComposedLetter:
    """A letter as composed on `today`; `riding_match` is what its office is told of the postal code."""

    row: Legislator
    recipient: Recipient
    language: Language
    template: LetterTemplate
    letter: Letter
    choice: Choice
    today: date
    wordings: Wordings
    riding_match: RidingMatch | None

    @property
    def counted_wordings(self) -> Wordings:
        """The wordings of the letter's sentences without the sensitive ones, which are counted nowhere."""
        ones = (one for offered in self.template.statements[self.language].values() for one in offered.values())
        sensitive = {one.fingerprint for one in ones if one.is_sensitive}
        return {statement: wording for statement, wording in self.wordings.items() if statement not in sensitive}


@dataclass(frozen=True, slots=True)
class Location:
    """Where the citizen lives: the ridings it may be, or why that cannot be known."""

    ridings: tuple[str, ...] = ()
    candidates: Candidates | None = None
    refusal: Message | None = None


@dataclass
class LetterRequest:
    """What was typed, checked, with the campaign, the directory and the day it is read by.

    `before` is the campaign as the form was last shown, where what the letter says of the survey was corrected since.
    `has_moved` tells that the postal code or riding is new. `follows` is the letter that this one follows.
    `paused_offices` are those that take no e-mail, each until a day.
    """

    campaign: OpenCampaign
    directory: DirectorySnapshot
    language: Language
    today: date
    template: LetterTemplate
    form: LetterForm
    choices: Choices
    has_moved: bool = False
    before: OpenCampaign | None = None
    follows: FollowedLetter | None = None
    paused_offices: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    location: Location = field(default=Location(), init=False)
    _composed: list[ComposedLetter] | None = field(default=None, init=False)

    @classmethod
    def read(cls, language: Language) -> "LetterRequest":
        """Read the form of this request, or what the address names; 404 where there is no such campaign."""
        live, site = current_campaign(), services()
        if live is None:
            abort(404)
        now = site.now()
        posted: MultiDict[str, str] = request.form
        if request.method != "POST":  # an address may name the letter and the recipient, nothing of the citizen
            named = {"template": request.args.get("template", ""), "recipient": request.args.get("to", "")}
            posted = MultiDict({name: value for name, value in named.items() if value})
        campaign, before = pinned_campaign(live, posted.get("revisions", ""), now)
        follows = _read_followed(posted.get("follows", ""), live.name)
        letter_request = cls.of(
            campaign,
            site.directory.current(now),
            posted,
            language=language,
            today=day_of(now),
            key=current_app.secret_key or "",
            follows=follows,
        )
        letter_request.paused_offices = paused_offices(g.session, now=now)
        if before is not None:
            letter = before.letters.get(letter_request.template_name)
            letter_request.before = before if letter and corrects(letter, letter_request.template) else None
        return letter_request

    @classmethod
    def of(
        cls,
        campaign: OpenCampaign,
        directory: DirectorySnapshot,
        posted: MultiDict[str, str],
        *,
        language: Language,
        today: date,
        key: str | bytes,
        follows: FollowedLetter | None = None,
    ) -> "LetterRequest":
        """Read a posted form; 404 where the campaign has no letter to offer."""
        if not letters_offered(campaign, today):
            abort(404)
        if follows is None:
            template = _chosen_letter(campaign, posted, today)
        else:
            template = _letter_that_follows(campaign, follows, today)
            posted = _as_of_followed(posted, follows, template)
        mine = {own.key for own in template.fields}
        other_fields = [own for letter in campaign.letters.values() for own in letter.fields if own.key not in mine]
        form = LetterForm(template, posted, language=language, other_fields=other_fields, follows=follows is not None)
        choices = Choices.read(form.text("choice"), key, _times_sent)
        letter_request = cls(campaign, directory, language, today, template, form, choices, follows=follows)
        letter_request.follow_location()
        if follows is not None:  # whoever has moved writes to the same office all the same
            form.recipient.data = [follows.legislator_id]
        letter_request.check()
        return letter_request

    def follow_location(self) -> None:
        """Follow a postal code or riding that is new: its only member is chosen, the members of the former one are not.

        What was looked up last travels with the form, so that member and province are filled in once for each place.
        """
        form = self.form
        code = form.postal_code.data.upper()
        code_before, riding_before, province_before = f"{form.looked_up.data}||".split("|")[:3]
        if form.riding.data == riding_before and code not in {code_before, ""}:
            form.riding.data = ""  # named for the postal code before this one
        elif self.directory.is_riding(form.riding.data) and form.postal_code.process_errors:
            form.postal_code.clear()  # a riding was named in place of a postal code that cannot be read
            code = ""
        self.location = locate(self.directory, code, form.riding.data)
        self.has_moved = (code, form.riding.data) != (code_before, riding_before)
        if self.has_moved:
            before = locate(self.directory, code_before, riding_before)
            members = [row.id for row in self.own_members]
            former = {row.id for row in self.directory.members_for(before.ridings)}
            others = [one for one in form.recipient.data if one not in former or one in members]
            form.recipient.data = list(dict.fromkeys([*(members if len(self.location.ridings) == 1 else ()), *others]))
        province = self.provinces[0] if len(self.provinces) == 1 else ""
        if form.looked_up.data and (self.has_moved or province != province_before):
            self.fill_province(anew=True, before=province_before)
        form.looked_up.data = f"{code}|{form.riding.data}|{province}".rstrip("|")

    def fill_province(self, *, anew: bool, before: str = "") -> None:
        """Fill in the province of the ridings found where none is chosen, or `anew` where the chosen one is not theirs.

        While no riding is found, the province of the place `before` goes, and one chosen by hand stays.
        """
        field, found = self.form.province, self.provinces
        if not field.data or (anew and (field.data not in found if found else field.data == before)):
            field.clear()
            field.typed = field.data = found[0] if len(found) == 1 else ""

    def check(self) -> None:
        """Check the whole form; `form.errors` is all that keeps it from being letters."""
        undecided = len(self.location.ridings) > 1
        followed = self.follows.offer if self.follows else None
        offers = {one for one in Offer if one.is_on_form} | {followed}
        letters = {name for name, one in self.campaign.letters.items() if one.letter.offer in offers}
        letters |= {f"{self.campaign.name}/{name}" for name in letters}
        self.form.check(letters, self.recipients, which_riding=undecided, by_postal_code=self.takes_postal_code)

    @property
    def audience(self) -> Audience:
        return self.campaign.file.audience(self.campaign.name)

    @property
    def takes_postal_code(self) -> bool:
        """Whether a postal code finds anybody the campaign writes to."""
        own = self.directory.own_list(self.campaign.name) if self.audience.own_list else ()
        return self.audience.uses_directory or any(row.riding_code for row in own)

    def writes_to(self, row: Legislator) -> bool:
        """Whether this citizen's letters can go to someone."""
        return self.audience.includes(row, self.location.ridings)

    @property
    def template_name(self) -> str:
        """The name of the letter that is chosen."""
        return next(name for name, template in self.campaign.letters.items() if template is self.template)

    @property
    def own_members(self) -> list[Legislator]:
        """The members, or vacant seats, of the ridings the citizen may live in."""
        rows = self.directory.members_for(self.location.ridings)
        own = [row for row in self.directory.own_list(self.campaign.name) if row.riding_code in self.location.ridings]
        return [row for row in (*rows, *own) if self.writes_to(row)]

    @property
    def provinces(self) -> list[str]:
        """The provinces the citizen may live in, as far as their ridings tell: never by a postal code's letter."""
        rows = self.directory.members_for(self.own_ridings or self.location.ridings)
        return list(dict.fromkeys(row.province for row in rows if row.province))

    @property
    def recipients(self) -> list[Legislator]:
        """Whom the letters go to, the citizen's own member first; ids that nobody has here are passed over."""
        rows = (self.directory.row(one) for one in self.form.recipient.data)
        known = [row for row in rows if row and self.writes_to(row)]
        ridings = self.location.ridings
        return sorted(known, key=lambda row: not (sits_for_riding(row) and row.riding_code in ridings))

    @property
    def own_ridings(self) -> frozenset[str]:
        """The riding the citizen is a constituent of, as far as it is known.

        Of several that a postal code may lie in, it is that of the first member chosen among theirs.
        """
        ridings = self.location.ridings
        if len(ridings) < 2:
            return frozenset(ridings)
        own = (row.riding_code for row in self.recipients if sits_for_riding(row))
        return frozenset(islice((code for code in own if code in ridings), 1))

    @property
    def answers(self) -> Answers | None:
        """The answers, None while one of them cannot be used."""
        if self.form.invalid:
            return None
        return self.form.answers(self.form.words_language).of_ridings(self.own_ridings)

    def answers_so_far(self, language: Language) -> Answers:
        """Return what can be used of the answers, with blanks in a letter's language for the rest.

        Where statements are ticked, they stand where own words would.
        """
        blanks = {name: blank(name, language) for name in ("name", "city")}
        if not any(self.form.text(field.key) for field in self.template.fields if field.statements):
            blanks |= dict.fromkeys(self.template.typed_fields, blank("words", language))
        return self.form.answers(self.form.words_language, blanks).of_ridings(self.own_ridings)

    def compose(self) -> list[ComposedLetter]:
        """Compose every letter, once for one request; none while an answer cannot be used."""
        if self._composed is not None:
            return self._composed
        self._composed = []
        answers, template = self.answers, self.template
        if answers is None:
            return self._composed
        for row in self.recipients[:MAX_RECIPIENTS]:
            recipient, language = to_recipient(row), self.form.letter_language(row.id)
            reader = reader_of(template, answers, recipient, today=self.today)
            choice = self.choices.of(template, reader, recipient=row.id, language=language)
            wordings = self.choices.wordings_of(
                template, reader, recipient=row.id, language=language, fields=answers.fields
            )
            letter = compose(
                template, answers, recipient, language=language, today=self.today, choice=choice, wordings=wordings
            )
            match = riding_match(answers.postal_code, recipient)
            self._composed.append(
                ComposedLetter(row, recipient, language, template, letter, choice, self.today, wordings, match)
            )
        return self._composed

    def preview(self) -> list[Letter]:
        """Return every letter as far as it goes; one to nobody in particular while nobody is chosen."""
        return [self.preview_of(self.template, row) for row in self.recipients[:MAX_RECIPIENTS] or (None,)]

    def preview_of(self, template: LetterTemplate, row: Legislator | None) -> Letter:
        """Return one letter as far as it goes, by any template of the campaign's."""
        language = self.form.letter_language(row.id if row else "")
        answers = self.answers_so_far(language)
        recipient = to_recipient(row) if row else nobody_yet(language)
        if row is None:
            answers = answers.of_ridings(frozenset({""}))
        reader = reader_of(template, answers, recipient, today=self.today)
        choice = self.choices.of(template, reader, recipient=recipient.id, language=language)
        wordings = self.choices.wordings_of(
            template, reader, recipient=recipient.id, language=language, fields=answers.fields
        )
        return compose(
            template, answers, recipient, language=language, today=self.today, choice=choice, wordings=wordings
        )

    def export_options(self) -> ExportOptions:
        """Return how the file of the letters is to be made."""
        asked = self.form.text("post")
        post = Post(asked) if asked in set(Post) else Post.SHEET
        return ExportOptions(self.today, post, test_recipient=services().settings.test_recipient)

    def hidden(self, shown: Container[str] = ()) -> list[tuple[str, str]]:
        """Return what a page carries in hidden inputs: the fields it does not show, and what the letters are made of.

        `submission` is carried by the pages that send, since other answers are another submission.
        """
        ours = {
            "words_language": self.form.words_language.value,
            "revisions": write_pins(self.campaign.revisions),
            "choice": self.choices.signed(),
        }
        carried = [pair for pair in self.form.hidden(shown) if pair[0] not in {*ours, "submission"}]
        return [*carried, *((name, value) for name, value in ours.items() if name not in shown)]

    def error_summary(self) -> list[tuple[str, str]]:
        """Return the errors that are shown, each with the id of its field, in the reader's language."""
        return [(name, error.in_language(self.language)) for name, error in self.form.errors_in_order()]


def letters_offered(campaign: OpenCampaign, today: date) -> Sequence[tuple[str, LetterTemplate]]:
    """Return the full letters to choose among with their names, in their order; the short ones where there are none."""
    return campaign.offered_letters(today, Length.FULL) or campaign.offered_letters(today, Length.SHORT)


def short_letter(campaign: OpenCampaign, today: date) -> LetterTemplate | None:
    """Return the letter for those who want a short one, None where there is none besides the full letters."""
    full, short = (campaign.offered_letters(today, length) for length in (Length.FULL, Length.SHORT))
    return short[0][1] if full and short else None


def locate(directory: DirectorySnapshot, postal_code: str, riding: str) -> Location:
    """Find the citizen's ridings: the one they named, else those of the postal code."""
    if directory.is_riding(riding):
        return Location((riding,))
    if not postal_code:
        return Location()
    try:
        found = candidates(read_postal_code(postal_code))
    except InvalidPostalCode as refused:
        return Location(refusal=refused.message)
    return Location(found.riding_codes, found)


def pinned_campaign(live: OpenCampaign, carried: str, now: datetime) -> tuple[OpenCampaign, OpenCampaign | None]:
    """Return the campaign of a form that carried these revisions, today's where it carried none that count.

    A form keeps the letters it was opened with for a day, whatever is published meanwhile, but a corrected figure
    counts: with it comes the campaign as it was last shown.
    """
    wanted = read_pins(carried)
    if not wanted or wanted == frozenset(live.revisions.values()):
        return live, None
    opened = services().opened
    earlier = opened.earlier(g.session, live, wanted, since=now - PINNED_FOR)
    if earlier and not letters_offered(earlier, day_of(now)):
        return live, None
    if earlier is None or live.revisions.get("findings") in {None, *wanted}:
        return earlier or live, None
    return earlier, opened.at_revisions(g.session, live.name, wanted)


def corrects(before: LetterTemplate, after: LetterTemplate) -> bool:
    """Whether anything of the survey that a letter says is said otherwise than before."""
    cited = {f"finding.{key}" for key in after.letter.findings}
    return any(
        before.notes[language] != after.notes[language]
        or any(
            before.constants[language].get(name) != text
            for name, text in after.constants[language].items()
            if name in cited or name.startswith("survey.")
        )
        for language in Language
    )


def _chosen_letter(campaign: OpenCampaign, posted: Mapping[str, str], today: date) -> LetterTemplate:
    """Return the short letter, the one named, or the first while none is.

    A letter that is offered while a stage is known can still be written when it no longer is.
    """
    short = short_letter(campaign, today)
    if posted.get("length") == Length.SHORT and short:
        return short
    letters = campaign.letters_at(campaign.file.stage_on(today))
    named = letters.get(posted.get("template", "").removeprefix(f"{campaign.name}/"))
    return named if named and named.letter.offer.is_on_form else letters_offered(campaign, today)[0][1]


def _read_followed(signed: str, campaign: str) -> FollowedLetter | None:
    """Return the letter that a form follows, None for a form that follows none; 410 once that letter is erased."""
    link = FollowLink.read(current_app.secret_key or "", signed) if signed else None
    if link is None:
        return None
    followed = find_followed(g.session, link)
    if followed is None or followed.campaign != campaign:
        abort(make_response(gone(receipt=True)))
    return followed


def _letter_that_follows(campaign: OpenCampaign, follows: FollowedLetter, today: date) -> LetterTemplate:
    found = campaign.letter_offered_as(follows.offer, today)
    if found is None:
        abort(404)
    return found[1]


def _as_of_followed(
    posted: MultiDict[str, str], follows: FollowedLetter, template: LetterTemplate
) -> MultiDict[str, str]:
    """Return a posted form with what the letter has from the one that it follows, whatever came."""
    subject = template.field(FIRST_SUBJECT)
    facts = {
        **follows.quotes(subject.max_characters if subject else 0),
        "template": template.path.rpartition("/")[2],
        "recipient": follows.legislator_id,
        "language": follows.letter.language.value,
    }
    kept = [(name, text) for name, text in posted.items(multi=True) if name not in facts]
    return MultiDict([*kept, *facts.items()])


def _times_sent(recipient: str, text: str) -> Mapping[Choice, int]:
    """Return how often an office was sent each choice of a text; nobody in particular was sent none."""
    if not recipient:
        return {}
    return choices_sent(g.session, recipient, text)
