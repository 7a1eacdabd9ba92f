"""What became of a letter, as staff are told it: moves, reports and their reasons in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from advocacy.delivery.models import By, MessageMove, ProviderEvent
from advocacy.delivery.states import State
from advocacy.language import Language, Wording, day_of
from advocacy.letters.kinds import Carried
from advocacy.letters.moments import speak_time
from advocacy.staff.deliveries import Delivery
from advocacy.web.staff.speaking import speak_when

DONE, NOW, HOLD = "", "now", "hold"
STATES: Mapping[State, Wording] = MappingProxyType(
    {
        State.READY: Wording.of(en="Waiting", fr="En attente"),
        State.SENDING: Wording.of(en="Being sent", fr="En cours d’envoi"),
        State.ACCEPTED: Wording.of(en="Accepted by the mail service", fr="Acceptées par le service de courriel"),
        State.DELIVERED: Wording.of(en="Delivered", fr="Remises"),
        State.BOUNCED: Wording.of(en="Sent back", fr="Renvoyées"),
        State.FAILED: Wording.of(en="Refused", fr="Refusées"),
        State.UNCERTAIN: Wording.of(en="Uncertain for now", fr="Incertaines pour l’instant"),
        State.NEEDS_STAFF: Wording.of(en="To be decided", fr="À décider"),
        State.CANCELLED: Wording.of(en="Cancelled", fr="Annulées"),
        State.EXPIRED: Wording.of(en="Too late", fr="Trop tardives"),
    }
)
"""How many stand where, each state as a heading."""
MOVED: Mapping[State, Wording] = MappingProxyType(
    {
        State.READY: Wording.of(en="Put back into the queue.", fr="Remise en file."),
        State.SENDING: Wording.of(en="Being sent.", fr="En cours d’envoi."),
        State.ACCEPTED: Wording.of(en="Accepted by the mail service.", fr="Acceptée par le service de courriel."),
        State.DELIVERED: Wording.of(en="Delivered to the office’s server.", fr="Remise au serveur du bureau."),
        State.BOUNCED: Wording.of(en="Sent back by the office’s server.", fr="Renvoyée par le serveur du bureau."),
        State.FAILED: Wording.of(en="Refused for good.", fr="Refusée pour de bon."),
        State.UNCERTAIN: Wording.of(en="It may have been sent.", fr="Elle a peut-être été envoyée."),
        State.NEEDS_STAFF: Wording.of(en="Waits for a decision.", fr="Attend une décision."),
        State.CANCELLED: Wording.of(en="Cancelled before it was sent.", fr="Annulée avant l’envoi."),
        State.EXPIRED: Wording.of(en="It could not be sent in time.", fr="Elle n’a pas pu être envoyée à temps."),
    }
)
PUT: Mapping[str, Wording] = MappingProxyType(
    {
        Carried.LETTER: Wording.of(en="Confirmed by its writer.", fr="Confirmée par la personne qui l’a écrite."),
        "": Wording.of(en="Put into the queue.", fr="Mise en file."),
    }
)
MARKED = Wording.of(en="Marked as sent by the staff.", fr="Marquée comme envoyée par l’équipe.")
AGAIN = Wording.of(en="To be sent again, as the staff decided.", fr="À envoyer de nouveau, par décision de l’équipe.")
BY_STAFF = Wording.of(en="Cancelled by the staff.", fr="Annulée par l’équipe.")
BY_CITIZEN = Wording.of(en="Withdrawn by its writer.", fr="Retirée par la personne qui l’a écrite.")
HELD_MORE = Wording.of(
    en="A report may still arrive and settle it.",
    fr="Un avis peut encore arriver et régler la question.",
)
REASONS: Mapping[str, Wording] = MappingProxyType(
    {
        "lease": Wording.of(
            en="The worker stopped while sending.", fr="Le programme d’envoi s’est arrêté pendant l’envoi."
        ),
        "no_proof": Wording.of(
            en="Sent twice, and nothing proves that it arrived.", fr="Envoyée deux fois, sans preuve d’arrivée."
        ),
        "connection": Wording.of(
            en="The connection to the mail service dropped.", fr="La connexion au service de courriel a été coupée."
        ),
        "answer": Wording.of(
            en="The mail service’s answer could not be understood.",
            fr="La réponse du service de courriel était incompréhensible.",
        ),
        "provider": Wording.of(
            en="The mail service did not answer as it should.", fr="Le service de courriel n’a pas répondu comme prévu."
        ),
        "database": Wording.of(en="The database could not be reached.", fr="La base de données était injoignable."),
        "gave_up": Wording.of(en="All attempts were used up.", fr="Tous les essais ont été épuisés."),
        "unreadable": Wording.of(
            en="Its stored copy was changed and cannot be opened; other letters are not affected.",
            fr="Sa copie enregistrée a été modifiée et ne s’ouvre plus; les autres lettres ne sont pas touchées.",
        ),
        "content": Wording.of(en="The e-mail could not be prepared.", fr="Le courriel n’a pas pu être préparé."),
        "address": Wording.of(
            en="The server refused the office’s address.", fr="Le serveur a refusé l’adresse du bureau."
        ),
        "too_large": Wording.of(en="It was too large for the server.", fr="Elle était trop lourde pour le serveur."),
        "erased": Wording.of(en="Its text had been erased.", fr="Son texte avait été effacé."),
        "data_keys": Wording.of(
            en="A data key is missing on this site.", fr="Il manque une clé de données sur ce site."
        ),
        "login": Wording.of(
            en="The mail service refused the site’s sign-in.", fr="Le service de courriel a refusé l’accès du site."
        ),
        "no_key": Wording.of(en="The site’s key for the mail service is missing.", fr="Il manque la clé du service."),
        "http_429": Wording.of(
            en="Too many at once for the mail service; this attempt does not count.",
            fr="Trop d’envois à la fois; l’essai ne compte pas.",
        ),
    }
)
SERVER_SAID = Wording.of(en="Code given: {code}.", fr="Code reçu\u00a0: {code}.")
REPORTS: Mapping[str, Wording] = MappingProxyType(
    {
        "processed": Wording.of(en="took it", fr="l’a prise en charge"),
        "delivered": Wording.of(en="delivered it", fr="l’a remise"),
        "deferred": Wording.of(en="was asked to try later", fr="a été prié d’essayer plus tard"),
        "dropped": Wording.of(en="did not send it", fr="ne l’a pas envoyée"),
        "bounce": Wording.of(en="got it back", fr="l’a reçue en retour"),
        "blocked": Wording.of(en="was refused this once", fr="a essuyé un refus cette fois"),
        "spamreport": Wording.of(en="was told that it is unwanted", fr="a appris qu’elle est indésirable"),
    }
)
REPORTED = Wording.of(en="{provider} reported: it {what}.", fr="{provider} signale qu’il {what}.")
OTHERWISE = Wording.of(en="reported something else", fr="signale autre chose")
PROVIDERS = MappingProxyType({"sendgrid": "SendGrid", "smtp": "SMTP"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: its mark, when it was, and what is said."""

    mark: str
    at: datetime
    first: str
    more: str


def story(delivery: Delivery, language: Language) -> list[Line]:
    """Tell what a message went through, moves and reports in the order they came."""
    moves = [_moved(delivery, place, language) for place in range(len(delivery.moves))]
    reports = [_reported(event, language) for event in delivery.events]
    return sorted([*moves, *reports], key=lambda line: line.at)


def happened(reason: str, language: Language) -> str:
    """Say a reason in words; a code that is not known here is given as it is, "" for none."""
    if not reason:
        return ""
    known = REASONS.get(reason)
    return known.spoken(language) if known else SERVER_SAID.spoken(language).format(code=reason.replace("_", "\u00a0"))


def _moved(delivery: Delivery, place: int, language: Language) -> Line:
    move, last = delivery.moves[place], place == len(delivery.moves) - 1
    more = list(_more(move, language, last=last))
    doubtful = move.state in {State.UNCERTAIN, State.BOUNCED, State.FAILED}
    mark = NOW if last and move.state in {State.READY, State.SENDING, State.NEEDS_STAFF} else HOLD if doubtful else DONE
    return Line(mark, move.at, _first(delivery, place).spoken(language), " ".join(more))


def _first(delivery: Delivery, place: int) -> Wording:
    move = delivery.moves[place]
    if not place:
        return PUT.get(delivery.message.kind, PUT[""])
    decided = {
        (State.READY, By.STAFF): AGAIN,
        (State.ACCEPTED, By.STAFF): MARKED,
        (State.CANCELLED, By.STAFF): BY_STAFF,
        (State.CANCELLED, By.CITIZEN): BY_CITIZEN,
    }
    return decided.get((move.state, move.by), MOVED[move.state])


def _more(move: MessageMove, language: Language, *, last: bool) -> Iterator[str]:
    if said := happened(move.reason, language):
        yield said
    if last and move.state is State.NEEDS_STAFF:
        yield HELD_MORE.spoken(language)


def _reported(event: ProviderEvent, language: Language) -> Line:
    provider = PROVIDERS.get(event.provider, event.provider)
    what = REPORTS.get(event.kind, OTHERWISE).spoken(language)
    first = REPORTED.spoken(language).format(provider=provider, what=what)
    return Line(DONE, event.at, first, happened(event.reason, language))


def short_when(moment: datetime, now: datetime, language: Language) -> str:
    """Say when it was by Ottawa's clock: "14 h 02" today, "27 novembre 2026, 14 h 02" on another day."""
    if day_of(moment) != day_of(now):
        return speak_when(moment, language)
    return speak_time(moment, language)
