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
    en="This site sends no e-mail: give the link yourself, and only to the person it is for. Whoever has it "
    "can open the account.",
    fr="Ce site n’envoie aucun courriel\u00a0: remettez vous-même le lien, et seulement à la personne visée. "
    "Quiconque l’a peut ouvrir le compte.",
)
LEAVING = Wording.of(
    en="The link is being sent to {address}. Nobody else sees it, not even managers.",
    fr="Le lien est en cours d’envoi à {address}. Personne d’autre ne le voit, pas même les gestionnaires.",
)
LEFT = Wording.of(
    en="The link was sent to {address}. Nobody else sees it, not even managers.",
    fr="Le lien a été envoyé à {address}. Personne d’autre ne le voit, pas même les gestionnaires.",
)
HELD = Wording.of(
    en="The e-mail is not sent yet: sending is paused. It will be sent when sending resumes.",
    fr="Le courriel n’est pas encore envoyé\u00a0: les envois sont suspendus. Il sera envoyé à leur reprise.",
)
DELAYED = Wording.of(
    en="The e-mail is not sent yet. The site keeps trying.",
    fr="Le courriel n’est pas encore envoyé. Le site continue d’essayer.",
)
LOST = Wording.of(
    en="The e-mail with the link did not arrive, and the site has stopped trying.",
    fr="Le courriel qui porte le lien n’est pas arrivé, et le site n’essaie plus.",
)
UNKNOWN = Wording.of(
    en="We can’t tell whether the e-mail with the link was sent.",
    fr="Nous ne savons pas si le courriel qui porte le lien a été envoyé.",
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
