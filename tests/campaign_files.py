"""A small campaign whose files need no mending, and ways to break it."""

from collections.abc import Mapping

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.fields import FieldKind
from advocacy.language import Language

NAME = "open-libraries"
LETTER = "sunday-hours"

CAMPAIGN = """\
# Open libraries.
name.en = "Libraries open on Sunday"
name.fr = "Des bibliothèques ouvertes le dimanche"
ask.en = "We ask that public libraries open on Sunday."
ask.fr = "Nous demandons que les bibliothèques ouvrent le dimanche."
chambers = ["house-of-commons"]
"""

SENTENCES = """\
[[choices.role]]
key = "none"
label = { en = "I prefer not to say", fr = "Je préfère ne pas le dire" }

[[choices.role]]
key = "reader"
label = { en = "Reader", fr = "Lectrice ou lecteur" }
sentence = { en = "I read a great deal.", fr = "Je lis beaucoup." }
"""

FINDINGS = """\
source.en = "Readers of Canada"
source.fr = "Le Canada qui lit"
title.en = "Reading on Sunday"
title.fr = "Lire le dimanche"
started = "2024-03"
months = 7
respondents_at_least = 4300
method.en = "survey by mail"
method.fr = "sondage par la poste"

[[question]]
key = "opening"
number = 1
question.en = "Should libraries open on Sunday?"
question.fr = "Les bibliothèques devraient-elles ouvrir le dimanche?"

[[question.option]]
key = "opening_yes"
percent = 62
wording = { en = "Yes", fr = "Oui" }

[[question.option]]
key = "opening_no"
percent = 38
wording = { en = "No", fr = "Non" }
"""

LETTER_TOML = '''\
title.en = "Sunday hours"
title.fr = "Ouverture le dimanche"
ask.en = "Open libraries on Sunday."
ask.fr = "Ouvrir les bibliothèques le dimanche."

[[field]]
key = "role"
kind = "choice"
choices = "role"
label = { en = "I write as", fr = "J’écris comme" }

[[field]]
key = "reason"
kind = "words"
word_count = { least = 20, most = 90 }
label = { en = "Why it matters to you", fr = "Pourquoi c’est important pour vous" }

[[section]]
key = "subject"

[[section.alternative]]
en = """Libraries open on Sunday"""
fr = """Des bibliothèques ouvertes le dimanche"""

[[section]]
key = "opening"

[[section.alternative]]
en = """I ask you to open libraries on Sunday. {{ role }}"""
fr = """Je vous demande d’ouvrir les bibliothèques le dimanche. {{ role }}"""

[[section.alternative]]
en = """Please support libraries that open on Sunday. {{ role }}"""
fr = """Merci d’appuyer l’ouverture des bibliothèques le dimanche. {{ role }}"""

[[section]]
key = "survey"

[[section.alternative]]
en = """In a survey, {{ finding.opening_yes }} of respondents agreed."""
fr = """Dans un sondage, {{ finding.opening_yes }} des personnes ayant répondu étaient de cet avis."""

[[section]]
key = "own_words"

[[section.alternative]]
en = """{{ reason }}"""
fr = """{{ reason }}"""

[[section]]
key = "closing"

[[section.alternative]]
en = """Please tell me where you stand."""
fr = """Merci de me dire ce que vous en pensez."""

[[section.alternative]]
en = """Please reply by e-mail."""
fr = """Merci de me répondre par courriel."""
only_for = { given = ["email"] }
'''

TEXTS: Mapping[str, str] = {
    "campaign.toml": CAMPAIGN,
    "sentences.toml": SENTENCES,
    "findings.toml": FINDINGS,
    f"{LETTER}/letter.toml": LETTER_TOML,
}
FILES: Mapping[str, bytes] = {name: text.encode() for name, text in TEXTS.items()}


def campaign(changes: Mapping[str, bytes | str | None] | None = None, *, name: str = NAME) -> CampaignFolder:
    """The campaign, with files put in the place of its own; None takes a file away."""
    files: dict[str, bytes] = dict(FILES)
    for file, content in (changes or {}).items():
        if content is None:
            del files[file]
        else:
            files[file] = content.encode() if isinstance(content, str) else content
    return CampaignFolder.of(name, files)


def changed(file: str, old: str, new: str) -> CampaignFolder:
    """The campaign with `old`, which must stand in `file` once, put right or wrong."""
    text = TEXTS[file]
    assert text.count(old) == 1, f"{old!r} stands in {file} {text.count(old)} times"
    return campaign({file: text.replace(old, new)})


def with_field(field: str) -> str:
    """The letter's file with one question more, before its text."""
    return LETTER_TOML.replace("[[section]]", f"{field.strip()}\n\n[[section]]", 1)


def with_section(key: str, en: str, fr: str, *, letter: str = LETTER_TOML) -> str:
    """The letter's file with one section more, after the others."""
    return f'{letter}\n[[section]]\nkey = "{key}"\n\n[[section.alternative]]\nen = """{en}"""\nfr = """{fr}"""\n'


def campaign_with_field(kind: FieldKind) -> CampaignFolder:
    """The campaign, whose letter asks one thing more, of this kind: when somebody found a library closed."""
    is_list = kind is FieldKind.STATEMENTS
    field = f"""
[[field]]
key = "closed_on"
kind = "{kind}"
label = {{ en = "When did you find it closed?", fr = "Quand l’avez-vous trouvée fermée?" }}
{'statements = "reasons"' if is_list else ""}
"""
    letter = with_section("closed", "{{ closed_on }}", "{{ closed_on }}", letter=with_field(field))
    sentences = SENTENCES + statements_toml() if is_list else SENTENCES
    return campaign({"sentences.toml": sentences, f"{LETTER}/letter.toml": letter})


STATEMENTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "closed": {
        "en": (
            "I found mine closed.",
            "The library is closed when I pass by.",
            "More than once I stood before a locked reading room.",
            "On my day off, nobody opens those doors.",
            "My free day is the one on which the shelves stay out of reach.",
        ),
        "fr": (
            "J’ai trouvé la mienne fermée.",
            "La bibliothèque est fermée quand je passe.",
            "Plus d’une fois, la salle de lecture était verrouillée.",
            "Pendant mon congé, personne n’ouvre ces portes.",
            "Ma journée libre est celle où les rayons restent hors d’atteinte.",
        ),
    },
    "children": {
        "en": (
            "My children ask for books.",
            "At home, we run out of stories by Saturday night.",
            "A family with young readers needs new pages every week.",
            "The little ones beg me for one more story.",
        ),
        "fr": (
            "Mes enfants demandent des livres.",
            "Chez nous, les histoires manquent dès le samedi soir.",
            "Une famille qui lit a besoin de nouvelles pages chaque semaine.",
            "Les petits me supplient de leur lire encore une histoire.",
        ),
    },
    "study": {
        "en": (
            "I study, and my flat is loud.",
            "Quiet tables are where I prepare my exams.",
            "Without a calm place, homework takes me twice as long.",
            "My evening classes leave me little time to read elsewhere.",
        ),
        "fr": (
            "J’étudie, et mon logement est bruyant.",
            "C’est à une table tranquille que je prépare mes examens.",
            "Sans endroit calme, mes travaux prennent deux fois plus de temps.",
            "Mes cours du soir me laissent peu de temps pour lire ailleurs.",
        ),
    },
    "ill": {
        "en": (
            "I was ill, and books were company.",
            "During a long illness, reading kept me going.",
            "Novels carried me through months in bed.",
            "While I recovered, borrowed stories were my visitors.",
        ),
        "fr": (
            "Pendant ma maladie, les livres m’ont tenu compagnie.",
            "Lire m’a aidé à traverser de longs mois au lit.",
            "Les romans empruntés étaient mes visites.",
            "Durant ma convalescence, chaque histoire comptait.",
        ),
    },
}
"""The statements of `campaign_with_statements`, of which the last is sensitive."""
LABELS = {
    "closed": {"en": "My library is closed on my day off", "fr": "Ma bibliothèque est fermée pendant mon congé"},
    "children": {"en": "My children want to read", "fr": "Mes enfants veulent lire"},
    "study": {"en": "I need a quiet place", "fr": "Il me faut un endroit calme"},
    "ill": {"en": "Reading helped me when I was ill", "fr": "La lecture m’a aidé pendant une maladie"},
}
STATEMENTS_FIELD = """
[[field]]
key = "statements"
kind = "statements"
statements = "reasons"
label = { en = "Sentences that are true for you", fr = "Phrases vraies pour vous" }
"""


def statements_toml(statements: Mapping[str, Mapping[str, tuple[str, ...]]] = STATEMENTS) -> str:
    """The list of statements as `sentences.toml` has it."""
    tables = []
    for key, texts in statements.items():
        label = "\n".join(f'label.{language} = "{LABELS[key][language]}"' for language in Language)
        sensitive = "\nsensitive = true" if key == "ill" else ""
        tables.append(f'\n[[statements.reasons]]\nkey = "{key}"\n{label}{sensitive}\n')
        for wording in zip(*(texts[language] for language in Language), strict=True):
            lines = "\n".join(f'{language} = "{text}"' for language, text in zip(Language, wording, strict=True))
            tables.append(f"\n[[statements.reasons.wording]]\n{lines}\n")
    return "".join(tables)


def campaign_with_statements(changes: Mapping[str, bytes | str | None] | None = None) -> CampaignFolder:
    """The campaign, whose letter also offers sentences to tick."""
    letter = with_field(STATEMENTS_FIELD).replace("{{ reason }}", "{{ reason }}\n\n{{ statements }}")
    sentences = SENTENCES + statements_toml()
    return campaign({"sentences.toml": sentences, f"{LETTER}/letter.toml": letter, **(changes or {})})
