"""The sentences of a letter's story: as letters really leave, as all goes to a test address, and in a rehearsal."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from advocacy.delivery.states import State
from advocacy.language import Wording


class Way(Enum):
    """Where the site's mail goes: to whom it is for, to a test address, or into a folder, in a rehearsal."""

    SENDS = auto()
    TRIES = auto()
    REHEARSES = auto()


DONE, NOW, NEXT, HOLD = "", "now", "next", "hold"
Said = tuple[str, Wording, Wording]
CONFIRMED: Said = (
    DONE,
    Wording.of(en="You confirmed your address.", fr="Vous avez confirmé votre adresse."),
    Wording.of(en="Nothing is sent without this step.", fr="Rien n’est envoyé sans cette étape."),
)
NOT_AT_ONCE = Wording.of(en="It could not be sent right away.", fr="L’envoi n’a pas réussi du premier coup.")
DELAYED: Said = (
    HOLD,
    NOT_AT_ONCE,
    Wording.of(en="We try again. You have nothing to do.", fr="Nous réessayons. Vous n’avez rien à faire."),
)
BUSY: Said = (
    HOLD,
    NOT_AT_ONCE,
    Wording.of(
        en="This happens when a server takes in a lot of mail. You have nothing to do.",
        fr="Cela arrive quand un serveur reçoit beaucoup de courriels. Vous n’avez rien à faire.",
    ),
)
"""Where a server said so: see `TAKES_A_LOT` in `story`."""
MOVED: Mapping[State, Said] = {
    State.ACCEPTED: (
        DONE,
        Wording.of(en="Accepted by the mail service.", fr="Acceptée par le service de courriel."),
        Wording.of(en="It is on its way to the office’s server.", fr="Elle est en route vers le serveur du bureau."),
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
            en="The address may have changed. Print the letter and mail it: its text is below.",
            fr="L’adresse a peut-être changé. Imprimez la lettre et postez-la\u00a0: son texte est plus bas.",
        ),
    ),
    State.FAILED: (
        HOLD,
        Wording.of(en="It could not be sent.", fr="Elle n’a pas pu être envoyée."),
        Wording.of(
            en="Print the letter and mail it: its text is below.",
            fr="Imprimez la lettre et postez-la\u00a0: son texte est plus bas.",
        ),
    ),
    State.UNCERTAIN: (
        HOLD,
        Wording.of(en="The connection dropped while sending.", fr="La connexion a été coupée pendant l’envoi."),
        Wording.of(
            en="It may have been sent. We check before sending it again.",
            fr="Elle a peut-être été envoyée. Nous vérifions avant de la renvoyer.",
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
        Wording.of(en="It was withdrawn before it was sent.", fr="Elle a été retirée avant l’envoi."),
        Wording.of(en="The office has received nothing.", fr="Le bureau n’a rien reçu."),
    ),
    State.EXPIRED: (
        HOLD,
        Wording.of(en="It could not be sent in time.", fr="Elle n’a pas pu être envoyée à temps."),
        Wording.of(en="The office has received nothing.", fr="Le bureau n’a rien reçu."),
    ),
}
LEAVING: Said = (
    NOW,
    Wording.of(en="It is being sent.", fr="Elle est en cours d’envoi."),
    Wording.of(en="Right now.", fr="En ce moment."),
)
DUE: Said = (
    NOW,
    Wording.of(en="It will be sent next.", fr="Elle sera envoyée bientôt."),
    Wording.of(en="Not before {moment}.", fr="Pas avant le {moment}."),
)
SOON: Said = (
    NOW,
    Wording.of(en="It will be sent soon.", fr="Elle sera envoyée bientôt."),
    Wording.of(en="It waits its turn.", fr="Elle attend son tour."),
)
PAUSED: Said = (
    HOLD,
    Wording.of(en="Sending is paused on our side.", fr="Les envois sont suspendus de notre côté."),
    Wording.of(
        en="Nothing is lost: it will be sent when sending resumes. You have nothing to do.",
        fr="Rien n’est perdu\u00a0: elle sera envoyée à la reprise des envois. Vous n’avez rien à faire.",
    ),
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
WRITTEN: Said = (
    DONE,
    Wording.of(
        en="Test site: the letter was saved to a file.",
        fr="Site d’essai\u00a0: la lettre a été enregistrée dans un fichier.",
    ),
    Wording.of(
        en="Nothing was sent, and the office receives nothing.", fr="Rien n’a été envoyé, et le bureau ne reçoit rien."
    ),
)
TO_WRITE = Wording.of(
    en="Test site: the letter will be saved to a file.",
    fr="Site d’essai\u00a0: la lettre sera enregistrée dans un fichier.",
)
NOTHING_LEAVES = Wording.of(en="Nothing is sent.", fr="Rien n’est envoyé.")
REHEARSED_SOON: Said = (NOW, TO_WRITE, NOTHING_LEAVES)
REHEARSED_DUE: Said = (
    NOW,
    TO_WRITE,
    Wording.of(en="Nothing is sent. Not before {moment}.", fr="Rien n’est envoyé. Pas avant le {moment}."),
)
TRIED: Mapping[State, Said] = {
    State.ACCEPTED: (
        DONE,
        Wording.of(en="Accepted by the mail service.", fr="Acceptée par le service de courriel."),
        Wording.of(
            en="In test mode it goes to the test address: the office receives nothing.",
            fr="En mode d’essai, elle va à l’adresse d’essai\u00a0: le bureau ne reçoit rien.",
        ),
    ),
    State.DELIVERED: (
        DONE,
        Wording.of(en="Delivered to the server of the test address.", fr="Remise au serveur de l’adresse d’essai."),
        Wording.of(en="The office has received nothing.", fr="Le bureau n’a rien reçu."),
    ),
    State.BOUNCED: (
        HOLD,
        Wording.of(
            en="The server of the test address sent it back.", fr="Le serveur de l’adresse d’essai l’a renvoyée."
        ),
        Wording.of(
            en="This says nothing of the office’s own address.",
            fr="Cela ne dit rien de l’adresse du bureau lui-même.",
        ),
    ),
}
"""What differs while all mail goes to a test address."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of each move, and of what comes next; `soon` is for what is due already."""

    moved: Mapping[State, Said]
    ahead: Mapping[State, Said]
    soon: Said


STILL_HERE = {state: AHEAD[state] for state in (State.READY, State.SENDING)}
WORDS: Mapping[Way, Words] = {
    Way.SENDS: Words(MOVED, AHEAD, SOON),
    Way.TRIES: Words({**MOVED, **TRIED}, STILL_HERE, SOON),
    Way.REHEARSES: Words(
        {**MOVED, State.ACCEPTED: WRITTEN},
        {State.READY: REHEARSED_DUE, State.SENDING: REHEARSED_SOON, State.DELIVERED: THEIRS},
        REHEARSED_SOON,
    ),
}
