"""What a citizen does to the letters under review: edits, a figure or a bill mended by one button, edits dropped."""

from collections.abc import Iterable, Mapping

from advocacy.language import Language, Wording
from advocacy.letters.figures import Verdict
from advocacy.messages import in_language
from advocacy.web.public.edited import body_of, with_edits
from advocacy.web.public.request import ComposedLetter
from advocacy.web.public.review import FIELDS, ReviewedLetter, claims_of, whole

COLON = Wording.of(en="{}: {}", fr="{}\u00a0: {}")


def edits(fields: Mapping[str, str], composed: ComposedLetter) -> tuple[str | None, str | None]:
    """Give what was edited of a letter: nothing when it was edited in another language or of another letter."""
    made_for = fields.get(f"edited-{composed.recipient.id}", "")
    if made_for not in {"", edition(composed)}:
        return None, None
    return fields.get(f"subject-{composed.recipient.id}"), fields.get(f"body-{composed.recipient.id}")


def edition(composed: ComposedLetter) -> str:
    """Name what an edited text was edited from."""
    return f"{composed.template.path} {composed.language}"


def editions(letters: Iterable[ReviewedLetter]) -> list[tuple[str, str]]:
    """List what says, in hidden fields, from what each text was edited."""
    return [(f"edited-{one.id}", edition(one.composed)) for one in letters]


def remade(fields: Mapping[str, str]) -> frozenset[str]:
    """Name the recipient whose letter a button asked to have mended or made anew."""
    return frozenset({_to_mend(fields)[0], fields.get("afresh", "")} - {""})


def pressed(fields: Mapping[str, str], letters: Iterable[ComposedLetter]) -> Mapping[str, str]:
    """Do what a button of one letter asks: `mend` puts right what is known, `afresh` drops the edits."""
    recipient, start = _to_mend(fields)
    for one in letters:
        identity = one.recipient.id
        if fields.get("afresh", "") == identity:
            fields = _unedited(fields, identity)
        if recipient == identity:
            fields = _mended(fields, one, start)
    return fields


def untouched_anew(fields: Mapping[str, str], letters: Iterable[ComposedLetter]) -> Mapping[str, str]:
    """Drop the words of letters that came back as they were composed: they are made anew."""
    for one in letters:
        identity = one.recipient.id
        if with_edits(one.letter, fields.get(f"subject-{identity}"), fields.get(f"body-{identity}")) == one.letter:
            fields = _unedited(fields, identity)
    return fields


def summary_of(letters: Iterable[ReviewedLetter], language: Language) -> list[tuple[str, str]]:
    """List what keeps the letters from leaving: the field to go to, and a sentence."""
    return [
        (
            f"{field}-{one.id}",
            COLON.spoken(language).format(
                FIELDS[field].spoken(language).format(name=one.name), in_language(sentence, language)
            ),
        )
        for one in letters
        for field, sentence in one.problems
    ]


def _unedited(fields: Mapping[str, str], recipient: str) -> Mapping[str, str]:
    edits_of = {f"{part}-{recipient}" for part in ("subject", "body", "edited")}
    return {name: text for name, text in fields.items() if name not in edits_of}


def _to_mend(fields: Mapping[str, str]) -> tuple[str, str]:
    """Give whose letter has something to mend, and where it begins."""
    recipient, _, start = fields.get("mend", "").rpartition(":")
    return recipient, start


def _mended(fields: Mapping[str, str], composed: ComposedLetter, start: str) -> Mapping[str, str]:
    """Put what is known in place of the claim that begins at `start`; nothing changes if there is none."""
    subject, body = edits(fields, composed)
    subject = composed.letter.subject if subject is None else subject
    body = body_of(composed.letter) if body is None else body
    for claim in claims_of(subject, body, composed):
        if str(claim.span[0]) != start or claim.verdict is not Verdict.FALSE or claim.mend is None:
            continue
        text = whole(subject, body)
        text = f"{text[: claim.span[0]]}{claim.mend}{text[claim.span[1] :]}"
        identity = composed.recipient.id
        if claim.span[0] < len(body):
            return {**fields, f"body-{identity}": text[: len(text) - len(whole(subject, ""))]}
        return {**fields, f"subject-{identity}": text[len(whole("", body)) :]}
    return fields
