"""The sentences that all letters of a campaign share: why somebody writes to a reader, how to answer, what is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField

from advocacy.campaigns.campaign_folder import SENTENCES, CampaignFolder
from advocacy.campaigns.editor.labels import BRACKETS, SHARED_LABELS
from advocacy.campaigns.letter_text import find_faults
from advocacy.campaigns.only_for import OnlyFor
from advocacy.campaigns.sentences_file import MAX_SHARED_WORDINGS, SHARED, SHARED_BLANKS
from advocacy.campaigns.terms import describe_only_for
from advocacy.language import SIDE_BY_SIDE, Language
from advocacy.staff.models import Role
from advocacy.web.locale import current_language
from advocacy.web.staff.access import bp, requires
from advocacy.web.staff.campaign_documents import DocumentForm, Values, edit_document, large_form
from advocacy.web.staff.forms import OnlyForForm, check_lines, lines_of, text, text_of_lines


class SharedForm(OnlyForForm):
    """One sentence in its wordings, and whom it is for: everybody, where nothing is chosen."""

    wordings = text(
        _l("Ways to say it, one a line"),
        required=True,
        lines=6,
        max_length=4000,
        hint=_l("Letters to one office take them in turn."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each box, and that both languages have as many wordings, and not too many."""
        valid = super().validate(extra_validators)
        check_lines(self.wordings)
        for language in Language:
            typed = self.wordings.form[language.value].data or ""
            unknown = [one for one in BRACKETS.findall(typed) if SHARED_LABELS.find(one, language) is None]
            if unknown:
                self.wordings.refuse(_("There is nothing called “%(name)s”.", name=unknown[0]), language)
            for line in filter(str.strip, SHARED_LABELS.read(typed, language).splitlines()):
                for fault in find_faults(line, SHARED_BLANKS):
                    self.wordings.refuse(fault.complaint.message.in_language(current_language()), language)
        if not self.wordings.errors and len(lines_of(self.wordings)) > MAX_SHARED_WORDINGS:
            self.wordings.refuse(_("Write at most %(most)s lines.", most=MAX_SHARED_WORDINGS), current_language())
        return bool(valid) and not self.errors

    @property
    def whom(self) -> str:
        """Whom it is for, in words."""
        if not self.only_for:
            return str(_("For everybody else"))
        return describe_only_for(OnlyFor.model_validate(self.only_for), ()).in_language(current_language())


class SentencesForm(DocumentForm):
    """The shared sentences; of each kind a letter takes the first one of the list that fits its reader."""

    FILE = SENTENCES
    why_you = FieldList(FormField(SharedForm, ""), _l("Why I write to you"), max_entries=40)
    act = FieldList(FormField(SharedForm, ""), _l("What I ask of you"), max_entries=80)
    reply = FieldList(FormField(SharedForm, ""), _l("How to answer me"), max_entries=10)

    @classmethod
    def form_data(cls, raw: Values, _folder: CampaignFolder) -> Values:
        return {name: [_row(entry) for entry in raw.get(name, ())] for name in SHARED}

    def file_values(self) -> Values:
        return {name: [_entry(row.form) for row in self[name]] or None for name in SHARED}


def _row(entry: Mapping[str, Any]) -> Values:
    only_for: Mapping[str, Sequence[str]] = entry.get("only_for", {})
    portfolios = OnlyForForm.SEPARATOR.join(only_for.get("portfolios", ()))
    shown = [{one: SHARED_LABELS.show(words[one], Language(one)) for one in words} for words in entry["wording"]]
    return {**only_for, "portfolios": portfolios, "wordings": text_of_lines(shown)}


def _entry(form: SharedForm) -> Values:
    lines = lines_of(form.wordings)
    wordings = [
        {language.value: SHARED_LABELS.read(line[language], language) for language in Language} for line in lines
    ]
    return {**({"only_for": form.only_for} if form.only_for else {}), "wording": wordings}


@bp.route("/campaigns/<campaign>/settings/sentences", methods=["GET", "POST"])
@large_form
@requires(Role.WRITER)
def campaign_sentences(campaign: str) -> ResponseReturnValue:
    chips = {
        one: [SHARED_LABELS.by_name[name].in_brackets(one) for name in sorted(SHARED_BLANKS)] for one in SIDE_BY_SIDE
    }
    return edit_document(campaign, SentencesForm, "staff/settings/sentences.html", chips=chips)
