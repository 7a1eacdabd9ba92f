"""The journal's acts in words, and what changed by one, line by line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from advocacy.language import Language, Wording
from advocacy.staff.audit import Act

ACTS = MappingProxyType(
    {
        Act.INVITED: Wording.of(en="invited somebody", fr="a envoyé une invitation"),
        Act.INVITATION_WITHDRAWN: Wording.of(en="withdrew an invitation", fr="a retiré une invitation"),
        Act.JOINED: Wording.of(en="joined the staff", fr="a rejoint l’équipe"),
        Act.SIGNED_IN: Wording.of(en="signed in", fr="a ouvert une session"),
        Act.SIGNED_OUT: Wording.of(en="signed out", fr="a fermé sa session"),
        Act.SIGN_IN_FAILED: Wording.of(en="failed to sign in", fr="n’a pas réussi à ouvrir une session"),
        Act.REFUSED: Wording.of(en="was refused a page", fr="s’est vu refuser une page"),
        Act.PASSWORD_CHANGED: Wording.of(en="changed their password", fr="a changé son mot de passe"),
        Act.SECOND_FACTOR_ADDED: Wording.of(en="added a verification method", fr="a ajouté un moyen de vérification"),
        Act.SECOND_FACTOR_REMOVED: Wording.of(
            en="removed a verification method", fr="a retiré un moyen de vérification"
        ),
        Act.RECOVERY_CODES_MADE: Wording.of(en="created recovery codes", fr="a créé des codes de secours"),
        Act.RECOVERY_CODE_USED: Wording.of(en="used a recovery code", fr="a utilisé un code de secours"),
        Act.ACCOUNT_CHANGED: Wording.of(en="changed their name or language", fr="a changé son nom ou sa langue"),
        Act.ROLE_CHANGED: Wording.of(en="changed a role", fr="a changé un rôle"),
        Act.ACCOUNT_CLOSED: Wording.of(en="closed an account", fr="a fermé un compte"),
        Act.ACCOUNT_OPENED: Wording.of(en="reopened an account", fr="a rouvert un compte"),
        Act.VISITS_ENDED: Wording.of(en="signed somebody out everywhere", fr="a fermé toutes les sessions d’un compte"),
        Act.REVISION_SAVED: Wording.of(en="saved a revision", fr="a enregistré une révision"),
        Act.PUBLICATION_ASKED: Wording.of(en="sent for review", fr="a demandé une relecture"),
        Act.PUBLICATION_WITHDRAWN: Wording.of(
            en="withdrew a request for review", fr="a retiré une demande de relecture"
        ),
        Act.PUBLISHED: Wording.of(en="published", fr="a publié"),
        Act.RETURNED: Wording.of(en="asked for changes", fr="a demandé des changements"),
        Act.COMMENTED: Wording.of(en="commented on a revision", fr="a commenté une révision"),
        Act.PUBLICATION_SCHEDULED: Wording.of(en="scheduled a publication", fr="a prévu une publication"),
        Act.PUBLICATION_UNSCHEDULED: Wording.of(
            en="cancelled a scheduled publication", fr="a annulé une publication prévue"
        ),
        Act.TAKEN_OFFLINE: Wording.of(en="took offline", fr="a mis hors ligne"),
        Act.PUT_ONLINE: Wording.of(en="put back online", fr="a remis en ligne"),
        Act.ARCHIVED: Wording.of(en="archived", fr="a archivé"),
        Act.RESTORED: Wording.of(en="restored from the archive", fr="a sorti des archives"),
        Act.DELETED: Wording.of(en="deleted", fr="a supprimé"),
        Act.CAMPAIGN_MADE: Wording.of(en="created a campaign", fr="a créé une campagne"),
        Act.CAMPAIGN_IMPORTED: Wording.of(en="imported a campaign", fr="a importé une campagne"),
        Act.CAMPAIGN_EXPORTED: Wording.of(en="exported a campaign", fr="a exporté une campagne"),
        Act.OWN_LIST_CHANGED: Wording.of(en="changed a campaign’s own list", fr="a changé la liste d’une campagne"),
        Act.RULE_CHANGED: Wording.of(en="changed a rule of a campaign", fr="a changé une règle d’une campagne"),
        Act.BILL_CONFIRMED: Wording.of(en="confirmed the stage of a bill", fr="a confirmé l’étape d’un projet de loi"),
        Act.LEGISLATOR_CORRECTED: Wording.of(
            en="corrected an entry of the directory", fr="a corrigé une fiche du répertoire"
        ),
        Act.DIRECTORY_REFRESHED: Wording.of(en="updated the directory", fr="a mis le répertoire à jour"),
        Act.ADDRESS_TRUSTED: Wording.of(en="restored an address", fr="a rétabli une adresse"),
        Act.OUTBOX_PAUSED: Wording.of(en="paused sending", fr="a suspendu les envois"),
        Act.OUTBOX_RESUMED: Wording.of(en="resumed sending", fr="a repris les envois"),
        Act.LETTER_SENT_AGAIN: Wording.of(en="had a letter sent again", fr="a fait renvoyer une lettre"),
        Act.LETTER_CANCELLED: Wording.of(en="cancelled a letter", fr="a annulé une lettre"),
        Act.LETTER_MARKED_SENT: Wording.of(en="marked a letter as sent", fr="a marqué une lettre comme envoyée"),
        Act.LETTER_READ: Wording.of(en="opened the text of a letter", fr="a ouvert le texte d’une lettre"),
        Act.INSIGHT_EXPORTED: Wording.of(en="downloaded figures", fr="a téléchargé des chiffres"),
        Act.DELIVERIES_EXPORTED: Wording.of(
            en="downloaded the list of letters", fr="a téléchargé la liste des lettres"
        ),
        Act.LETTERS_MERGED: Wording.of(en="merged letters from a sheet", fr="a fait un publipostage"),
        Act.REASON_ERASED: Wording.of(en="erased a reason", fr="a effacé un motif"),
    }
)
"""Each act as it goes on from the name of who did it."""

PLACES = MappingProxyType(
    {
        "account": Wording.of(en="account", fr="compte"),
        "at": Wording.of(en="for", fr="pour le"),
        "added": Wording.of(en="joined", fr="arrivées"),
        "alone": Wording.of(en="one person writes and publishes", fr="une seule personne écrit et publie"),
        "as_of": Wording.of(en="as of", fr="en date du"),
        "bill": Wording.of(en="bill", fr="projet de loi"),
        "by_its_writer": Wording.of(en="by its writer", fr="par qui l’a écrite"),
        "changed": Wording.of(en="changed", fr="modifications"),
        "copied_from": Wording.of(en="copied from", fr="d’après"),
        "confirmed": Wording.of(en="confirmed on", fr="confirmée le"),
        "digest": Wording.of(en="checksum", fr="empreinte"),
        "document": Wording.of(en="document", fr="document"),
        "documents": Wording.of(en="documents", fr="documents"),
        "email": Wording.of(en="e-mail address", fr="courriel"),
        "factor": Wording.of(en="verification method", fr="moyen de vérification"),
        "format": Wording.of(en="format", fr="format"),
        "invitation": Wording.of(en="invitation", fr="invitation"),
        "language": Wording.of(en="language", fr="langue"),
        "gone": Wording.of(en="left", fr="départs"),
        "left": Wording.of(en="codes left", fr="codes qui restent"),
        "left_out": Wording.of(en="rows left out", fr="lignes écartées"),
        "letters": Wording.of(en="letters", fr="lettres"),
        "name": Wording.of(en="name", fr="nom"),
        "number": Wording.of(en="number", fr="numéro"),
        "resolved": Wording.of(en="resolved", fr="réglé"),
        "role": Wording.of(en="role", fr="rôle"),
        "source": Wording.of(en="source", fr="source"),
        "stage": Wording.of(en="stage", fr="étape"),
        "state": Wording.of(en="state", fr="état"),
        "telephone": Wording.of(en="telephone", fr="téléphone"),
        "times": Wording.of(en="times in 15 minutes", fr="fois en 15 minutes"),
        "together": Wording.of(en="with the rest of the campaign", fr="avec le reste de la campagne"),
    }
)
"""What an act changed, by its place in the content; a place that is not here is shown as it is."""
VALUES = MappingProxyType(
    {
        "all of them": Wording.of(en="all of them", fr="toutes"),
        "app": Wording.of(en="app", fr="application"),
        "false": Wording.of(en="no", fr="non"),
        "manager": Wording.of(en="Manager", fr="Gestion"),
        "passkey": Wording.of(en="passkey", fr="clé d’accès"),
        "publisher": Wording.of(en="Publisher", fr="Publication"),
        "true": Wording.of(en="yes", fr="oui"),
        "writer": Wording.of(en="Writer", fr="Rédaction"),
    }
)
"""What stands for one of the site's own words at a place of these."""
NAMED = frozenset({"alone", "by_its_writer", "factor", "role", "together"})
DIGEST = 12
"""Signs shown of a digest, enough to tell it from another."""
SUBJECTS = MappingProxyType(
    {
        "account": Wording.of(en="account", fr="compte"),
        "campaign": Wording.of(en="campaign", fr="campagne"),
        "entry": Wording.of(en="entry", fr="inscription"),
        "invitation": Wording.of(en="invitation", fr="invitation"),
        "legislator": Wording.of(en="directory", fr="répertoire"),
        "letter": Wording.of(en="letter", fr="lettre"),
        "list": Wording.of(en="list", fr="liste"),
        "mail": Wording.of(en="mail", fr="courriel"),
        "message": Wording.of(en="letter", fr="lettre"),
        "page": Wording.of(en="page", fr="page"),
        "revision": Wording.of(en="revision", fr="révision"),
    }
)
"""What an act was done to, by the word before the colon of its subject."""
WHOLE = MappingProxyType(
    {
        "outbox": Wording.of(en="sending", fr="envois"),
        "sign-in": Wording.of(en="an address without an account", fr="une adresse sans compte"),
    }
)
"""What an act was done to, where there is only one of its kind."""

MOST = 400
"""Signs shown of one value."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that an act changed: its place in the content, and what stood there and stands there."""

    place: str
    before: str
    after: str


def acted(act: str) -> Wording:
    """Give an act in words; the name itself for one that an older version knew."""
    return ACTS[Act(act)] if act in set(Act) else Wording.of(en=act, fr=act)


def told(one: Changed, language: Language) -> Changed:
    """Give a change in the words of one language; a place that has none is shown as it is, and a digest shortened."""
    place = PLACES.get(one.place, Wording.same(one.place)).spoken(language)
    return Changed(place, *(_valued(one.place, text, language) for text in (one.before, one.after)))


def _valued(place: str, text: str, language: Language) -> str:
    if place == "digest" and len(text) > DIGEST:
        return f"{text[:DIGEST]}…"
    return VALUES[text].spoken(language) if place in NAMED and text in VALUES else text


def subject(name: str) -> Wording:
    """Give what an act was done to: "revision:9" as "revision, 9"."""
    kind, colon, rest = name.partition(":")
    known = SUBJECTS.get(kind) if colon else None
    if known is None:
        return WHOLE.get(name, Wording.same(name))
    return Wording.of(en=f"{known[Language.EN]}, {rest}", fr=f"{known[Language.FR]}, {rest}")


def changes(before: Any, after: Any, place: str = "") -> Iterator[Changed]:
    """Give what is not the same in two contents, the innermost things alone."""
    if isinstance(before, dict | None) and isinstance(after, dict | None):
        old, new = before or {}, after or {}
        for key in dict.fromkeys((*old, *new)):
            yield from changes(old.get(key), new.get(key), f"{place}.{key}" if place else str(key))
    elif before != after:
        yield Changed(place, _shown(before), _shown(after))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST else f"{text[:MOST]}…"
