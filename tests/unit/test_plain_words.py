"""Words that readers found odd do not come back: on pages, in mails, in errors, in commands and their help, in the guides."""

import ast
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from advocacy.cli import advocacy
from advocacy.language import Language
from advocacy.messages import source

ROOT = Path(__file__).parents[2]
GUIDES = ("docs/guide/en.md", "docs/guide/fr.md")

ODD = {
    # English: what was said, and what is said instead.
    r"\bmeets? (it|them)\b": "The public won’t see it until you publish.",
    r"no longer leave\b": "can no longer be sent",
    r"remains? to be read": "You can still read the findings.",
    r"\bthe journal\b": "the log, the audit log",
    r"awaits your confirmation": "Confirm your letter",
    r"your last choice": "if nothing else works",
    r"get it to them": "Send your letter",
    r"have them sent": "Send all letters, Let us send them",
    r"the line (\w+ )*broke\b": "The connection dropped",
    r"has already served": "has already been used",
    r"^mended\.": "Fixed.",
    r"\bmend(ed)? (this|that|these|what|first)\b": "Fix this first",
    r"let the list count": "Use this list",
    r"a line without a person": "an anonymous record",
    r"neighbourhood of the network": "your part of the network",
    r"\bvisits? (of|ends?|has|have)\b|\bmy visits\b": "session",
    r"^first page": "Home",
    r"second steps?\b": "two-step verification",
    r"\byour words\b": "your text",
    r"letters at once": "All letters, Both letters",
    r"\bword hold\b": "PDF and Word include",
    r"^put %": "Change to 95%",
    r"good to know": "Checked",
    r"\b(nothing|what you wrote|letters|it) leaves?\b(?! it)": "is sent",
    r"\bbecomes of\b|\bwhat became of\b": "Follow your letter",
    r"you will be answered": "Your MP will reply here.",
    r"the office that you live there": "your MP you’re a constituent",
    r"\bis rehearsing\b|laid in a folder": "Test site: nothing is really sent.",
    r"\bbring in\b": "import, update",
    r"a word for whoever": "Note to the author",
    r"^leave it$": "Cancel",
    r"name in addresses": "Name in the web address",
    r"say it otherwise": "will change",
    r"\bpost (it|them)\b": "mail it",
    r"handed over|handing (it|them) over": "sent",
    # French.
    r"ne partent plus": "On ne peut plus envoyer de lettres",
    r"restent à lire": "restent en ligne",
    r"personne en gestion": "une ou un gestionnaire",
    r"deuxièmes? preuves?\b": "vérification en deux étapes",
    r"envoyez-l(a|es) pour moi": "Confier l’envoi au site",
    r"votre dernier choix": "en dernier recours",
    r"mûrir à son rythme": "prenez tout votre temps",
    r"ligne sans personne": "une mention anonyme",
    r"voisinage du réseau": "une même portion du réseau",
    r"une étape attend": "Confirmez l’envoi de votre lettre",
    r"^son sujet": "Demande",
    r"c'est comparé": "Comparaison terminée",
    r"(supprimer|effacer?|tout) à l'instant": "immédiatement",
    r"^portrait$": "Statistiques",
    r"\bemport(er|ez)\b": "imprimez, copiez ou téléchargez",
    r"nomme[zr] une province": "Indiquez",
    r"se répond par oui ou par non": "ne peut valoir que oui ou non",
    r"\benvoi fait\b": "envoyée",
    r"\bséances?\b": "session",
    r"adresses? électroniques?": "adresse courriel",
    r"\bdéputation\b": "le député ou la députée",
    r"ce que (votre lettre est devenue|vos lettres sont devenues)": "Suivi de votre lettre",
    r"\bqui écrit peut publier": "une même personne peut écrire et publier",
}
MARKUP = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", re.DOTALL)
PATTERNS = {re.compile(odd, re.IGNORECASE): better for odd, better in ODD.items()}


def odd_in(text: str) -> list[str]:
    """The odd words of a text, each with what to say instead."""
    plain = text.replace("\u00a0", " ").replace("’", "'")
    return [f"{found[0]!r}: say {better!r}" for odd, better in PATTERNS.items() if (found := odd.search(plain))]


def catalogue() -> Iterator[str]:
    for message in read_po(BytesIO(source(Language.FR))):
        for words in (message.id, message.string):
            yield from (words,) if isinstance(words, str) else words or ()


def strings(path: Path) -> Iterator[str]:
    """The texts in a module's code, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def code() -> Iterator[str]:
    for path in sorted((ROOT / "advocacy").rglob("*.py")):
        yield from strings(path)


def files() -> Iterator[str]:
    """What templates say without the catalogue, and the tables of fields and of problems."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from MARKUP.sub(" ", path.read_text(encoding="utf-8")).splitlines()
    for path in (*(ROOT / "advocacy" / "campaigns").glob("*.toml"), *(ROOT / "advocacy" / "web").rglob("*.toml")):
        yield from path.read_text(encoding="utf-8").splitlines()


def helps(command: click.Command = advocacy, name: str = "advocacy") -> Iterator[str]:
    context = click.Context(command, info_name=name)
    yield " ".join(command.get_help(context).split())
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from helps(found, f"{name} {below}")


def guides() -> Iterator[str]:
    for guide in GUIDES:
        yield from (ROOT / guide).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("texts", [catalogue, code, files, helps, guides])
def test_no_odd_word_is_said(texts: Callable[[], Iterator[str]]) -> None:
    said = list(texts())
    assert len(said) > 20
    assert {text: odd for text in dict.fromkeys(said) if (odd := odd_in(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Nobody meets it before it is published.",
        "Letters no longer leave; the findings remain to be read.",
        "Put %(right)s",
        "The line to the mail service broke.",
        "Confirm. What you wrote leaves, and a page tells you what becomes of it.",
        "Leave it",
        "Son sujet\u00a0: %(title)s.",
        "C’est comparé",
        "« Supprimer » efface tout à l’instant",
        "La séance se ferme.",
    ],
)
def test_an_odd_word_is_found(text: str) -> None:
    assert odd_in(text)


@pytest.mark.parametrize(
    "text",
    ["You do not need to tell your story to be heard.", "Nothing you wrote is lost.", "Vous n’y êtes pour rien."],
)
def test_what_was_good_is_still_said(text: str) -> None:
    assert any(text in words for words in catalogue())
