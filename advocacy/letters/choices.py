"""Which alternatives and wordings each letter of a form has, allotted once and then signed.

What was previewed is what is sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.letter_text import Choice
from advocacy.campaigns.only_for import Reader
from advocacy.database import insert_into
from advocacy.language import Language
from advocacy.letters.alternatives import allot
from advocacy.letters.models import ChoiceCount
from advocacy.letters.sentence_wordings import Wordings, allot_wording, sentences_of, wording_at

SALT = "choice of alternatives"
_COUNTS = ChoiceCount.__table__.c
_SENT = select(_COUNTS.choice, _COUNTS.count).where(
    _COUNTS.legislator_id == bindparam("legislator"), _COUNTS.fingerprint == bindparam("text")
)
Sent = Callable[[str, str], Mapping[Choice, int]]
"""Given a recipient and a text's fingerprint, how often each choice was sent to that office."""


def nothing_sent(_recipient: str, _fingerprint: str) -> Mapping[Choice, int]:
    return {}


@dataclass(slots=True)
class Choices:
    """The choices made for one form, by recipient, language and state of the text or of a sentence."""

    key: str | bytes
    made: dict[str, Choice] = field(default_factory=dict)
    sent: Sent = nothing_sent

    @classmethod
    def read(cls, signed: str, key: str | bytes, sent: Sent = nothing_sent) -> "Choices":
        """Read what travelled with the form; what was tampered with counts for nothing."""
        try:
            made = _signer(key).loads(signed)
        except BadData:
            return cls(key, sent=sent)
        return cls(key, {place: tuple(choice) for place, choice in made.items()}, sent)

    def of(self, template: LetterTemplate, reader: Reader, *, recipient: str, language: Language) -> Choice:
        """Return the choice for one letter; the first is what its office was sent least, as after a change of text."""
        text = template.fingerprints[language]
        place = f"{recipient} {language} {text}"
        if place not in self.made:
            options = template.options_for(reader)
            self.made[place] = allot(options, self.sent(recipient, text))
        return self.made[place]

    def wordings_of(
        self, template: LetterTemplate, reader: Reader, *, recipient: str, language: Language, fields: Mapping[str, str]
    ) -> Wordings:
        """Return the wording of each sentence of one letter; the first is what its office was sent least.

        How often a sensitive one was sent is not counted: its wordings follow the number of letters.
        """
        wordings = {}
        for sentence in sentences_of(template, reader, fields, language=language):
            place = f"{recipient} {language} {sentence.fingerprint}"
            if place not in self.made:
                if sentence.is_sensitive:
                    letters = self.sent(recipient, template.fingerprints[language]).values()
                    wording = wording_at(sentence, sum(letters))
                else:
                    wording = allot_wording(sentence, self.sent(recipient, sentence.fingerprint))
                self.made[place] = (wording,)
            [wordings[sentence.fingerprint]] = self.made[place]
        return wordings

    def signed(self) -> str:
        """Return the choices as they travel with the form."""
        return str(_signer(self.key).dumps(self.made)) if self.made else ""


@lru_cache(maxsize=4)
def _signer(key: str | bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=SALT)


def choices_sent(session: Session, legislator_id: str, fingerprint: str) -> Mapping[Choice, int]:
    """Return how often each choice went to this office, in the text of this fingerprint."""
    rows = session.connection().execute(_SENT, {"legislator": legislator_id, "text": fingerprint})
    return {tuple(int(number) for number in choice.split(".") if number): count for choice, count in rows}


def add_choices(session: Session, legislator_id: str, choices: Mapping[str, Choice]) -> None:
    """Count one more letter to an office: what was chosen in the texts of these fingerprints."""
    rows = [
        {"legislator_id": legislator_id, "fingerprint": text, "choice": ".".join(map(str, choice)), "count": 1}
        for text, choice in choices.items()
    ]
    counted = insert_into(session, ChoiceCount).values(rows)
    session.execute(
        counted.on_conflict_do_update(
            index_elements=["legislator_id", "fingerprint", "choice"], set_={"count": ChoiceCount.count + 1}
        )
    )
