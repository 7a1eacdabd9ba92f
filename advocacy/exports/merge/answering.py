"""A row's cells become answers as if each had been typed into its field, and no refusal repeats what they hold."""

from collections.abc import Mapping

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.fields import FieldKind, citizen_fields
from advocacy.exports.merge.titles import LEGISLATOR, POSTAL_CODE, RIDING
from advocacy.language import LOCALES, Language, Wording, fold
from advocacy.legislators.postal_codes import EXAMPLE, InvalidPostalCode, read_postal_code
from advocacy.letters.compose import Answers
from advocacy.letters.forms import AnswersRefused, keyed, option_keys, read_answers
from advocacy.messages import Words, message

LANGUAGES = {language.value: language for language in Language} | {
    fold(LOCALES[spoken].languages[language]): language for spoken in Language for language in Language
}

# What a form says to a citizen speaks of “your text”; a sheet is filled in by staff.
EMPTY = message("This cell is empty, and every row needs it.")
TOO_LONG = message("This cell is too long: at most %(most)d characters.")
NO_POSTAL_CODE = message("This is no postal code; write it whole, as in %(example)s.", example=EXAMPLE)
LINK = message("This cell contains a link or an address, such as of a site, a mailbox or a file; remove it.")
# The advice beside a form's field names the code that was perhaps meant, which is nearly what was typed.
MISTYPED = Wording.of(
    en=f"In a postal code, letters and digits alternate, as in {EXAMPLE}; fix the one that does not.",
    fr=f"Dans un code postal, les lettres et les chiffres alternent, comme dans {EXAMPLE}; corrigez celui qui n’est "
    "pas à sa place.",
)


def read_language(cell: str) -> Language | None:
    """Read "fr", "French", "français" or "fr-CA"; None for anything else."""
    return LANGUAGES.get(fold(cell).partition(" ")[0])


class Reader:
    """Reads rows into one letter's fields."""

    def __init__(self, template: LetterTemplate) -> None:
        self._template = template
        self._fields = {field.key: field for field in (*citizen_fields(), *template.fields)}
        self._keys = option_keys(template)

    def read(self, cells: Mapping[str, str], language: Language) -> Answers | Mapping[str, Words]:
        """Return the answers, or the reason against each field that cannot be used."""
        typed = keyed(self.typed(cells), self._keys)
        located = any(cells.get(key, "").strip() for key in (LEGISLATOR, RIDING))
        needed = not located and POSTAL_CODE in cells
        try:
            return read_answers(typed, self._template, language=language, needs_postal_code=needed)
        except AnswersRefused as refused:
            return {key: self._reason(key, typed.get(key, ""), said) for key, said in refused.reasons.items()}

    def typed(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return the cells that answer the letter's fields."""
        return {key: cell for key, cell in cells.items() if key in self._fields}

    def _reason(self, key: str, cell: str, said: Words) -> Words:
        """Return what to do about a cell, in words for whoever fills in the sheet; `said` is what a form says."""
        field = self._fields[key]
        if not cell.strip():
            return EMPTY
        if field.kind is FieldKind.POSTAL_CODE:
            return MISTYPED if _is_near(cell) else NO_POSTAL_CODE
        if len(cell) > field.max_characters:
            return TOO_LONG.with_params(most=field.max_characters)
        return LINK if field.kind in {FieldKind.LINE, FieldKind.WORDS} else said


def _is_near(typed: str) -> bool:
    try:
        read_postal_code(typed)
    except InvalidPostalCode as refused:
        return refused.suggestion is not None
    return False
