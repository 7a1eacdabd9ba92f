"""What became of a letter, told in sentences; never that it was read, which nobody here knows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from advocacy.delivery.states import State
from advocacy.language import Language, Wording
from advocacy.letters.moments import speak_moment
from advocacy.letters.receipts import ReceiptLetter

DONE, NOW, NEXT, HOLD = "", "now", "next", "hold"
Said = tuple[str, Wording, Wording]
CONFIRMED: Said = (
    DONE,
    Wording.of(en="You confirmed your address.", fr="Vous avez confirmé votre adresse."),
    Wording.of(en="Without this step nothing would have left.", fr="Sans cette étape, rien ne serait parti."),
)
DELAYED: Said = (
    HOLD,
    Wording.of(en="It could not be handed over at once.", fr="Elle n’a pas pu être remise du premier coup."),
    Wording.of(
        en="This happens when a server takes in a lot of mail. You have nothing to do.",
        fr="Cela arrive quand un serveur reçoit beaucoup de courriels. Vous n’avez rien à faire.",
    ),
)
MOVED: Mapping[State, Said] = {
    State.ACCEPTED: (
        DONE,
        Wording.of(en="Handed over to the mail service.", fr="Remise au service de courriel."),
        Wording.of(en="It carries the letter to the office’s server.", fr="Il la porte au serveur du bureau."),
    ),
    State.DELIVERED: (
        DONE,
        Wording.of(en="Delivered to the office’s server.", fr="Remise au serveur du bureau."),
        Wording.of(
            en="We will not know whether it is read: we do not measure that.",
            fr="Nous ne saurons pas si elle est lue\u00a0: nous ne le mesurons pas.",
        ),
    ),
    State.BOUNCED: (
        HOLD,
        Wording.of(en="The office’s server sent it back.", fr="Le serveur du bureau l’a renvoyée."),
        Wording.of(
            en="The address may have changed. Print the letter and mail it: its words are below.",
            fr="L’adresse a peut-être changé. Imprimez la lettre et postez-la\u00a0: ses mots sont plus bas.",
        ),
    ),
    State.FAILED: (
        HOLD,
        Wording.of(en="It could not be sent.", fr="Elle n’a pas pu être envoyée."),
        Wording.of(
            en="Print the letter and mail it: its words are below.",
            fr="Imprimez la lettre et postez-la\u00a0: ses mots sont plus bas.",
        ),
    ),
    State.UNCERTAIN: (
        HOLD,
        Wording.of(en="The line broke while it was being handed over.", fr="La ligne a été coupée pendant la remise."),
        Wording.of(
            en="It may have left. We look into it before we send it again.",
            fr="Elle est peut-être partie. Nous vérifions avant de la renvoyer.",
        ),
    ),
    State.NEEDS_STAFF: (
        HOLD,
        Wording.of(en="Someone on our side is looking into it.", fr="Quelqu’un de notre équipe s’en occupe."),
        Wording.of(
            en="We do not know whether it has arrived. You have nothing to do.",
            fr="Nous ignorons si elle est arrivée. Vous n’avez rien à faire.",
        ),
    ),
    State.CANCELLED: (
        HOLD,
        Wording.of(en="It was taken back before it left.", fr="Elle a été retirée avant de partir."),
        Wording.of(en="The office has received nothing.", fr="Le bureau n’a rien reçu."),
    ),
    State.EXPIRED: (
        HOLD,
        Wording.of(en="It could not leave in time.", fr="Elle n’a pas pu partir à temps."),
        Wording.of(en="The office has received nothing.", fr="Le bureau n’a rien reçu."),
    ),
}
LEAVING: Said = (NOW, Wording.of(en="It is leaving.", fr="Elle part."), Wording.of(en="Just now.", fr="À l’instant."))
DUE: Said = (
    NOW,
    Wording.of(en="It leaves next.", fr="Elle part bientôt."),
    Wording.of(en="Not before {moment}.", fr="Pas avant le {moment}."),
)
THEIRS: Said = (
    NEXT,
    Wording.of(en="The rest is up to them.", fr="La suite leur appartient."),
    Wording.of(
        en="A reply would come to your own e-mail address, often after some weeks.",
        fr="Une réponse arriverait à votre adresse courriel, souvent après quelques semaines.",
    ),
)
AHEAD: Mapping[State, Said] = {
    State.READY: DUE,
    State.SENDING: LEAVING,
    State.ACCEPTED: THEIRS,
    State.DELIVERED: THEIRS,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: its mark, when it was (None for what is to come) and what is said."""

    mark: str
    at: datetime | None
    first: str
    more: str


def story(letter: ReceiptLetter, confirmed_at: datetime, language: Language) -> list[Line]:
    """Tell a letter's story as far as it goes, and what comes next."""
    return list(_lines(letter, confirmed_at, language))


def _lines(letter: ReceiptLetter, confirmed_at: datetime, language: Language) -> Iterator[Line]:
    yield _line(CONFIRMED, confirmed_at, language)
    before, tried = CONFIRMED, False
    for move in letter.moves:
        tried = tried or move.state is State.SENDING
        said = DELAYED if move.state is State.READY and tried else MOVED.get(move.state)
        if said and not said is before is DELAYED:
            yield _line(said, move.at, language)
        before = said or before
    ahead = AHEAD.get(letter.state) if letter.state else None
    if ahead:
        line = _line(ahead, None, language)
        due = speak_moment(letter.due_at, language) if letter.due_at else ""
        yield Line(line.mark, None, line.first, line.more.format(moment=due))


def _line(said: Said, at: datetime | None, language: Language) -> Line:
    mark, first, more = said
    return Line(mark, at, first.spoken(language), more.spoken(language))
