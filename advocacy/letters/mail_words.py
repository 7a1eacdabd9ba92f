"""What the site itself writes to a citizen, in every language; docs/decisions/sending.md says what a mail may tell."""

from advocacy.delivery.states import State
from advocacy.language import Wording

REHEARSAL = Wording.of(
    en="Test site: nothing is really sent.",
    fr="Site d’essai\u00a0: rien n’est vraiment envoyé.",
)
GREETING = Wording.of(en="Hello,", fr="Bonjour,")
CAMPAIGN = Wording.of(en="Campaign: {name}", fr="Campagne\u00a0: {name}")
REQUEST = Wording.of(en="Request: {ask}", fr="Demande\u00a0: {ask}")
OR_COPY = Wording.of(en="Or copy this link into your browser:", fr="Ou copiez ce lien dans votre navigateur\u00a0:")

CONFIRM_SUBJECT = Wording.of(en="Confirm your letter", fr="Confirmez l’envoi de votre lettre")
CONFIRM_ONE = Wording.of(
    en="This address was given on our site to confirm a letter. Nothing is sent until you confirm.",
    fr="Cette adresse a été inscrite sur notre site pour confirmer l’envoi d’une lettre. Rien n’est envoyé sans votre "
    "confirmation.",
)
CONFIRM_SOME = Wording.of(
    en="This address was given on our site to confirm {count} letters. Nothing is sent until you confirm.",
    fr="Cette adresse a été inscrite sur notre site pour confirmer l’envoi de {count} lettres. Rien n’est envoyé sans "
    "votre confirmation.",
)
CONFIRM_BUTTON = Wording.of(en="See and confirm", fr="Voir et confirmer")
CONFIRM_UNTIL = Wording.of(
    en="This link works once, and until {moment}.",
    fr="Ce lien sert une seule fois et reste valable jusqu’au {moment}.",
)
NOT_YOU = Wording.of(
    en="This wasn’t you? The same link lets you delete everything at once. If you do nothing, everything is deleted "
    "after that time.",
    fr="Ce n’est pas vous? Le même lien permet de tout supprimer immédiatement. Si vous ne faites rien, tout est "
    "supprimé passé ce délai.",
)

UNDERWAY_SUBJECT = Wording.of(en="Confirmed, and waiting to be sent", fr="C’est confirmé, envoi à venir")
ONE_UNDERWAY = Wording.of(
    en="Confirmed. The letter should be sent on {moment}.",
    fr="C’est confirmé. Sauf imprévu, la lettre sera envoyée le {moment}.",
)
SOME_UNDERWAY = Wording.of(
    en="Confirmed. The letters are sent one after another; the last should be sent on {moment}.",
    fr="C’est confirmé. Les lettres sont envoyées l’une après l’autre; sauf imprévu, la dernière le sera le {moment}.",
)
WHAT_THE_PAGE_DOES = Wording.of(
    en="The page shows what was sent. You can also delete everything there: a letter that was not sent by then will "
    "not be. We will write again at the end.",
    fr="La page montre ce qui a été envoyé. On peut aussi tout y supprimer\u00a0: une lettre qui n’est pas encore "
    "envoyée ne le sera pas. Un autre message suivra à la fin.",
)

OUTCOME_SUBJECT = Wording.of(en="What happened after you confirmed", fr="La suite de votre confirmation")
ALL_GONE = Wording.of(en="Everything you confirmed has been sent.", fr="Tout ce que vous avez confirmé a été envoyé.")
ONE_GONE = Wording.of(en="What you confirmed has been sent.", fr="Ce que vous avez confirmé a été envoyé.")
REST_GONE = Wording.of(
    en="The rest of what you confirmed has been sent.", fr="Le reste de ce que vous avez confirmé a été envoyé."
)
REHEARSED = Wording.of(
    en="Outside a rehearsal, what you confirmed would have been sent.",
    fr="Hors essai, ce que vous avez confirmé aurait été envoyé.",
)
NONE_DELIVERED = Wording.of(
    en="What you confirmed could not be delivered:", fr="Ce que vous avez confirmé n’a pas pu être remis\u00a0:"
)
ONE_CAME_BACK = Wording.of(
    en="Not everything you confirmed could be delivered:",
    fr="Une partie de ce que vous avez confirmé n’a pas pu être remise\u00a0:",
)
ONE_STAYED = Wording.of(
    en="Not everything you confirmed was sent:",
    fr="Une partie de ce que vous avez confirmé n’a pas été envoyée\u00a0:",
)
NONE_SENT = Wording.of(en="What you confirmed was not sent:", fr="Ce que vous avez confirmé n’a pas été envoyé\u00a0:")
NONE_LEFT = Wording.of(
    en="Nothing was sent this time: you had written already, and once is enough.",
    fr="Rien n’a été envoyé cette fois\u00a0: vous aviez déjà écrit, et une fois suffit.",
)
ONE_STANDING = Wording.of(en="{office}: {standing}", fr="{office}\u00a0: {standing}")
VACANT = Wording.of(en="Office of the seat", fr="Bureau du député ou de la députée")
STANDINGS = {
    State.READY: Wording.of(en="waiting to be sent", fr="en attente d’envoi"),
    State.SENDING: Wording.of(en="being sent", fr="envoi en cours"),
    State.ACCEPTED: Wording.of(en="sent", fr="envoyée"),
    State.DELIVERED: Wording.of(
        en="received by the office’s mail service", fr="reçue par le service de courriel du bureau"
    ),
    State.BOUNCED: Wording.of(en="came back", fr="revenue"),
    State.FAILED: Wording.of(en="could not be sent", fr="envoi impossible"),
    State.UNCERTAIN: Wording.of(en="being checked", fr="vérification en cours"),
    State.NEEDS_STAFF: Wording.of(en="being checked", fr="vérification en cours"),
    State.CANCELLED: Wording.of(en="not sent", fr="non envoyée"),
    State.EXPIRED: Wording.of(en="not sent", fr="non envoyée"),
}
NOT_REALLY = Wording.of(en="not sent, as this is a rehearsal", fr="non envoyée, puisque c’est un essai")
WRITTEN_BEFORE = Wording.of(
    en="not sent, since you wrote to this office on {day}",
    fr="non envoyée, puisque vous avez écrit à ce bureau le {day}",
)
CAME_BACK_SUBJECT = Wording.of(en="What could not be delivered", fr="Ce qui n’a pas pu être remis")
WHAT_ONE_CAN_DO = Wording.of(
    en="What you can do: the receipt has the text of each letter, to print and mail; you can also write again.",
    fr="Ce que vous pouvez faire\u00a0: le reçu contient le texte de chaque lettre, à imprimer et à poster; vous "
    "pouvez aussi écrire de nouveau.",
)
OUTCOME_BUTTON = Wording.of(en="See the receipt", fr="Voir le reçu")
WHAT_THE_RECEIPT_DOES = Wording.of(
    en="The receipt shows what was sent, to whom and when. You can also print it, download your data or delete it "
    "there.",
    fr="Le reçu montre ce qui a été envoyé, à qui et quand. On peut aussi l’imprimer, y télécharger ses données ou les "
    "supprimer.",
)

VIA = Wording.of(en="{name} via {campaign}", fr="{name} via {campaign}")
