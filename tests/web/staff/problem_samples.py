"""Every sentence that the checks say of the attacks on the wall, of broken campaigns and of broken TOML."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from advocacy.campaigns.campaign import CampaignFile, LetterFile, check_campaign
from advocacy.campaigns.check import check_folder
from advocacy.campaigns.folder import SAFETY, TEXTS, CampaignFolder, read_folders
from advocacy.campaigns.letter_check import check_letter
from advocacy.campaigns.prose import TAG
from advocacy.campaigns.structure import compile_text
from advocacy.campaigns.tokens import ALLOWED, Refused
from advocacy.campaigns.typography import RULES
from advocacy.findings import Survey, read_survey
from advocacy.toml_source import TomlProblems, read
from tests.bills import BILL, an_act, with_bill
from tests.campaign_files import CAMPAIGN, EN, FINDINGS, FR, LETTER, LETTER_TOML, campaign, changed
from tests.unit.campaigns.attacks import ATTACKS, NAMES, WITHOUT_SUBJECT, letter

MORE_OF_A_CAMPAIGN = """\
opens = 2026-01-01
closes = 2026-05-01
privacy_contact = "privacy@example.ca"
organiser = { en = "Readers", fr = "Des gens qui lisent" }
leave = { en = "https://weather.gc.ca/", fr = "https://meteo.gc.ca/" }
headline = [{ en = "Sunday", fr = "Dimanche" }]
"""
MORE_OF_A_LETTER = """
[[field]]
key = "more"
kind = "words"
required = true
max_characters = 300
label = { en = "More", fr = "De plus" }
options = []

[[field.prompt]]
en = "Once"
fr = "Un jour"
"""
MORE_OF_A_SURVEY = """
[[quote]]
key = "quote_reader"
statement = { en = "“Yes.”", fr = "Oui.", translated = ["fr"] }
attribution = { en = "A reader", fr = "Une personne" }
"""
WRONG = (
    *(
        '"X y"',
        '"line"',
        "0",
        "-1",
        "99999",
        "1.5",
        "true",
        "[]",
        "[3]",
        "{}",
        '{ en = "a" }',
        '{ en = " ", fr = "b" }',
    ),
    *('{ de = "a", en = "b", fr = "c" }', "2026-05-06T07:08:09", "2025-01-01", '{ en = "http://x", fr = "y" }'),
    *("{ least = 30, most = 20 }", '[{ key = "a", label = { en = "a", fr = "a" } }]', '[["x"]]'),
)
LINES = re.compile(r"(?m)^(?P<key>[\w.]+) = (?P<value>.+)$")
INNER = re.compile(r'(?<=[{,] )(?P<key>\w+) = (?P<value>"[^"]*"|\d+|\[[^\]]*\])')

TOML = ["a = [", "a = {", 'a = "', "a = 'b", "a", "= 1", "a = ", "[a", "[[a", "a = 1 2", "a = 1\na = 2", "[a]\n[a]"]
TOML += ["a = {b = 1}\n[a.c]", "a = {b = 1, b = 2}", "[[a]]\n[a]", 'a = "\\q"', 'a = "\\uD800"', 'a = "\\uX"', "é = 1"]
TOML += ["a = 2026-13-45", "a = '\x01'", "a = 1 # \x01", 'a = """b', "a = 1\n[a.b]", "[a]\nb = 1\n[a.b]", "a = x"]
TOML += [
    "a = {b.c = 1, b = 2}",
    "a.b = 1\n[a]",
    "[a.b]\n[a]\nb.c = 1",
    "a = [[" + "[" * 2000,
    "a = [1",
    "a = " + "9" * 5000,
]
TOML += ["a = {b = 1", 'a = "\x01"', "a = 2026-02-30", "a = [1]\n[[a]]", "a = {b = 1}\n[[a.c]]", "a = {b = 1, b.c = 2}"]

PROSE = [
    "[your town]", "https://example.ca/x", "TODO", "Say 95%.", "{{ finding.opening_yes }}%", "{{ finding.opening_no }}",
    "{{ finding.opening_yess }}", "{{ citizen.riding }}", "word " * 400, "{{ survey.source }}", "- One\n- Two\n\nIn",
    '"Quoted" text', "A  gap", "So...", "It's", "Why ?", "5 %", "« Yes »", "a\n-",
    "{% if role == \"writer\" %}x{% endif %}", "- \n", "-      code", ">     code", "> - a", "{% if today or %}x",
    "{% if (today, reason) == \"a\" %}x{% endif %}", "{% if reason in (reason) %}x{% endif %}",
    "{% if citizen.email == \"a\" == \"b\" %}x{% endif %}", "{% if citizen.email.x == \"a\" %}x{% endif %}",
    "{% block x %}x{% endblock %}", "{% if finding.x %}x{% endif %}", "> 2. a", "> ~~~",
]  # fmt: skip
WALL = [
    "{% if finding.x %}x{% endif %}", "{% if reason not today %}x{% endif %}", "a {% if reason %}b\n{% endif %}",
    "a {% if reason %}b\n{% choose %}\na\n{% or %}\nb\n{% endchoose %}\nc {% endif %}",
]  # fmt: skip
EACH = 17
"""Of so many tags of a shipped letter, one is taken away."""
SHIPPED = Path(__file__).parents[3] / "letters"
ALSO_WRONG = """
[[also]]
minister = "Minister of Justice"
bill = "C-1"
reason = { en = "They answer for it.", fr = "Ce poste en répond." }
source = "A list"
"""
NOT_WRITTEN_TO = ALSO_WRONG.replace('bill = "C-1"\n', "")
NO_SUCH_BILL = ALSO_WRONG.replace('minister = "Minister of Justice"\n', "")
UNSETTLED_SAFETY = """
[content_notice]
status = "unverified"
words = { en = "See [page].", fr = "Voyez [page]." }

[[support]]
key = "line"
name = { en = "A line", fr = "Une ligne" }
status = "ours"

[[support]]
key = "line"
name = { en = "A line", fr = "Une ligne" }
status = "ours"
"""
LONG_SUMMARY = 'summary = { en = "' + "word " * 20 + '", fr = "' + "mot " * 20 + '" }\n'
NEVER = [f"“x” is not allowed here; {ALLOWED}", f"“x” starts what is nested too deep; {ALLOWED}"]
"""What the wall keeps for sources that no other of its steps has refused."""

FRENCH_PROSE = ['"Oui"', "95%", "Été: oui", "5 $", "«Oui»", "Oui ?", "“Oui”", "un\u202fmot", "- Un\n- Deux\n\nTrois"]
FRENCH_PROSE += [
    "{{ citizen.city }}",
    "{% if today %}Oui.{% endif %}",
    "> Un mot",
    "{% if citizen.city %}Un{% endif %}",
]


def in_french(old: str, new: str) -> CampaignFolder:
    return changed(f"{LETTER}/fr.md", old, new)


def in_letter_toml(old: str, new: str) -> CampaignFolder:
    return changed(f"{LETTER}/letter.toml", old, new)


def field(key: str) -> CampaignFolder:
    """The campaign with one more field in its letter."""
    text = f'[[field]]\nkey = "{key}"\nkind = "line"\nlabel = {{ en = "A", fr = "B" }}\n'
    return campaign({f"{LETTER}/letter.toml": f"{LETTER_TOML}\n{text}"})


def broken() -> Iterator[CampaignFolder]:
    """Campaigns with one thing wrong in each."""
    for words in PROSE:
        yield changed(f"{LETTER}/en.md", "In a survey", f"{words} In a survey")
    for words in FRENCH_PROSE:
        yield in_french("Dans un sondage", f"{words} Dans un sondage")
    yield in_french("{% if role %} {{ role }}{% endif %}\n\n{% or", "\n\n{% or")
    yield in_french("{% if citizen.email %}", "{% if citizen.street %}")
    yield in_french("{% endchoose %}", "{% or %}\n\nEncore.\n\n{% endchoose %}")
    yield in_french("{% or %}", "Encore un mot.\n\n{% or %}")
    yield campaign({f"{LETTER}/fr.md": f"{FR}\nMerci.\n"})
    yield campaign({f"{LETTER}/fr.md": FR.split("{% if citizen.email %}")[0]})
    yield campaign({f"{LETTER}/fr.md": FR.replace("{% else %}\nMerci de me dire ce que vous en pensez.\n", "")})
    for heading in (
        "# {{ today }} Un",
        "# {% if today %}Un{% endif %} mot",
        "# Une demande\u00a0: des",
        "# Lévis – des",
    ):
        yield in_french("# Des", f"{heading} des")
    yield in_french("{{ finding.opening_yes }}", "beaucoup")
    yield campaign({f"{LETTER}/{name}.md": text.split("{% or")[0] for name, text in (("en", EN), ("fr", FR))})
    yield in_letter_toml('["opening_yes"]', '["opening_yes", "opening_yes", "opening"]')
    yield in_letter_toml('choices = "role"', 'choices = "roles"')
    yield in_letter_toml('"Ouverture le dimanche"', '"{{ survey.source }} de 62 %"')
    yield from map(field, ("city", "today", "template", "other"))
    yield campaign({"campaign.toml": CAMPAIGN.replace("{{ survey.source }}", "{{ citizen.name }}")})
    yield campaign({"campaign.toml": CAMPAIGN.replace("Source: ", "# Source: ")})
    yield changed("campaign.toml", '[[choices.role]]\nkey = "reader"', '[[choices.role]]\nkey = "none"')
    asking = EN.replace("In a", '{% if role == "x" %}x{% endif %} In a')
    yield campaign({"campaign.toml": CAMPAIGN.split("[[choices")[0], f"{LETTER}/en.md": asking})
    yield campaign({"campaign.toml": CAMPAIGN.split("[[choices")[0] + "choices = 3\n"})
    yield campaign({"campaign.toml": CAMPAIGN.replace("role]]", "roles]]")})
    yield campaign({f"{LETTER}/letter.toml": None, f"{LETTER}/en.md": None, f"{LETTER}/fr.md": None})
    yield campaign({"notes.txt": "", f"{LETTER}/fr.md": b"\xff", f"{LETTER}/en.md": None})
    yield changed("findings.toml", "opening_no", "opening_yes")
    for sign in ("-", ">"):
        both = (("en", f"{EN}\n{sign} One{{% if role %}}.{{% endif %}}\n"), ("fr", f"{FR}\n{sign} Un\n"))
        yield campaign({f"{LETTER}/{name}.md": text for name, text in both})
    yield campaign({"findings/letter.toml": LETTER_TOML, "findings/en.md": EN, "findings/fr.md": FR})
    yield from (campaign(name=name) for name in ("privacy", "Open libraries"))
    early = BILL.replace("2026-11-20", "2026-01-20")
    yield campaign({"campaign.toml": with_bill(BILL, bill=early)})
    yield campaign({"campaign.toml": with_bill(an_act(to=("senator",)), an_act(to=("senator",)))})
    for asked in ("{{ bill.stage }}", "{% if bill.stage %}x{% endif %}", "{{ bill.title }} it is", "C-9 has passed."):
        english, french = (
            EN.replace("In a", f"{asked} In a"),
            FR.replace("Dans un", f"C-9 a été adopté. {asked} Dans un"),
        )
        texts = {f"{LETTER}/en.md": english, f"{LETTER}/fr.md": french}
        yield campaign({"campaign.toml": with_bill(an_act()), **texts})


def without_tags() -> Iterator[str]:
    """What is said of a shipped letter that lacks one of its tags: of some tags here and there, since a check is long."""
    (folder,) = read_folders(SHIPPED)
    held, name = (folder.campaign(), folder.survey()), folder.letters()[0]
    for file in TEXTS.values():
        path = f"{name}/{file}"
        text = folder.text(path)
        for tag in [*TAG.finditer(text)][::EACH]:
            cut = {**dict(folder.files), path: f"{text[: tag.start()]}{text[tag.end() :]}".encode()}
            lacking = CampaignFolder.of(folder.name, cut)
            yield from (one.sentence for one in check_letter(lacking, name, campaign=held[0], survey=held[1]))


def of_toml(text: str, model: type[CampaignFile | LetterFile | Survey]) -> Iterator[str]:
    """What is said of a file when one value after another is wrong, or gone, or is called otherwise."""
    yield from refused(text.replace("key =", "keys =").replace("name.en", "nom.en"), model)
    for found in (*LINES.finditer(text), *INNER.finditer(text)):
        start, end = found.span("value")
        for wrong in WRONG:
            yield from refused(f"{text[:start]}{wrong}{text[end:]}", model)
        yield from refused(text[: found.start()] + text[found.end() :], model)


def refused(text: str, model: type[CampaignFile | LetterFile | Survey]) -> Sequence[str]:
    try:
        if model is Survey:
            read_survey(text, file="findings.toml")
        elif model is CampaignFile:
            read(text, CampaignFile, file="campaign.toml", also=check_campaign)
        else:
            read(text, model, file="letter.toml")
    except TomlProblems as found:
        return [problem.sentence for problem in found.problems]
    return ()


def of_the_wall(source: str) -> Sequence[str]:
    try:
        compile_text(source, NAMES)
    except Refused as found:
        return [found.sentence]
    return ()


def all_said() -> Iterator[str]:
    bodies = [*(attack.source for attack in ATTACKS.values()), *WALL]
    for source in [*map(letter, bodies), *(attack.source for attack in WITHOUT_SUBJECT.values())]:
        yield from of_the_wall(source)
    for folder in broken():
        yield from (problem.sentence for problem in check_folder(folder))
    yield from without_tags()
    yield from of_toml(MORE_OF_A_CAMPAIGN + CAMPAIGN, CampaignFile)
    yield from of_toml(LETTER_TOML + MORE_OF_A_LETTER, LetterFile)
    yield from of_toml(FINDINGS + MORE_OF_A_SURVEY, Survey)
    for text in TOML:
        yield from refused(text, Survey)
    yield from (f"{rule.sentence}: “x”" for rules in RULES.values() for rule in rules)
    for also in (ALSO_WRONG, NOT_WRITTEN_TO, NO_SUCH_BILL):
        yield from refused(MORE_OF_A_CAMPAIGN + CAMPAIGN + also, CampaignFile)
    yield from refused(FINDINGS.replace("percent = 62\n", f"percent = 62\n{LONG_SUMMARY}", 1), Survey)
    yield from (problem.sentence for problem in check_folder(campaign({SAFETY: UNSETTLED_SAFETY})))
    yield from NEVER
    yield "this file cannot be edited by form"


@cache
def said() -> Sequence[str]:
    """Every sentence that the checks say of all that is tried, once."""
    return sorted(set(all_said()))
