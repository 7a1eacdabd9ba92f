"""What the site itself writes to a citizen, in every language: short, neutral, and free of what anybody typed."""

from advocacy.delivery.states import State
from advocacy.language import Wording

REHEARSAL = Wording.of(
    en="This site is rehearsing: nothing really leaves.", fr="Site à l’essai\u00a0: rien ne part vraiment."
)
GREETING = Wording.of(en="Hello, {name}.", fr="Bonjour, {name}.")
GREETING_NOBODY = Wording.of(en="Hello.", fr="Bonjour.")
OR_COPY = Wording.of(en="Or copy this link into your browser:", fr="Ou copiez ce lien dans votre navigateur :")

CONFIRM_SUBJECT = Wording.of(en="One step to confirm", fr="Une étape à confirmer")
CONFIRM = Wording.of(
    en="This address was given on our site. One step awaits your confirmation; without it, nothing happens.",
    fr="Cette adresse a été inscrite sur notre site. Une étape attend votre confirmation; sans elle, rien ne se passe.",
)
CONFIRM_BUTTON = Wording.of(en="See and confirm", fr="Voir et confirmer")
CONFIRM_UNTIL = Wording.of(
    en="This link works once, and until {moment}.",
    fr="Ce lien sert une seule fois et reste valable jusqu’au {moment}.",
)
NOT_YOU = Wording.of(
    en="This wasn’t you? The same link lets you delete everything at once. If you do nothing, everything is erased "
    "after that time.",
    fr="Ce n’est pas vous? Le même lien permet de tout supprimer à l’instant. Si vous ne faites rien, tout est effacé "
    "passé ce délai.",
)

UNDERWAY_SUBJECT = Wording.of(en="Confirmed: it takes a while", fr="C’est confirmé, avec un peu d’attente")
ONE_UNDERWAY = Wording.of(
    en="Confirmed. The letter waits its turn and should leave on {moment}.",
    fr="C’est confirmé. La lettre attend son tour; sauf imprévu, elle partira le {moment}.",
)
SOME_UNDERWAY = Wording.of(
    en="Confirmed. The letters leave one after another; the last should leave on {moment}.",
    fr="C’est confirmé. Les lettres partent l’une après l’autre; sauf imprévu, la dernière partira le {moment}.",
)
WHAT_THE_PAGE_DOES = Wording.of(
    en="The page shows where things stand. There you can also delete everything: what has not left by then will not "
    "leave. Another message follows at the end.",
    fr="La page montre où en sont les choses. On peut aussi tout y supprimer\u00a0: ce qui n’est pas encore parti ne "
    "partira pas. Un autre message suivra à la fin.",
)

OUTCOME_SUBJECT = Wording.of(en="What became of your request", fr="La suite donnée à votre demande")
ALL_GONE = Wording.of(en="Everything you confirmed has been sent.", fr="Tout ce que vous avez confirmé est parti.")
ONE_GONE = Wording.of(en="What you confirmed has been sent.", fr="Ce que vous avez confirmé est parti.")
REST_GONE = Wording.of(
    en="The rest of what you confirmed has been sent.", fr="Le reste de ce que vous avez confirmé est parti."
)
REHEARSED = Wording.of(
    en="Outside a rehearsal, what you confirmed would have been sent.",
    fr="Hors essai, ce que vous avez confirmé serait parti.",
)
NONE_DELIVERED = Wording.of(
    en="What you confirmed could not be delivered:", fr="Ce que vous avez confirmé n’a pas pu être remis\u00a0:"
)
ONE_CAME_BACK = Wording.of(
    en="Not everything you confirmed could be delivered:",
    fr="Une partie de ce que vous avez confirmé n’a pas pu être remise :",
)
ONE_STAYED = Wording.of(
    en="Not everything you confirmed was sent:",
    fr="Une partie de ce que vous avez confirmé n’est pas partie\u00a0:",
)
NONE_SENT = Wording.of(en="What you confirmed was not sent:", fr="Ce que vous avez confirmé n’est pas parti\u00a0:")
NONE_LEFT = Wording.of(
    en="Nothing was sent this time: you had written already, and once is enough.",
    fr="Rien n’est parti cette fois\u00a0: vous aviez déjà écrit, et une fois suffit.",
)
ONE_STANDING = Wording.of(en="{name}: {standing}", fr="{name} : {standing}")
VACANT = Wording.of(en="Office of the seat", fr="Bureau du député ou de la députée")
STANDINGS = {
    State.READY: Wording.of(en="waits its turn", fr="en attente de son tour"),
    State.SENDING: Wording.of(en="leaving now", fr="départ en cours"),
    State.ACCEPTED: Wording.of(en="sent", fr="envoi fait"),
    State.DELIVERED: Wording.of(
        en="received by the office’s mail service", fr="arrivée au service de courriel du bureau"
    ),
    State.BOUNCED: Wording.of(en="came back", fr="retour à l’envoi"),
    State.FAILED: Wording.of(en="could not be sent", fr="envoi impossible"),
    State.UNCERTAIN: Wording.of(en="being checked", fr="vérification en cours"),
    State.NEEDS_STAFF: Wording.of(en="being checked", fr="vérification en cours"),
    State.CANCELLED: Wording.of(en="not sent", fr="sans envoi"),
    State.EXPIRED: Wording.of(en="not sent", fr="sans envoi"),
}
NOT_REALLY = Wording.of(en="not sent, as this is a rehearsal", fr="sans envoi, puisque c’est un essai")
WRITTEN_BEFORE = Wording.of(
    en="not sent, since you wrote to this office on {day}",
    fr="sans envoi, puisque vous avez écrit à ce bureau le {day}",
)
CAME_BACK_SUBJECT = Wording.of(en="What could not be delivered", fr="Ce qui n’a pas pu être remis")
WHAT_ONE_CAN_DO = Wording.of(
    en="What you can do: the receipt has the words of each letter, to print and mail; you can also write again.",
    fr="Ce que vous pouvez faire\u00a0: le reçu contient le texte de chaque lettre, à imprimer et à poster; vous "
    "pouvez aussi écrire de nouveau.",
)
OUTCOME_BUTTON = Wording.of(en="See the receipt", fr="Voir le reçu")
WHAT_THE_RECEIPT_DOES = Wording.of(
    en="The receipt shows what was sent, to whom and when. There you can also print it, take your data along or "
    "delete it.",
    fr="Le reçu montre ce qui est parti, à qui et quand. On peut aussi l’y imprimer, emporter ses données ou les "
    "supprimer.",
)

VIA = Wording.of(en="{name} via {campaign}", fr="{name} via {campaign}")
