"""`letters check`: whatever is wrong with a campaign is said once, where it stands, with what to do."""

from pathlib import Path

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder, read_folders
from advocacy.campaigns.checks.campaign_check import check_advice, check_folder
from tests.campaign_files import (
    CAMPAIGN,
    LETTER,
    LETTER_TOML,
    NAME,
    SENTENCES,
    STATEMENTS,
    campaign,
    campaign_with_statements,
    changed,
    statements_toml,
)

SHIPPED = Path(__file__).parents[4] / "letters"
NBSP = "\u00a0"
TOML = f"{LETTER}/letter.toml"


def printed(folder: CampaignFolder) -> list[str]:
    """Every problem as it is printed, without the campaign's name before it."""
    return [str(problem).removeprefix(f"{NAME}/") for problem in check_folder(folder)]


def codes(folder: CampaignFolder) -> list[str]:
    return [problem.code for problem in check_folder(folder)]


def test_the_shipped_campaigns_raise_nothing_and_need_no_advice() -> None:
    folders = read_folders(SHIPPED)
    assert [str(problem) for folder in folders for problem in (*check_folder(folder), *check_advice(folder))] == []


def test_each_problem_is_printed_with_its_place_and_its_sentence() -> None:
    folder = changed(TOML, '"Ouverture le dimanche"', '"Ouverture : 62 % disent oui"')
    assert printed(folder) == [
        f"{TOML}:2:22: A colon takes a no-break space before it: “Ouverture{NBSP}:”.",
        f"{TOML}:2:25: “62 %” is a figure of the survey. Write this without it: letters cite the survey.",
    ]


@pytest.mark.parametrize(
    ("letter", "old", "new", "code"),
    [
        ("thanks", 'offer = "thanks"', 'offer = "follow-up"', "offer-twice"),
        ("follow-up", 'kind = "date"', 'kind = "line"', "field-quoted"),
    ],
)
def test_a_campaign_has_one_letter_that_follows_and_its_quotes_can_be_filled_in(
    letter: str, old: str, *, new: str, code: str
) -> None:
    [shipped] = read_folders(SHIPPED)
    file = f"{letter}/letter.toml"
    text = shipped.text(file)
    assert old in text
    folder = CampaignFolder.of(shipped.name, {**dict(shipped.files), file: text.replace(old, new, 1).encode()})
    [problem] = check_folder(folder)
    assert (problem.file, problem.code) == (f"{shipped.name}/{file}", code)
    assert text.splitlines()[problem.line - 1] == old


# --- the words of its files


def test_the_page_that_the_way_out_leads_to_is_an_address_and_no_prose() -> None:
    leave = 'leave.en = "https://weather.gc.ca/"\nleave.fr = "https://meteo.gc.ca/"'
    assert printed(campaign({"campaign.toml": f"{leave}\n{CAMPAIGN}"})) == []


def test_the_address_of_the_survey_is_no_prose() -> None:
    link = 'link.en = "https://example.org/survey"\nlink.fr = "https://example.org/sondage"\n'
    assert printed(changed("findings.toml", 'started = "2024-03"\n', f'{link}started = "2024-03"\n')) == []


def test_figures_belong_into_the_survey_s_own_file() -> None:
    assert printed(changed("findings.toml", 'title.en = "Reading', 'title.en = "What 62% say about reading')) == []
    assert codes(changed("sentences.toml", "Je lis beaucoup.", "Comme 4 300 autres.")) == ["figure-in-settings"]


def test_braces_are_for_texts_alone() -> None:
    assert codes(changed("campaign.toml", "public libraries", "{{ survey.source }}")) == ["braces"]


# --- its files


def test_a_file_that_is_no_part_of_a_campaign_is_reported() -> None:
    folder = campaign({"notes.txt": "", f"{LETTER}/en.md": "", f"{LETTER}/old/letter.txt": ""})
    unknown = "This is no file of a campaign. Take it away: the folder of a letter holds only letter.toml."
    names = ["notes.txt", f"{LETTER}/en.md", f"{LETTER}/old/letter.txt"]
    assert printed(folder) == [f"{name}:1:1: {unknown}" for name in names]


def test_a_campaign_without_letters_is_reported() -> None:
    assert codes(campaign({TOML: None})) == ["letter-missing"]


def test_a_text_that_is_not_utf_8_is_reported_where_it_stops_being_it() -> None:
    before, after = LETTER_TOML.split("Pourquoi")
    folder = campaign({TOML: before.encode() + b"\xe9" + after.encode()})
    assert [line.split(": ")[0] for line in printed(folder)] == [f"{TOML}:{before.count(chr(10)) + 1}:47"]


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", "\ufeff".encode()])
def test_line_endings_and_a_byte_order_mark_change_no_place(ending: str, mark: bytes) -> None:
    def saved(text: str) -> bytes:
        return mark + text.replace("\n", ending).encode()

    broken = LETTER_TOML.replace("Ouverture le", "L'ouverture le").replace("Libraries open", "Libraries  open")
    assert printed(campaign({TOML: saved(LETTER_TOML), "campaign.toml": saved(CAMPAIGN)})) == []
    assert [line.split(": ")[0] for line in printed(campaign({TOML: saved(broken)}))] == [
        f"{TOML}:2:14",
        f"{TOML}:{broken.split('Libraries')[0].count(chr(10)) + 1}:18",
    ]


@pytest.mark.parametrize("name", ["Open-Libraries", "open libraries", "bibliothèques", "a" * 61, "-open", "a--b"])
def test_a_folder_s_name_must_fit_into_an_address(name: str) -> None:
    [problem] = check_folder(campaign(name=name))
    assert problem.code == "folder-name"


def test_a_folder_s_name_may_not_be_taken() -> None:
    assert [problem.code for problem in check_folder(campaign(name="privacy"))] == ["campaign-name-taken"]
    assert codes(campaign({"sentences/letter.toml": LETTER_TOML})) == ["letter-name-taken"]


def test_several_problems_are_all_reported_in_the_order_of_their_places() -> None:
    folder = campaign(
        {
            "campaign.toml": CAMPAIGN.replace("chambers", "chamber"),
            "findings.toml": "source = 3",
            TOML: LETTER_TOML.replace('kind = "words"', 'kind = "word"'),
            "notes.txt": "",
        }
    )
    lines = printed(folder)
    files = {line.split(":")[0] for line in lines}
    assert files == {"campaign.toml", "findings.toml", TOML, "notes.txt"}
    assert lines == [str(problem).removeprefix(f"{NAME}/") for problem in sorted(check_folder(folder))]
    assert len(lines) == len(set(lines))


def test_a_chamber_that_does_not_exist_is_reported() -> None:
    [line] = printed(changed("campaign.toml", '"house-of-commons"', '"house-of-lords"'))
    assert "house-of-commons" in line


# --- sentences to tick


def with_statement(old: str, new: str) -> CampaignFolder:
    """The campaign with sentences to tick, `old` in its list put right or wrong."""
    listed = statements_toml()
    assert listed.count(old) == 1
    return campaign_with_statements({"sentences.toml": SENTENCES + listed.replace(old, new)})


FIRST, FIRST_FRENCH = "I found mine closed.", "J’ai trouvé la mienne fermée."


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (FIRST, "I found it at 12% closed.", "figure-in-settings"),
        (FIRST, "I found 'mine' closed.", "apostrophe"),
        (FIRST, "I found mine closed", "statement-not-sentence"),
        (FIRST, "and mine is closed.", "statement-not-sentence"),
        (FIRST, "I found {{ city }} closed.", "braces"),
        (FIRST, "Bill C-34 closed mine.", "bill-typed"),
        (FIRST, "See https://example.ca for more.", "link"),
        (FIRST_FRENCH, "La mienne est fermée : voilà.", "colon-space"),
        ("The library is closed when I pass by.", "I found mine closed, too.", "statement-alike"),
        (FIRST_FRENCH, "", "wording-empty"),
        (f'fr = "{FIRST_FRENCH}"', "", "language-missing"),
        (FIRST, " I found mine closed.", "statement-one-line"),
        (FIRST, f"I {'x' * 240}.", "statement-too-long"),
        ("My children want to read", "Read; then sleep", "statement-label-sign"),
        ('key = "study"', 'key = "closed"', "answer-twice"),
    ],
)
def test_what_is_wrong_with_a_statement_is_said(old: str, new: str, code: str) -> None:
    assert code in codes(with_statement(old, new))


def test_a_statement_has_four_wordings_or_more() -> None:
    few = {**STATEMENTS, "study": {language: texts[:3] for language, texts in STATEMENTS["study"].items()}}
    folder = campaign_with_statements({"sentences.toml": SENTENCES + statements_toml(few)})
    assert codes(folder) == ["statement-wordings"]
