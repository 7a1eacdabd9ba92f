"""How a letter on paper is mailed: what is written on the envelope, and whether it needs a stamp."""

from dataclasses import dataclass

from advocacy.legislators.legislatures import legislatures
from advocacy.legislators.recipient import Recipient
from advocacy.messages import Message, message

HEADING = message("To mail this letter")
SIGN = message("Sign the letter by hand, above your name.")
ADDRESS = message("Cut out the address above and paste it on the envelope, or copy it.")
NO_ADDRESS = message(
    "Our directory has no street address for this office: look it up on the website of the legislature or the "
    "municipality, and write it on the envelope under the lines above."
)
RETURN = message("Write your own address in the upper left corner of the envelope.")
NO_STAMP = message("No stamp is needed: a letter to this office is free of postage within Canada.")
STAMP = message("Put a stamp on the envelope.")
STAMP_FOR_A_VACANT_SEAT = message(
    "Put a stamp on the envelope: this seat is vacant, and a member’s free mail ends soon after the member leaves."
)
POST = message("Drop the envelope in a Canada Post mailbox, or take it to a post office.")
RULE_HEADING = message("If someone asks for postage, show this rule")
RULE = message(
    "Mail addressed in Canada to a member of the Senate or of the House of Commons is free of postage, except "
    "parcels and special services such as registration. Canada Post Corporation Act, R.S.C. 1985, c. C-10, "
    "s.\u00a035(2) and\u00a0(4)."
)


@dataclass(frozen=True, slots=True)
class MailingInstructions:
    """What to do with a letter on paper: `steps` in their order, `rule` to show at a counter where mail is free.

    `has_postal_address` tells whether the recipient's lines are a whole address.
    """

    free: bool
    has_postal_address: bool
    steps: tuple[Message, ...]
    rule: Message | None


def mailing_instructions(recipient: Recipient) -> MailingInstructions:
    """Return how to post a letter to `recipient`."""
    free, known = postage_free(recipient), has_postal_address(recipient)
    stamp = NO_STAMP if free else STAMP_FOR_A_VACANT_SEAT if _is_exempt(recipient) else STAMP
    steps = (SIGN, ADDRESS if known else NO_ADDRESS, RETURN, stamp, POST)
    return MailingInstructions(free, known, steps, RULE if free else None)


def postage_free(recipient: Recipient) -> bool:
    """Whether a letter within Canada needs no stamp: to senators and members in office (the Act, s. 35).

    A vacant seat has no member whose mail would be free: the privilege ends ten days after a member leaves, s. 35(5).
    """
    return _is_exempt(recipient) and not recipient.vacant


def has_postal_address(recipient: Recipient) -> bool:
    """Whether we know where the office takes its post."""
    chamber = legislatures().chamber_of(recipient)
    return chamber is not None and chamber.address_of(recipient.office) is not None


def _is_exempt(recipient: Recipient) -> bool:
    chamber = legislatures().chamber_of(recipient)
    return chamber is not None and chamber.postage_free
