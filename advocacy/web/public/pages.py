"""What each page of the form is given to show, under the names its template knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from advocacy.campaigns import pins
from advocacy.campaigns.campaign import LetterTemplate
from advocacy.findings import Finding
from advocacy.language import Language, Wording
from advocacy.web.public import composing, sending
from advocacy.web.public.draft import RECIPIENT, read_language
from advocacy.web.public.editing import editions, remade, summary_of
from advocacy.web.public.forms import WriteForm
from advocacy.web.public.reading import Problem, by_field, summary
from advocacy.web.public.recipients import Found, find
from advocacy.web.public.review import ReviewedLetter
from advocacy.web.public.sitting import Sitting

Given = dict[str, Any]
MAX_CARDS = 5
"""Letters that a citizen chooses among at first sight."""


@dataclass(frozen=True, slots=True)
class Card:
    """A letter one can choose: its ask in one sentence and the figures behind it."""

    name: str
    title: str
    ask: str
    figures: tuple[str, ...]
    selected: bool


def write(sitting: Sitting, problems: Sequence[Problem] = (), *, fresh: bool = False) -> Given:
    """The form with everything typed so far; `fresh` when nothing was."""
    desk, draft = sitting.desk, sitting.draft
    form = WriteForm(sitting.form.template, draft, by_field(problems), language=desk.language)
    shown = recipients(sitting)
    wrong = {name: [one.spoken(desk.language) for one in said] for name, said in by_field(problems).items()}
    return {
        **shown,
        **previews(sitting),
        "form": form,
        **_letters(sitting),
        "errors": summary(problems, desk.language),
        "wrong": wrong,
        "told": any(one.field in sitting.form.unsafe for one in problems),
        "hidden": _hidden(sitting, form, shown["found"]),
        "search": draft.text("search"),
        "fresh": fresh,
    }


def _letters(sitting: Sitting) -> Given:
    """The letters to choose among, those at first sight and the others, and whether the short one is chosen."""
    desk, form = sitting.desk, sitting.form
    short = desk.short_letter
    names = [name for name, _ in desk.letters]
    named = sitting.draft.text("template").removeprefix(f"{desk.campaign.name}/")
    chosen = next((name for name in (form.chosen_name(desk), named) if name in names), names[0])
    shown = cards(desk.letters, chosen, desk.language)
    return {
        "cards": shown[:MAX_CARDS],
        "more_cards": shown[MAX_CARDS:],
        "short_ask": short.letter.ask.spoken(desk.language) if short else "",
        "is_short": short is not None and form.template is short,
    }


def recipients(sitting: Sitting) -> Given:
    """Whom one can write to; a fragment tells of no mistake, since the form is still being filled in."""
    return {"found": find(sitting.draft, sitting.desk), "wrong": {}}


def previews(sitting: Sitting) -> Given:
    """The letters as far as they go, and the signed choice they were made by."""
    letters = composing.previews(sitting.form, sitting.desk, sitting.choices)
    return {"previews": letters, "choice": sitting.choices.signed()}


def review(
    sitting: Sitting,
    letters: Sequence[ReviewedLetter],
    refused: Wording | None = None,
    *,
    missing: Sequence[Problem] = (),
    full_until: str = "",
) -> Given:
    """The letters to be read again; `refused` says why they cannot be had as they were just asked for.

    `missing` is what keeps them from being sent, `full_until` when they can be where too many were sent today.
    """
    language = sitting.desk.language
    own = {f"{field}-{one.id}" for one in letters for field in ("subject", "body", "edited", "post")}
    carried = [*sitting.draft.carried(own | {"choice", "post", "submission", "revisions"}), *editions(letters)]
    return {
        "letters": letters,
        "errors": [*summary_of(letters, language), *summary(missing, language)],
        "box": sending.box(sitting, letters, missing),
        "full_until": full_until,
        "refused": refused.spoken(language) if refused else "",
        "remade": remade(sitting.draft),
        "posts": {name: sitting.wishes(name).post for name in ("", *(one.id for one in letters))},
        "corrected": sitting.before is not None,
        "hidden": [*carried, *_made_of(sitting), ("submission", sitting.submission)],
    }


def print_out(sitting: Sitting, letters: Sequence[ReviewedLetter]) -> Given:
    """The letters on paper, and what brings one back to the review."""
    return {**review(sitting, letters), "letters": letters}


def _hidden(sitting: Sitting, form: WriteForm, found: Found) -> list[tuple[str, str]]:
    """List what the form's page carries without showing it."""
    shown = {RECIPIENT, "template", "length", "search", "choice", "words_language", *(field.name for field in form)}
    shown |= {"submission", "revisions"}  # other answers are another submission
    shown |= {name for name, _ in found.hidden} | {f"language-{one.id}" for one in found.chosen}
    words = sitting.draft.words_language(sitting.desk.language).value
    if read_language(sitting.draft.language) is None:
        shown.add("language")  # no field of the page could mend it
    return [*sitting.draft.carried(shown), ("words_language", words), *_made_of(sitting)]


def _made_of(sitting: Sitting) -> list[tuple[str, str]]:
    """List what says of which words the letters are made: the revisions, and the alternatives in them."""
    revisions = pins.written(sitting.desk.campaign.revisions)
    return [("revisions", revisions), ("choice", sitting.choices.signed())]


def cards(letters: Sequence[tuple[str, LetterTemplate]], chosen: str, language: Language) -> list[Card]:
    """Return the letters to choose among, each with the highlights that it rests on."""
    return [
        Card(
            name,
            template.letter.title.spoken(language),
            template.letter.ask.spoken(language),
            tuple(finding.spoken(language) for finding in _highlights(template)),
            name == chosen,
        )
        for name, template in letters
    ]


def _highlights(template: LetterTemplate) -> list[Finding]:
    known = template.survey.findings
    return [known[key] for key in template.letter.findings if key in known and known[key].highlight]
