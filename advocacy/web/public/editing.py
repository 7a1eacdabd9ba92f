"""What a citizen does to the letters under review: edits, a figure or a bill mended by one button, edits dropped."""

from collections.abc import Iterable

from advocacy.language import Language
from advocacy.letters.figures import Verdict
from advocacy.web.public.composing import Composed
from advocacy.web.public.draft import Draft
from advocacy.web.public.edited import body_of, with_edits
from advocacy.web.public.reading import COLON
from advocacy.web.public.review import FIELDS, ReviewedLetter, claims_of, whole


def edits(draft: Draft, composed: Composed) -> tuple[str | None, str | None]:
    """Give what was edited of a letter: nothing when it was edited in another language or of another letter."""
    made_for = draft.text(f"edited-{composed.recipient.id}")
    if made_for not in {"", edition(composed)}:
        return None, None
    return draft.edited(composed.recipient.id)


def edition(composed: Composed) -> str:
    """Name what an edited text was edited from."""
    return f"{composed.template.path} {composed.language}"


def editions(letters: Iterable[ReviewedLetter]) -> list[tuple[str, str]]:
    """List what says, in hidden fields, from what each text was edited."""
    return [(f"edited-{one.id}", edition(one.composed)) for one in letters]


def remade(draft: Draft) -> frozenset[str]:
    """Name the recipient whose letter a button asked to have mended or made anew."""
    return frozenset({_to_mend(draft)[0], draft.text("afresh")} - {""})


def pressed(draft: Draft, letters: Iterable[Composed]) -> Draft:
    """Do what a button of one letter asks: `mend` puts right what is known, `afresh` drops the edits."""
    recipient, start = _to_mend(draft)
    for one in letters:
        identity = one.recipient.id
        if draft.text("afresh") == identity:
            draft = draft.without(f"subject-{identity}", f"body-{identity}", f"edited-{identity}")
        if recipient == identity:
            draft = _mended(draft, one, start)
    return draft


def untouched_anew(draft: Draft, letters: Iterable[Composed]) -> Draft:
    """Drop the words of letters that came back as they were composed: they are made anew."""
    for one in letters:
        identity = one.recipient.id
        if with_edits(one.letter, *draft.edited(identity)) == one.letter:
            draft = draft.without(f"subject-{identity}", f"body-{identity}", f"edited-{identity}")
    return draft


def summary_of(letters: Iterable[ReviewedLetter], language: Language) -> list[tuple[str, str]]:
    """List what keeps the letters from leaving: the field to go to, and a sentence."""
    return [
        (
            f"{field}-{one.id}",
            COLON.spoken(language).format(
                FIELDS[field].spoken(language).format(name=one.name), sentence.spoken(language)
            ),
        )
        for one in letters
        for field, sentence in one.problems
    ]


def _to_mend(draft: Draft) -> tuple[str, str]:
    """Give whose letter has something to mend, and where it begins."""
    recipient, _, start = draft.text("mend").rpartition(":")
    return recipient, start


def _mended(draft: Draft, composed: Composed, start: str) -> Draft:
    """Put what is known in place of the claim that begins at `start`; nothing changes if there is none."""
    subject, body = edits(draft, composed)
    subject = composed.letter.subject if subject is None else subject
    body = body_of(composed.letter) if body is None else body
    for claim in claims_of(subject, body, composed):
        if str(claim.span[0]) != start or claim.verdict is not Verdict.FALSE or claim.mend is None:
            continue
        text = whole(subject, body)
        text = f"{text[: claim.span[0]]}{claim.mend}{text[claim.span[1] :]}"
        identity = composed.recipient.id
        if claim.span[0] < len(body):
            return draft.with_text(f"body-{identity}", text[: len(text) - len(whole(subject, ""))])
        return draft.with_text(f"subject-{identity}", text[len(whole("", body)) :])
    return draft
