"""How a letter on paper reaches its recipient: what stands on the envelope, and whether it needs a stamp."""

from dataclasses import dataclass

from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.legislators.styles import shipped_styles

# Canada Post Corporation Act, R.S.C. 1985, c. C-10, s. 35(2)(a) and (b): the Speakers, senators and members.
FREE = frozenset(
    {
        Office.MEMBER,
        Office.SPEAKER_COMMONS,
        Office.MINISTER,
        Office.PRIME_MINISTER,
        Office.SENATOR,
        Office.SPEAKER_SENATE,
    }
)

HEADING = Wording.of(en="To mail this letter", fr="Pour poster cette lettre")
SIGN = Wording.of(
    en="Sign the letter by hand, above your name.",
    fr="Signez la lettre à la main, au-dessus de votre nom.",
)
ADDRESS = Wording.of(
    en="Cut out the address above and paste it on the envelope, or copy it.",
    fr="Découpez l’adresse ci-dessus et collez-la sur l’enveloppe, ou recopiez-la.",
)
NO_ADDRESS = Wording.of(
    en="Our directory has no street address for this office: look it up on the website of the legislature or the "
    "municipality, and write it on the envelope under the lines above.",
    fr="Notre répertoire ne contient pas l’adresse postale de ce bureau\u00a0: cherchez-la sur le site de l’assemblée "
    "législative ou de la municipalité, puis inscrivez-la sur l’enveloppe sous les lignes ci-dessus.",
)
RETURN = Wording.of(
    en="Write your own address in the upper left corner of the envelope.",
    fr="Inscrivez votre adresse dans le coin supérieur gauche de l’enveloppe.",
)
NO_STAMP = Wording.of(
    en="No stamp is needed: a letter to this office is free of postage within Canada.",
    fr="Aucun timbre n’est nécessaire\u00a0: une lettre à ce bureau est transmise en franchise au Canada.",
)
STAMP = Wording.of(en="Put a stamp on the envelope.", fr="Collez un timbre sur l’enveloppe.")
STAMP_FOR_A_VACANT_SEAT = Wording.of(
    en="Put a stamp on the envelope: this seat is vacant, and a member’s free mail ends soon after the member leaves.",
    fr="Collez un timbre sur l’enveloppe\u00a0: ce siège est vacant, et la franchise postale prend fin peu après un "
    "départ.",
)
POST = Wording.of(
    en="Drop the envelope in a Canada Post mailbox, or take it to a post office.",
    fr="Déposez l’enveloppe dans une boîte aux lettres de Postes Canada ou portez-la à un bureau de poste.",
)
RULE_HEADING = Wording.of(
    en="If someone asks for postage, show this rule",
    fr="Si l’on exige un timbre, montrez cette règle",
)
RULE = Wording.of(
    en="Mail addressed in Canada to a member of the Senate or of the House of Commons is free of postage, except "
    "parcels and special services such as registration. Canada Post Corporation Act, R.S.C. 1985, c. C-10, "
    "s.\u00a035(2) and\u00a0(4).",
    fr="Le courrier adressé au Canada à un membre du Sénat ou de la Chambre des communes est transmis en franchise, "
    "sauf les colis et les services spéciaux comme la recommandation. Loi sur la Société canadienne des postes, "
    "L.R.C. (1985), ch. C-10, par.\u00a035(2) et\u00a0(4).",
)


@dataclass(frozen=True, slots=True)
class MailingInstructions:
    """What to do with a letter on paper: `steps` in their order, `rule` to show at a counter where mail is free.

    `has_postal_address` tells whether the recipient's lines are a whole address.
    """

    free: bool
    has_postal_address: bool
    steps: tuple[Wording, ...]
    rule: Wording | None


def mailing_instructions(recipient: Recipient) -> MailingInstructions:
    """Say how to post a letter to `recipient`."""
    free, known = postage_free(recipient), has_postal_address(recipient)
    steps = (SIGN, ADDRESS if known else NO_ADDRESS, RETURN, _stamp(recipient), POST)
    return MailingInstructions(free, known, steps, RULE if free else None)


def postage_free(recipient: Recipient) -> bool:
    """Return whether a letter within Canada needs no stamp: to senators and members in office (the Act, s. 35).

    A vacant seat has no member whose mail would be free: the privilege ends ten days after a member leaves, s. 35(5).
    """
    return recipient.office in FREE and not recipient.vacant


def has_postal_address(recipient: Recipient) -> bool:
    """Return whether we know where the office takes its post, in every language it can be written to in."""
    forms = shipped_styles().office[recipient.office]
    return all(forms[language].place is not None for language in Language)


def _stamp(recipient: Recipient) -> Wording:
    if postage_free(recipient):
        return NO_STAMP
    return STAMP_FOR_A_VACANT_SEAT if recipient.office in FREE else STAMP
