"""Two states of a TOML file compared value by value, each named by the words people know it by."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from advocacy.campaigns.campaign import Chamber
from advocacy.campaigns.condition_words import each
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.label_words import KNOWN_FIELDS
from advocacy.campaigns.labels import Labels, shown
from advocacy.campaigns.notation import labelled
from advocacy.language import Language, Wording, speak_date

LANGUAGES = frozenset(Language)
SHORT = 40
"""Characters of a name that a title still shows whole."""
NAMES = {
    "title": Wording.of(en="Title", fr="Titre"),
    "ask": Wording.of(en="What it asks", fr="Demande"),
    "name": Wording.of(en="Name", fr="Nom"),
    "headline": Wording.of(en="Headline", fr="Grand titre"),
    "deck": Wording.of(en="Introduction to the letters", fr="Introduction aux lettres"),
    "chambers": Wording.of(en="Chambers written to", fr="Chambres à qui l’on écrit"),
    "organiser": Wording.of(en="Organiser", fr="Organisation responsable"),
    "privacy_contact": Wording.of(en="Contact for privacy", fr="Contact pour la vie privée"),
    "leave": Wording.of(en="Where “Leave this site” leads", fr="Où mène «\u00a0Quitter ce site\u00a0»"),
    "source_note": Wording.of(en="Source note", fr="Note de source"),
    "opens": Wording.of(en="Opens", fr="Ouverture"),
    "closes": Wording.of(en="Closes", fr="Fermeture"),
    "choices": Wording.of(en="Answers offered", fr="Réponses proposées"),
    "findings": Wording.of(en="Findings cited", fr="Constats cités"),
    "field": Wording.of(en="Field", fr="Champ"),
    "kind": Wording.of(en="Kind", fr="Sorte"),
    "label": Wording.of(en="Label", fr="Libellé"),
    "hint": Wording.of(en="Hint", fr="Indication"),
    "required": Wording.of(en="Required", fr="Obligatoire"),
    "max_characters": Wording.of(en="Characters at most", fr="Caractères, au plus"),
    "word_count": Wording.of(en="Good length in words", fr="Bonne longueur en mots"),
    "least": Wording.of(en="least", fr="au moins"),
    "most": Wording.of(en="most", fr="au plus"),
    "prompt": Wording.of(en="Start of a sentence", fr="Début de phrase"),
    "sentence": Wording.of(en="Sentence in the letter", fr="Phrase dans la lettre"),
    "sensitive": Wording.of(en="Sensitive", fr="Délicat"),
    "key": Wording.of(en="Key", fr="Clé"),
    "source": Wording.of(en="Source", fr="Source"),
    "started": Wording.of(en="Beginning (year and month)", fr="Début (année et mois)"),
    "months": Wording.of(en="Months", fr="Mois"),
    "respondents": Wording.of(en="Respondents", fr="Personnes ayant répondu"),
    "several_answers": Wording.of(en="Several answers possible", fr="Plusieurs réponses possibles"),
    "count": Wording.of(en="Number of people", fr="Nombre de personnes"),
    "link": Wording.of(en="Address of the published survey", fr="Adresse du sondage publié"),
    "survey": Wording.of(en="Survey", fr="Sondage"),
    "respondents_at_least": Wording.of(en="Respondents, at least", fr="Personnes ayant répondu, au moins"),
    "mode": Wording.of(en="How people were asked", fr="Mode du sondage"),
    "introduction": Wording.of(en="Introduction", fr="Introduction"),
    "question": Wording.of(en="Question", fr="Question"),
    "preamble": Wording.of(en="Read before the question", fr="Lu avant la question"),
    "option": Wording.of(en="Answer", fr="Réponse"),
    "percent": Wording.of(en="Share, in percent", fr="Part, en pourcentage"),
    "wording": Wording.of(en="Wording", fr="Formulation"),
    "highlight": Wording.of(en="Highlight", fr="Fait saillant"),
    "summary": Wording.of(en="Sentence after the figure", fr="Phrase après le chiffre"),
    "translated": Wording.of(en="Translated by us", fr="Traduit par nous"),
    "quote": Wording.of(en="Quote", fr="Citation"),
    "statement": Wording.of(en="Words", fr="Paroles"),
    "attribution": Wording.of(en="Said by", fr="Source des paroles"),
    "number": Wording.of(en="Number", fr="Numéro"),
    "content_notice": Wording.of(en="Notice above the form", fr="Avertissement au-dessus du formulaire"),
    "own_words": Wording.of(en="Hint for own words", fr="Indication pour les propres mots"),
    "found_material": Wording.of(en="Help for found material", fr="Aide pour du contenu trouvé"),
    "image_of_you": Wording.of(en="Help beside sensitive answers", fr="Aide à côté des réponses délicates"),
    "support": Wording.of(en="Support line", fr="Ligne de soutien"),
    "words": Wording.of(en="Text", fr="Texte"),
    "what": Wording.of(en="What it offers", fr="Ce qu’elle offre"),
    "contact": Wording.of(en="How to reach it", fr="Comment la joindre"),
    "status": Wording.of(en="Status", fr="État"),
    "note": Wording.of(en="Note for staff", fr="Note interne"),
    "method": Wording.of(en="How the survey was made", fr="Façon dont le sondage a été fait"),
    "share": Wording.of(en="Text of the share button", fr="Texte du bouton de partage"),
    "discreet": Wording.of(en="Mails name the site alone", fr="Les courriels ne nomment que le site"),
    "also": Wording.of(en="Also write to", fr="Écrire aussi à"),
    "minister": Wording.of(en="minister", fr="ministre"),
    "legislator": Wording.of(en="person, by id", fr="personne, par son identifiant"),
    "senators_of_province": Wording.of(en="senators of the province", fr="sénateurs et sénatrices de la province"),
    "reason": Wording.of(en="reason", fr="raison"),
}
INSIDE = {"question": Wording.of(en="text", fr="texte")}
"""What is called otherwise inside an entry than the entry is."""
ANSWER_OF = Wording.of(en="Answer ({list})", fr="Réponse ({list})")
KINDS = {
    FieldKind.LINE: Wording.of(en="A line", fr="Une ligne"),
    FieldKind.WORDS: Wording.of(en="Own words", fr="Propres mots"),
    FieldKind.CHOICE: Wording.of(en="A choice", fr="Un choix"),
    FieldKind.EMAIL: Wording.of(en="An e-mail address", fr="Une adresse courriel"),
    FieldKind.POSTAL_CODE: Wording.of(en="A postal code", fr="Un code postal"),
    FieldKind.PROVINCE: Wording.of(en="A province", fr="Une province"),
}
VALUES: Mapping[str, Mapping[str, Wording]] = {
    "kind": KINDS,  # type: ignore[dict-item]
    "choices": KNOWN_FIELDS,
    "chambers": {
        Chamber.HOUSE_OF_COMMONS: Wording.of(en="House of Commons", fr="Chambre des communes"),
        Chamber.SENATE: Wording.of(en="Senate", fr="Sénat"),
        Chamber.MINISTERS: Wording.of(en="ministers", fr="ministres"),
    },
    "translated": {
        Language.EN: Wording.of(en="the English", fr="l’anglais"),
        Language.FR: Wording.of(en="the French", fr="le français"),
    },
}
"""What the files' own words for something are called, by the setting."""
YES, NO = Wording.of(en="yes", fr="oui"), Wording.of(en="no", fr="non")
UNREADABLE = Wording.of(en="The file", fr="Le fichier")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and its name; None where it is not there. `ours` where the file has a sign, and the words are ours."""

    title: Wording
    before: Wording | None
    after: Wording | None
    ours: bool = False

    def texts(self, language: Language) -> tuple[str, str]:
        """Give what it was and what it is."""
        return tuple(one.spoken(language) if one else "" for one in (self.before, self.after))  # type: ignore[return-value]


def settings(old: bytes | None, new: bytes | None, *, labels: Sequence[Labels | None] = (None, None)) -> list[Setting]:
    """Give every value of two states of a file, in the new one's order; the whole text where one is not TOML.

    `labels` are those of the two states, for what of the survey a value names.
    """
    read = _read(old), _read(new)
    if read[0] is None or read[1] is None:
        before, after = (Wording.same((one or b"").decode("utf-8", "replace")) for one in (old, new))
        return [Setting(UNREADABLE, before, after)]
    values = [dict(_flat(one, (), labels=known)) for one, known in zip(read, labels, strict=True)]
    about = {path: (title, ours) for one in values for path, (title, _, ours) in one.items()}
    paths = dict.fromkeys([*values[1], *values[0]])
    found = {}
    for path in paths:
        was, now = (one[path][1] if path in one else None for one in values)
        found[path] = Setting(about[path][0], was, now, about[path][1])
    return [one for path, one in found.items() if path[-1:] != ("key",) or _tells_apart(one, found)]


def _tells_apart(key: Setting, found: Mapping[tuple[str, ...], Setting]) -> bool:
    """Tell whether a key is all that tells an entry that is gone from one that is new."""
    alike = [one for one in found.values() if one.title == key.title]
    return any(one.before is None for one in alike) and any(one.after is None for one in alike)


def _read(content: bytes | None) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads((content or b"").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _flat(
    value: Any, path: tuple[str, ...], *, labels: Labels | None, title: Wording | None = None
) -> Iterator[tuple[tuple[str, ...], tuple[Wording, Wording, bool]]]:
    """Give every value by its path, in which entries of a list go by their key: its title, its words, whether ours."""
    if isinstance(value, dict):
        texts = {name: text for name, text in value.items() if name in LANGUAGES and isinstance(text, str)}
        if set(texts) == LANGUAGES:
            yield path, (title or _said(path), _text(path, texts, labels), False)
        for name, inner in value.items():
            if name not in texts or set(texts) != LANGUAGES:
                yield from _flat(inner, (*path, name), labels=labels, title=_under(title, (*path, name)))
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for place, entry in enumerate(value, start=1):
            name = str(entry.get("key", place))
            yield from _flat(entry, (*path, name), labels=labels, title=_entry_title(title or _said(path), entry, name))
    else:
        yield path, (title or _said(path), _spoken(path[-1] if path else "", value, labels), True)


def _entry_title(above: Wording, entry: Mapping[str, Any], name: str) -> Wording:
    """Name an entry of a list as people know it: by its label, its question, its words, or its number."""
    said = entry.get("label") or entry.get("question") or entry.get("wording") or {}
    known = isinstance(said, dict) and all(isinstance(said.get(language), str) for language in Language)
    named = {language: _short(said[language]) if known else name for language in Language}
    return each(lambda language: f"{above[language]} {_quoted(named[language], language, known)}")


def _quoted(text: str, language: Language, known: bool) -> str:
    if not known:
        return text
    return {Language.EN: f"“{text}”", Language.FR: f"«\u00a0{text}\u00a0»"}[language]


def _under(title: Wording | None, path: tuple[str, ...]) -> Wording | None:
    """Say the title of what stands inside something; the lists of answers stand in nothing, and are named whole."""
    if path[:-1] == ("choices",):
        named = VALUES["choices"].get(path[-1]) or _plain(path[-1])
        return each(lambda language: ANSWER_OF[language].format(list=named[language]))
    if title is None:
        return None if path == ("choices",) else _said(path)
    name = INSIDE.get(path[-1]) or _said(path)
    return each(lambda language: f"{title[language]}, {name[language][:1].lower()}{name[language][1:]}")


def _said(path: tuple[str, ...]) -> Wording:
    name = path[-1] if path else ""
    return NAMES.get(name) or _plain(name)


def _plain(name: str) -> Wording:
    return Wording.same(name.replace("_", " "))


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


def _text(path: tuple[str, ...], texts: Mapping[str, str], labels: Labels | None) -> Wording:
    if path != ("source_note",) or labels is None:
        return Wording(texts)
    return each(lambda language: labelled(texts[language], labels, language))


def _spoken(name: str, value: Any, labels: Labels | None) -> Wording:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return each(lambda language: speak_date(value, language))
    if isinstance(value, list):
        parts = [_called(name, str(one), labels) for one in value]
        return each(lambda language: ", ".join(part(language) for part in parts))
    return each(_called(name, str(value), labels))


def _called(name: str, value: str, labels: Labels | None) -> Callable[[Language], str]:
    """Say what a value is called: a finding by its label, what the files have a word for by its words."""
    label = labels.by_name.get(f"finding.{value}") if labels and name == "findings" else None
    if label is not None:
        return lambda language: shown(label, language)
    return VALUES.get(name, {}).get(value, Wording.same(value)).spoken
