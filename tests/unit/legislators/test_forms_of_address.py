"""A legislator is addressed as the office asks: no surname in a French appel, no guessed gender, no line cut."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.language import Language, Wording
from advocacy.legislators.forms_of_address import (
    MAX_LINES,
    WIDTH,
    Form,
    Forms,
    NoFormOfAddress,
    break_line,
    form_of_address,
    office_of,
    party_of,
    place_line,
    place_of,
    read_styles,
    role_of,
    shipped_styles,
    width_of,
)
from advocacy.legislators.legislatures import Province, Sourced, legislatures
from advocacy.legislators.models import Legislator, Riding
from advocacy.legislators.recipient import Gender, Office, Recipient
from advocacy.toml_source import TomlProblems
from tests.builders import a_member, a_minister, a_senator, a_vacant_seat

EN, FR = Language
GENDERS = (Gender.F, Gender.M, None)
COURTESIES = re.compile(r"\b(?:Ms|Mr|Mrs|Madam|Madame|Monsieur)\b")
GENDERED = re.compile(r"\b(?:députée?|sénateur|sénatrice|l[ea] très honorable|présidente?)\b", re.IGNORECASE)

MARIE = Recipient(
    id="mp-1",
    office=Office.MEMBER,
    first_name="Marie",
    last_name="Tremblay",
    name="Marie Tremblay",
    gender=None,
    riding_code="35079",
    riding=Wording.of(en="Ottawa Centre", fr="Ottawa-Centre"),
    province="ON",
    title=None,
    privy_councillor=False,
    email=None,
    vacant=False,
)
VACANT = replace(MARIE, first_name="", last_name="", name="", vacant=True)


def everyone() -> Iterator[Recipient]:
    for office in Office:
        for gender in GENDERS:
            for privy_councillor in (False, True):
                yield replace(MARIE, office=office, gender=gender, privy_councillor=privy_councillor)


def rows(name: str) -> list[dict[str, str]]:
    text = files("advocacy.legislators").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def squeezed(lines: tuple[str, ...]) -> str:
    return "".join(" ".join(lines).split())


ENGLISH = ("and Minister", "(", "and", "for", "of")
FRENCH = ("et ministre", "et secrétaire", "(", "et", "pour", "de", "du", "des", "d’")
MAYOR = a_member(
    office=Office.MAYOR,
    riding_code=None,
    riding=None,
    title=Wording.of(en="Mayor of Ottawa", fr="Maire d’Ottawa"),
    city=Wording.same("Ottawa"),
)
PROVINCIAL = a_member(office=Office.PROVINCIAL_MEMBER, title=Wording.of(en="Member", fr="Députée provinciale"))
NOBODY_KNOWN = a_member(riding=None, province=None)
TEXT = files("advocacy.legislators").joinpath("data/styles.toml").read_text("utf-8")
FRENCH_DE = re.compile(r"\b(?:de|du|des|à|au|aux) \{|\b[dD]’\{")


def entries() -> Iterator[tuple[str, Sourced]]:
    styles = shipped_styles()
    yield from ((f"closing.{language}", entry) for language, entry in styles.closing.items())
    for chamber in legislatures().chambers:
        if chamber.titles:
            yield f"titles.{chamber.slug}", chamber.titles
        if chamber.address:
            yield f"address.{chamber.slug}", chamber.address
        yield from ((f"office_addresses.{office}", entry) for office, entry in chamber.office_addresses.items())
    for office, languages in styles.office.items():
        for language, forms in languages.items():
            yield f"office.{office}.{language}", forms
            yield from ((f"office.{office}.{language}.province.{code}", own) for code, own in forms.province.items())


def french_patterns() -> Iterator[str]:
    for name, entry in entries():
        if ".fr" in name and isinstance(entry, Forms):
            for form in forms_of(entry):
                yield from (pattern for line in form.block for pattern in line)
                yield from (form.privy_councillor or "", form.appel)


def forms_of(entry: Forms) -> list[Form]:
    return [form for form in (entry.neutral, entry.f, entry.m, entry.vacant) if form]


def problem(old: str, new: str) -> str:
    """Read the shipped file with one change, and give the only complaint."""
    assert old in TEXT
    with pytest.raises(TomlProblems) as caught:
        read_styles(TEXT.replace(old, new, 1), file="styles.toml")
    (found,) = caught.value.problems
    assert found.line == 1 + TEXT[: TEXT.index(old)].count("\n") or new == "" or "is missing" in found.sentence
    return f"{found.file}:{found.line}: {found.sentence}"


def line_of(text: str) -> int:
    return 1 + TEXT[: TEXT.index(text)].count("\n")


def test_every_province_has_an_assembly_that_says_what_its_members_are_called() -> None:
    assemblies = legislatures().by_key["assembly"]
    assert set(assemblies) == set(Province)
    assert assemblies["ON"].title(Language.EN).of(Gender.F) == "Member of Provincial Parliament"
    assert assemblies["QC"].title(Language.FR).of(Gender.F) == "Députée à l’Assemblée nationale"
    assert assemblies["QC"].title(Language.FR).of(None) == ""


def test_french_patterns_never_glue_a_name_to_de_or_a() -> None:
    assert FRENCH_DE.search("Ministre de {title}"), "the search finds what it is for"
    assert [pattern for pattern in french_patterns() if FRENCH_DE.search(pattern)] == []


def test_french_patterns_are_typeset() -> None:
    assert any("\u00a0:" in pattern for pattern in french_patterns())
    assert [pattern for pattern in french_patterns() if re.search(r"'|[^\u00a0][:»]|«[^\u00a0]| [;!?]", pattern)] == []


def test_every_french_appel_begins_with_a_capital_and_ends_with_a_comma() -> None:
    appels = {
        form.appel
        for name, entry in entries()
        if ".fr" in name and isinstance(entry, Forms)
        for form in forms_of(entry)
    }
    titled = r"(?:Madame la|Monsieur le)(?: (?:d’)?[A-ZÉ][^\s{,]+)+,"

    assert all(re.fullmatch(rf"(?:Madame, )?Monsieur,|Madame,|{titled}(?: {titled})?", appel) for appel in appels), (
        appels
    )


def test_an_unknown_key_is_refused_at_its_line() -> None:
    appel = 'appel = "Dear Ms. {last}:"'

    assert problem(appel, f'apel = "Dear"\n{appel}') == (
        f"styles.toml:{line_of(appel)}: “apel” is not known here. Remove it."
    )


@pytest.mark.parametrize("braces", ["{portfolio}", "{}", "{full!r}", "{full:>40}", "{full.__class__}", "{0}"])
def test_a_name_that_cannot_be_filled_in_is_refused(braces: str) -> None:
    said = problem('appel = "Dear Minister:"', f'appel = "Dear {braces}:"')

    assert f"{braces} cannot be filled in here; names offered: {{full}}, {{last}}, {{title}}" in said


def test_an_entry_without_a_source_is_refused() -> None:
    source = 'source = "Union of British Columbia Municipalities (ubcm.ca)"\n'

    assert problem(source, "") == (f"styles.toml:{line_of('[office.mayor.en]')}: “source” is missing.")


def test_an_office_left_out_is_told() -> None:
    start, end = TEXT.index("[office.mayor.en]"), TEXT.index("# ---", TEXT.index("[office.mayor.en]"))

    assert "“mayor” is missing." in problem(TEXT[start:end], "")


def test_a_closing_may_repeat_the_appel_and_nothing_else() -> None:
    assert "{last} cannot be filled in here; names offered: {appel}" in problem(
        "Je vous prie d’agréer, {appel},", "Je vous prie d’agréer, {last},"
    )


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        (a_member(), ("Ottawa-Centre", "Chambre des communes", "Ottawa-Centre")),
        (a_vacant_seat(), ("Ottawa-Centre", "Chambre des communes", "Ottawa-Centre")),
        (a_minister(), ("Papineau", "Ministre de la Santé", "Ministre de la Santé")),
        (a_minister(title=None), ("Papineau", "Chambre des communes", "Marjorie Michel (Papineau)")),
        (a_senator(), ("Québec", "Sénat du Canada", "Anne Roy (Québec)")),
        (MAYOR, ("Ottawa", "Conseil municipal", "Maire d’Ottawa")),
        (PROVINCIAL, ("Ottawa-Centre", "Assemblée législative de l’Ontario", "Ottawa-Centre")),
        (NOBODY_KNOWN, ("", "Chambre des communes", "Yasir Naqvi")),
    ],
)
def test_place_role_and_office(recipient: Recipient, words: tuple[str, str, str]) -> None:
    assert tuple(say(recipient, Language.FR) for say in (place_of, role_of, office_of)) == words


def test_french_words_of_the_lists_are_shown_as_they_are_written() -> None:
    senator = Legislator(party=Wording.of(en="Non-affiliated", fr="Non affilié(e)"))
    assert [party_of(senator, language) for language in Language] == ["Non-affiliated", "Sans affiliation"]
    assert party_of(Legislator(), Language.FR) == ""
    name = "Ville-Marie—Le Sud-Ouest—Île-des-Soeurs"
    member = Legislator(riding=Riding(name=Wording.of(en=name, fr=name)))
    assert member.place == Wording.of(en=name.replace("oe", "œ"), fr=name.replace("oe", "œ"))
    member = Legislator(riding=Riding(name=Wording.same("Regina—Qu'Appelle")))
    assert member.place == Legislator(district=Wording.same("Regina—Qu'Appelle")).place
    assert member.place == Wording.same("Regina—Qu’Appelle")


@pytest.mark.parametrize(
    ("line", "before", "lines"),
    [
        (
            "Ministre de la Justice et procureur général du Canada",
            FRENCH,
            ("Ministre de la Justice", "et procureur général du Canada"),
        ),
        (
            "Minister of Women and Gender Equality and Secretary of State (Small Business and Tourism)",
            ("and Secretary", *ENGLISH),
            (
                "Minister of Women and Gender Equality",
                "and Secretary of State",
                "(Small Business and Tourism)",
            ),
        ),
        (
            "Beauharnois—Salaberry—Soulanges—Huntingdon",
            ENGLISH,
            ("Beauharnois—Salaberry—", "Soulanges—Huntingdon"),
        ),
    ],
)
def test_a_long_line_goes_on_before_a_joining_word_or_after_a_dash(
    line: str, before: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    assert break_line(line, before) == lines


@given(st.lists(st.text("abé’-—", min_size=1, max_size=50), min_size=1, max_size=20))
def test_nothing_is_lost_and_nothing_is_too_long_that_could_be_broken(words: list[str]) -> None:
    lines = break_line(" ".join(words), FRENCH)

    assert "".join(" ".join(lines).split()) == "".join(words)
    assert all(width_of(line) <= WIDTH or len(break_line(line, FRENCH)) == 1 for line in lines)


def test_a_french_appel_never_holds_the_name() -> None:
    assert all("Tremblay" not in form_of_address(someone, FR).appel for someone in everyone())


@pytest.mark.parametrize("language", Language)
def test_no_courtesy_or_gendered_title_is_written_when_the_gender_is_not_known(language: Language) -> None:
    for someone in everyone():
        if someone.gender is None:
            written = form_of_address(someone, language)
            assert not COURTESIES.search(" ".join(written.block))
            assert not GENDERED.search(" ".join(written.block))
            if language is EN:
                assert not COURTESIES.search(written.appel)


@pytest.mark.parametrize("language", Language)
def test_honourable_goes_with_the_full_name_only(language: Language) -> None:
    for someone in everyone():
        written = form_of_address(someone, language)
        told = " ".join(written.block)
        assert re.search(r"onou?rable", written.appel + written.closing) is None
        assert told.count("onourable") + told.count("onorable") == len(re.findall(r"onou?rable Marie Tremblay", told))


def test_a_secretary_of_state_is_no_minister_to_write_to() -> None:
    title = Wording.of(en="Secretary of State (Seniors)", fr="Secrétaire d’État (Aînés)")
    someone = replace(MARIE, office=Office.MINISTER, title=title, gender=Gender.F)
    both = Wording.of(en="Minister of Health and Secretary of State (Sport)", fr="Ministre et secrétaire d’État")

    assert form_of_address(someone, EN).appel == "Dear Secretary of State:"
    assert form_of_address(someone, FR).appel == "Madame la Secrétaire d’État,"
    assert form_of_address(replace(someone, gender=Gender.M), FR).appel == "Monsieur le Secrétaire d’État,"
    assert form_of_address(replace(someone, title=both), FR).appel == "Madame la Ministre,"


def test_a_line_whose_facts_are_unknown_is_left_out() -> None:
    unknown = replace(MARIE, riding=None, province=None)

    assert form_of_address(unknown, EN).block == ("Marie Tremblay, M.P.", "House of Commons", "Ottawa ON  K1A 0A6")
    assert form_of_address(replace(unknown, office=Office.MINISTER), FR).block[1] == "Chambre des communes"
    assert form_of_address(replace(unknown, office=Office.PROVINCIAL_MEMBER), EN).block == ("Marie Tremblay",)


def test_a_vacant_seat_of_an_office_without_a_form_for_it_says_what_to_add() -> None:
    with pytest.raises(NoFormOfAddress, match=re.escape("add [office.senator.fr.vacant] to styles.toml")):
        form_of_address(replace(VACANT, office=Office.SENATOR), FR)


@pytest.mark.parametrize("vacant", [False, True])
@pytest.mark.parametrize("language", Language)
def test_every_riding_fits_an_envelope_and_none_is_cut(language: Language, vacant: bool) -> None:
    for row in rows("ridings.csv"):
        riding = Wording.of(en=row["name_en"], fr=row["name_fr"])
        block = form_of_address(replace(MARIE, riding=riding, vacant=vacant), language).block

        assert max(map(width_of, block)) <= WIDTH
        assert len(block) <= MAX_LINES
        assert squeezed((riding.in_language(language),)) in squeezed(block)


@pytest.mark.parametrize("language", Language)
def test_every_minister_fits_an_envelope_but_those_of_long_titles_and_no_title_is_cut(language: Language) -> None:
    wide = []
    for row in rows("ministers.csv"):
        office = Office.PRIME_MINISTER if row["role_en"] == "Prime Minister of Canada" else Office.MINISTER
        title = Wording.of(en=row["role_en"], fr=row["role_fr"])
        minister = replace(MARIE, office=office, name=row["name"], title=title, privy_councillor=True)
        block = form_of_address(minister, language).block

        assert squeezed((title.in_language(language),)) in squeezed(block)
        assert len(block) <= MAX_LINES
        assert block[-1].endswith("K1A 0A6")
        if max(map(width_of, block)) > WIDTH:
            wide.append(row["name"])

    assert set(wide) <= {"Evan Solomon", "Dominic LeBlanc", "Eleanor Olszewski"}


def test_braces_and_bars_in_a_name_come_out_as_typed() -> None:
    odd = replace(MARIE, name="Marie {riding} | Tremblay", last_name="{last}", gender=Gender.F)

    assert form_of_address(odd, EN).block[0] == "Ms. Marie {riding} | Tremblay, M.P."
    assert form_of_address(odd, EN).appel == "Dear Ms. {last}:"


@pytest.mark.parametrize(
    ("city", "province", "code", "language", "line"),
    [
        ("Ottawa", "ON", "K1A 0A6", FR, "Ottawa (Ontario)  K1A 0A6"),
        ("Ottawa", "ON", "K1A 0A6", EN, "Ottawa ON  K1A 0A6"),
        ("Montréal", "QC", "h3r3a7", FR, "Montréal (Québec)  H3R 3A7"),
        ("Ottawa", "", "K1A 0A6", EN, "Ottawa  K1A 0A6"),
        ("{name}", "ON", "", FR, "{name} (Ontario)"),
    ],
)
def test_the_municipality_line_has_two_spaces_before_the_postal_code_and_one_inside(
    city: str, province: str, code: str, *, language: Language, line: str
) -> None:
    assert place_line(city, province, code, language=language) == line
