"""The form a citizen fills in: the letter's own fields, whom it goes to, which letter, and what travels hidden."""

import re
from collections.abc import Container, Iterable, Sequence, Sized
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.fields import Field as FormField

from advocacy.campaigns.campaign_files import Length, LetterTemplate
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.language import Language, printable
from advocacy.letters.forms import AnswerForm, Errors, last_typed, missing
from advocacy.messages import Words, message

WHO, WHAT, ABOUT, WORDS = "who", "what", "about", "words"
STEPS = (WHO, WHAT, ABOUT, WORDS)
STEP_OF_KIND = {FieldKind.POSTAL_CODE: WHO, FieldKind.WORDS: WORDS}
STEP_OF_FIELD = {"recipient": WHO, "language": WHO, "template": WHAT, "length": WHAT}
MAX_RECIPIENTS = 10

CHOSEN = ("template", "length", "language", "search", "riding", "recipient")
"""What the form asks besides the letter's own fields."""
CARRIED = ("looked_up", "words_language", "choice", "revisions", "submission", "post")
"""What travels with the form from page to page without being asked."""
OF_ONE_RECIPIENT = re.compile(r"(?:language|post)-[\w.-]{1,100}")
"""Fields that exist once for each recipient."""

NO_RECIPIENT = message("Choose at least one person to write to.")
NO_RIDING = message("Choose your riding.")
TOO_MANY_RECIPIENTS = message("Choose at most %(num)s people.", num=MAX_RECIPIENTS)
UNKNOWN_RECIPIENT = message("You can no longer write here to someone you chose. Choose again.")
UNKNOWN_LETTER = message("This letter is not available. Choose another.")
UNKNOWN_LENGTH = message("Choose a full letter or a short one.")
UNKNOWN_LANGUAGE = message("Choose English or French for the letter.")


class RecipientField(FormField):  # type: ignore[misc]
    """The ids of those the letters go to, each once and in their order."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the ids that were posted."""
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
        """Take what was posted."""
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


class HiddenDeclaration:
    """Declares a hidden field, which a form binds under its name."""

    name = None

    def bind(self, form: object, name: str, **_: object) -> HiddenField:
        """Return the field of one form."""
        return HiddenField(name)


HIDDEN, RECIPIENT = HiddenDeclaration(), RecipientField(default=list)


class LetterForm(AnswerForm):
    """The form as it was filled in for one letter. Nothing stores it: it comes back in every answer.

    `other_fields` are those of the campaign's other letters: what was typed into them is carried along.
    """

    def __init__(
        self, template: LetterTemplate, posted: MultiDict[str, str], *, language: Language, other_fields: Iterable[str]
    ) -> None:
        own = [name for name in posted if OF_ONE_RECIPIENT.fullmatch(name)]
        more: dict[str, Any] = dict.fromkeys((*CHOSEN, *CARRIED, *own, *other_fields), HIDDEN)
        more["recipient"] = RECIPIENT
        # Who was found by name, without a postal code, can be written to all the same: `check` asks for either.
        super().__init__(template, language, needs_postal_code=False, more=more)
        self.process(posted)

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
        return [self[key] for key, field in self.declared.items() if step_of_kind(field) == step]

    @property
    def needed(self) -> frozenset[str]:
        """The fields asked about the citizen at first sight: what a letter needs, and the address for the answer."""
        shown = (one.key for one in self.declared.values() if one.required or one.kind is FieldKind.EMAIL)
        return frozenset(shown)

    def step_of(self, name: str) -> str:
        """Return the step in which a field is asked."""
        if name in self.declared:
            return step_of_kind(self.declared[name])
        return STEP_OF_FIELD.get(name.partition("-")[0], WHO)

    def check(self, letters: Container[str], known: Sized, *, which_riding: bool, by_postal_code: bool = True) -> None:
        """Check the answers, which letter, in which language and to whom.

        `known` are the chosen recipients that exist here; `which_riding` is whether a riding must be chosen first,
        `by_postal_code` whether anybody is found by one.
        """
        self.validate()
        for name in self._fields:
            if name.partition("-")[0] == "language" and self.text(name) not in {"", *Language}:
                self._refuse(name, UNKNOWN_LANGUAGE)
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
        order = [*self.declared, *self._fields]
        names = sorted(self.errors, key=lambda name: (STEPS.index(self.step_of(name)), order.index(name)))
        return [(name, error) for name in names for error in self[name].errors]

    def show_errors(self, shown: Container[str]) -> None:
        """Keep the errors of these fields alone: the others are still to be filled in."""
        for field in self:
            if field.name not in shown:
                field.errors = []

    def hidden(self, shown: Container[str]) -> list[tuple[str, str]]:
        """Return what a page carries in hidden inputs: every field but those it shows itself."""
        carried = [("recipient", one) for one in self.recipient.data if "recipient" not in shown]
        carried += [
            (field.name, field._value())
            for field in self
            if field.name != "recipient" and field.name not in shown and field._value()
        ]
        return carried


def step_of_kind(field: Field) -> str:
    """Return the step in which a letter's field is asked."""
    return STEP_OF_KIND.get(field.kind, ABOUT)
