"""Every office, in each language and gender, is addressed as someone has read and approved."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from advocacy.language import Language, Wording
from advocacy.legislators.forms_of_address import form_of_address
from advocacy.legislators.recipient import Gender, Office, Recipient
from tests.golden.approval import FOLDER, approved

SOMEONE = Recipient(
    id="someone",
    office=Office.MEMBER,
    first_name="Dominique",
    last_name="Trépanier",
    name="Dominique Trépanier",
    gender=None,
    riding_code=None,
    riding=None,
    province="ON",
    title=None,
    privy_councillor=False,
    email=None,
    vacant=False,
)
KNOWN = (Gender.F, Gender.M, None)
MEMBER = replace(SOMEONE, riding=Wording.of(en="Ottawa Centre", fr="Ottawa-Centre"))
LONG_RIDING = Wording.same("Côte-du-Sud—Rivière-du-Loup—Kataskomiq—Témiscouata")
LONG_TITLE = Wording.of(
    en="Minister of Artificial Intelligence and Digital Innovation and Minister responsible for the Federal "
    "Economic Development Agency for Southern Ontario",
    fr="Ministre de l’Intelligence artificielle et de l’Innovation numérique et ministre responsable de l’Agence "
    "fédérale de développement économique pour le Sud de l’Ontario",
)
# A title comes from its source in one gender; where the gender is not known, it is taken as it comes.
TITLES = {
    (Office.PREMIER, Gender.F): Wording.of(en="Premier of Ontario", fr="Première ministre de l’Ontario"),
    (Office.PREMIER, Gender.M): Wording.of(en="Premier of Ontario", fr="Premier ministre de l’Ontario"),
    (Office.PREMIER, None): Wording.of(en="Premier of Ontario", fr="Premier ministre de l’Ontario"),
    (Office.MAYOR, Gender.F): Wording.of(en="Mayor of Kingston", fr="Mairesse de Kingston"),
    (Office.MAYOR, Gender.M): Wording.of(en="Mayor of Kingston", fr="Maire de Kingston"),
    (Office.MAYOR, None): Wording.of(en="Mayor of Kingston", fr="Maire de Kingston"),
    **{(Office.OFFICIAL, gender): Wording.of(en="Chair of the Board", fr="Présidence du conseil") for gender in KNOWN},
    (Office.PROVINCIAL_MEMBER, Gender.F): Wording.of(en="Member", fr="Députée provinciale d’Ottawa-Centre"),
    (Office.PROVINCIAL_MEMBER, Gender.M): Wording.of(en="Member", fr="Député provincial d’Ottawa-Centre"),
    (Office.PROVINCIAL_MEMBER, None): Wording.of(en="Member", fr="Député provincial d’Ottawa-Centre"),
}
GENDERS = (Gender.F, Gender.M, None)


def recipients() -> Iterator[tuple[str, Recipient]]:
    for gender in GENDERS:
        for office in Office:
            yield f"{office}-{gender or 'unknown'}", holder(office, gender)
        councillor = replace(MEMBER, gender=gender, privy_councillor=True)
        yield f"member-privy-councillor-{gender or 'unknown'}", councillor
        yield f"senator-privy-councillor-{gender or 'unknown'}", replace(councillor, office=Office.SENATOR)
        yield f"premier-of-quebec-{gender or 'unknown'}", quebec(gender)
    nobody = replace(MEMBER, first_name="", last_name="", name="", vacant=True)
    yield "member-vacant", nobody
    yield "member-vacant-long-riding", replace(nobody, riding=LONG_RIDING)
    yield "provincial-member-vacant", replace(nobody, office=Office.PROVINCIAL_MEMBER)
    yield "member-long-riding", replace(MEMBER, riding=LONG_RIDING)
    yield (
        "minister-long-title",
        replace(MEMBER, office=Office.MINISTER, title=LONG_TITLE, privy_councillor=True),
    )


def holder(office: Office, gender: Gender | None) -> Recipient:
    federal = {
        Office.PRIME_MINISTER: Wording.of(en="Prime Minister of Canada", fr="Premier ministre du Canada"),
        Office.MINISTER: Wording.of(en="Minister of Health", fr="Ministre de la Santé"),
        Office.PROVINCIAL_MINISTER: Wording.of(en="Minister of Education", fr="Ministre de l’Éducation"),
    }
    return replace(
        MEMBER,
        office=office,
        gender=gender,
        title=TITLES.get((office, gender), federal.get(office)),
        city=Wording.same("Kingston") if office in {Office.MAYOR, Office.OFFICIAL} else None,
        privy_councillor=office in {Office.PRIME_MINISTER, Office.MINISTER},
    )


def quebec(gender: Gender | None) -> Recipient:
    title = "Première ministre du Québec" if gender is Gender.F else "Premier ministre du Québec"
    return replace(
        SOMEONE,
        office=Office.PREMIER,
        gender=gender,
        province="QC",
        title=Wording.of(en="Premier of Quebec", fr=title),
    )


CASES = {f"{name}.{language}.txt": (recipient, language) for name, recipient in recipients() for language in Language}


@pytest.mark.parametrize("language", Language)
def test_every_address_is_the_approved_one(language: Language) -> None:
    for file, (recipient, spoken) in CASES.items():
        if spoken is language:
            found = form_of_address(recipient, language)
            written = "\n".join([*found.block, "", found.appel, "", found.closing, ""])
            assert written == approved(written, f"addresses/{file}"), file


def test_every_approved_address_is_of_a_case() -> None:
    assert {path.name for path in (FOLDER / "addresses").iterdir()} == set(CASES)
