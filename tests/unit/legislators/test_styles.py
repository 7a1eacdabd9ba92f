"""The forms of address can be changed by staff, and a slip in them is told by file and line."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from advocacy.language import Language
from advocacy.legislators.legislatures import Province, Sourced, Verification, legislatures
from advocacy.legislators.recipient import Gender, Office
from advocacy.legislators.styles import Form, Forms, read_styles, shipped_styles
from advocacy.toml_source import TomlProblems

TEXT = files("advocacy.legislators").joinpath("data/styles.toml").read_text("utf-8")
CHECKLIST = Path(__file__).parents[3] / "docs" / "before-launch.md"
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


def test_every_office_has_a_form_in_every_language() -> None:
    assert set(shipped_styles().office) == set(Office)
    assert all(set(languages) == set(Language) for languages in shipped_styles().office.values())


def test_every_entry_says_how_sure_it_is_and_where_it_comes_from() -> None:
    assert len(dict(entries())) > 30
    assert all(entry.status in Verification and entry.source for _, entry in entries())


def test_what_nobody_verified_is_on_the_list_of_what_staff_must_settle() -> None:
    """The titles of members are listed as one for all."""
    unverified = {name for name, entry in entries() if entry.status is Verification.UNVERIFIED}
    listed = CHECKLIST.read_text("utf-8")

    assert unverified
    assert [name for name in sorted(unverified) if f"{re.sub(r'^titles.*', 'titles', name)}]" not in listed] == []


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

    assert all(
        re.fullmatch(r"(?:Madame, )?Monsieur,|Madame,|(?:Madame la|Monsieur le)(?: [A-Z][^\s{]+)+,", appel)
        for appel in appels
    )


def test_an_unknown_key_is_refused_at_its_line() -> None:
    appel = 'appel = "Dear Ms. {last}:"'

    assert problem(appel, f'apel = "Dear"\n{appel}') == (
        f"styles.toml:{line_of(appel)}: “apel” is not a key known here; remove it or fix its spelling"
    )


@pytest.mark.parametrize("braces", ["{portfolio}", "{}", "{full!r}", "{full:>40}", "{full.__class__}", "{0}"])
def test_a_name_that_cannot_be_filled_in_is_refused(braces: str) -> None:
    said = problem('appel = "Dear Minister:"', f'appel = "Dear {braces}:"')

    assert f"{braces} cannot be filled in here; names offered: {{full}}, {{last}}, {{title}}" in said


def test_braces_left_open_are_refused() -> None:
    assert "look at the braces" in problem('appel = "Dear Minister:"', 'appel = "Dear {last:"')


def test_an_entry_without_a_source_is_refused() -> None:
    source = 'source = "Union of British Columbia Municipalities (ubcm.ca)"\n'

    assert problem(source, "") == (f"styles.toml:{line_of('[office.mayor.en]')}: “source” is missing here; add it")


def test_a_status_that_is_none_of_the_three_is_refused() -> None:
    assert "“status”: write one of verified, derived, unverified" in problem('status = "verified"', 'status = "sure"')


def test_an_office_left_out_is_told() -> None:
    start, end = TEXT.index("[office.mayor.en]"), TEXT.index("# ---", TEXT.index("[office.mayor.en]"))

    assert "“mayor” is missing here; add it" in problem(TEXT[start:end], "")


def test_a_language_left_out_is_told() -> None:
    start, end = TEXT.index("[office.mayor.fr]"), TEXT.index("# ---", TEXT.index("[office.mayor.fr]"))

    assert "“fr” is missing here; add it" in problem(TEXT[start:end], "")


def test_a_closing_may_repeat_the_appel_and_nothing_else() -> None:
    assert "{last} cannot be filled in here; names offered: {appel}" in problem(
        "Je vous prie d’agréer, {appel},", "Je vous prie d’agréer, {last},"
    )


def test_the_file_is_toml_that_any_tool_reads() -> None:
    assert set(tomllib.loads(TEXT)) == {"closing", "breaks", "municipality", "dateline", "office"}
