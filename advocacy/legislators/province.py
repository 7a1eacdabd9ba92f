"""The provinces and territories, by the two letters of an address, with their names in every language."""

from enum import StrEnum

from advocacy.language import Wording, fold


class Province(StrEnum):
    """A province or territory, as Canada Post abbreviates it."""

    AB = "AB"
    BC = "BC"
    MB = "MB"
    NB = "NB"
    NL = "NL"
    NS = "NS"
    NT = "NT"
    NU = "NU"
    ON = "ON"
    PE = "PE"
    QC = "QC"
    SK = "SK"
    YT = "YT"

    @property
    def wording(self) -> Wording:
        """The province's own name in every language."""
        return NAMES[self]


NAMES = {
    Province.AB: Wording.same("Alberta"),
    Province.BC: Wording.of(en="British Columbia", fr="Colombie-Britannique"),
    Province.MB: Wording.same("Manitoba"),
    Province.NB: Wording.of(en="New Brunswick", fr="Nouveau-Brunswick"),
    Province.NL: Wording.of(en="Newfoundland and Labrador", fr="Terre-Neuve-et-Labrador"),
    Province.NS: Wording.of(en="Nova Scotia", fr="Nouvelle-Écosse"),
    Province.NT: Wording.of(en="Northwest Territories", fr="Territoires du Nord-Ouest"),
    Province.NU: Wording.same("Nunavut"),
    Province.ON: Wording.same("Ontario"),
    Province.PE: Wording.of(en="Prince Edward Island", fr="Île-du-Prince-Édouard"),
    Province.QC: Wording.of(en="Quebec", fr="Québec"),
    Province.SK: Wording.same("Saskatchewan"),
    Province.YT: Wording.same("Yukon"),
}
# What people also write.
OTHER_FORMS = {
    "PEI": Province.PE,
    "IPE": Province.PE,
    "NWT": Province.NT,
    "TNO": Province.NT,
    "Newfoundland": Province.NL,
    "Terre-Neuve": Province.NL,
}
_BY_FOLDED = {
    **{fold(form): province for form, province in OTHER_FORMS.items()},
    **{fold(text): province for province in Province for text in (province, *NAMES[province].values())},
}


def read_province(text: str) -> Province | None:
    """Read a province by its letters or its name in any language, however typed; None when it is none."""
    return _BY_FOLDED.get(fold(text.replace(".", "")))
