"""What becomes of an invitation's link: whether its mail has left, and who else can give one where it does not."""

import shlex
from dataclasses import dataclass

from sqlalchemy.orm import Session

from advocacy.delivery import holds, outbox
from advocacy.delivery.models import Message
from advocacy.delivery.states import HANDED_OVER, SETTLED, State
from advocacy.language import Wording
from advocacy.staff import invitations
from advocacy.staff.models import Invitation
from advocacy.web.services import services

NOWHERE = Wording.of(
    en="This site sends nothing to anyone, so the link is yours to give. Give it only to the person it is for: whoever "
    "has it opens the account.",
    fr="Ce site n’envoie rien à personne\u00a0: c’est à vous de remettre le lien. Donnez-le seulement à la personne "
    "visée\u00a0: le lien ouvre le compte.",
)
LEAVING = Wording.of(
    en="The link leaves by mail for {address}. Nobody else sees it, managers included.",
    fr="Le lien part par courriel à {address}. Personne d’autre ne le voit, pas même en gestion.",
)
LEFT = Wording.of(
    en="The link has left by mail for {address}. Nobody else sees it, managers included.",
    fr="Le lien est parti par courriel à {address}. Personne d’autre ne le voit, pas même en gestion.",
)
HELD = Wording.of(
    en="The mail has not left: sending is paused. It leaves once sending goes on.",
    fr="Le courriel n’est pas parti\u00a0: les envois sont suspendus. Il partira à leur reprise.",
)
DELAYED = Wording.of(
    en="The mail has not left so far. The site goes on trying by itself.",
    fr="Le courriel n’est pas encore parti. Le site continue d’essayer de lui-même.",
)
LOST = Wording.of(
    en="The mail with the link did not arrive, and the site tries no more.",
    fr="Le courriel qui porte le lien n’est pas arrivé, et le site n’essaie plus.",
)
UNKNOWN = Wording.of(
    en="Nobody can tell whether the mail with the link has left.",
    fr="Personne ne peut dire si le courriel qui porte le lien est parti.",
)
PRINTED = Wording.of(
    en="This invitation comes from the command line, which printed its link.",
    fr="Cette invitation vient de la ligne de commande, qui en a affiché le lien.",
)

WELL = (LEAVING, LEFT, PRINTED)
"""Where nobody has to see to it."""


@dataclass(frozen=True, slots=True)
class InvitationWay:
    """What is said of a link; `command` gives whoever runs the server a new one, "" where there is no need."""

    said: Wording
    command: str
    is_well: bool


def shows_link() -> bool:
    """Tell whether the link is shown to whoever invites: only where no mail can carry it to its person."""
    return services().settings.provider == "folder"


def way(session: Session, invitation: Invitation) -> InvitationWay:
    """Tell where the link of an invitation is."""
    said = NOWHERE if shows_link() else _mailed(session, invitation)
    is_well = said in WELL
    command = f"advocacy staff invite {shlex.quote(invitation.email)} --role {invitation.role.value}"
    return InvitationWay(said, "" if is_well else command, is_well)


def _mailed(session: Session, invitation: Invitation) -> Wording:
    message = outbox.find(session, invitations.KIND, str(invitation.id))
    if message is None:
        return PRINTED
    if message.state in SETTLED:
        return LEFT if message.state in HANDED_OVER else LOST
    if message.state is State.NEEDS_STAFF:
        return UNKNOWN
    if holds.held(session) is not None:
        return HELD
    return DELAYED if _was_tried(message) else LEAVING


def _was_tried(message: Message) -> bool:
    return message.state is State.UNCERTAIN or message.tries > 0 or bool(message.reason)
