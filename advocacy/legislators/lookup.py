"""A postal code becomes the ridings it may lie in: listed and explained, never chosen for the citizen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from advocacy.language import Wording
from advocacy.legislators.postal import PostalCode, PostalTable, Ridings, read_fsa, shipped_table
from advocacy.legislators.towns import distinguishing_towns

PROVENANCE = Wording.of(
    en="A suggestion to confirm: computed from GeoNames postal points (CC BY 4.0) placed in the ridings "
    "drawn by Elections Canada and in Statistics Canada’s postal areas; near a boundary it may be off by "
    "100 to 300 metres.",
    fr="Une suggestion à confirmer : elle est calculée à partir des points postaux de GeoNames (CC BY 4.0) "
    "placés dans les circonscriptions tracées par Élections Canada et dans les régions postales de "
    "Statistique Canada; près d’une limite, l’écart peut être de 100 à 300 mètres.",
)

# What elections.ca itself links to as “Find your electoral district”, by postal code or address; L is the language.
RIDING_FINDER = Wording.of(
    en="https://www.elections.ca/Scripts/vis/FindED?L=e&QID=-1&PAGEID=20",
    fr="https://www.elections.ca/Scripts/vis/FindED?L=f&QID=-1&PAGEID=20",
)


class Basis(StrEnum):
    """How far the table could follow a postal code."""

    CODE = "code"
    NEAR_BOUNDARY = "near_boundary"
    RURAL = "rural"
    AREA_INSTEAD = "area_instead"
    AREA_ASKED = "area_asked"
    UNKNOWN = "unknown"


EXPLANATIONS = {
    Basis.CODE: Wording.of(
        en="This postal code lies in one riding.",
        fr="Ce code postal se trouve dans une seule circonscription.",
    ),
    Basis.NEAR_BOUNDARY: Wording.of(
        en="This postal code lies near a boundary: choose your riding.",
        fr="Ce code postal se trouve près d’une limite : choisissez votre circonscription.",
    ),
    Basis.RURAL: Wording.of(
        en="A rural postal code covers a large area, so your riding may be any of these; the likeliest comes first.",
        fr="Un code postal rural couvre un grand territoire\u00a0: votre circonscription peut être l’une ou l’autre de "
        "celles-ci; la plus probable vient en premier.",
    ),
    Basis.AREA_ASKED: Wording.of(
        en="Postal codes that begin with {fsa} can lie here; the whole code says more.",
        fr="Les codes postaux qui commencent par {fsa} peuvent se trouver ici; le code complet en dit plus.",
    ),
    Basis.AREA_INSTEAD: Wording.of(
        en="This postal code is not in our list; its first three characters, {fsa}, can lie here.",
        fr="Ce code postal ne figure pas dans notre liste; ses trois premiers caractères, {fsa}, peuvent "
        "se trouver ici.",
    ),
    Basis.UNKNOWN: Wording.of(
        en="No riding is known for postal codes that begin with {fsa}: search by riding or by name instead.",
        fr="On ne connaît aucune circonscription pour les codes postaux qui commencent par {fsa} : "
        "cherchez plutôt par circonscription ou par nom.",
    ),
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The ridings a postal code may lie in, the likeliest first, and how that is known.

    The order helps a reader; it is no reason to choose for them. `unit` is the last three characters of the code that
    was looked up, "" for an area.
    """

    fsa: str
    riding_codes: Ridings
    basis: Basis
    unit: str = ""

    @property
    def towns(self) -> Mapping[str, tuple[str, ...]]:
        """Towns by which a person tells which riding is theirs, by riding code; none where there is one riding."""
        if len(self.riding_codes) < 2:
            return {}
        return distinguishing_towns(self.fsa, self.riding_codes, unit=self.unit)

    @property
    def explanation(self) -> Wording:
        """What was found, in a sentence."""
        spoken = EXPLANATIONS[self.basis].items()
        return Wording({language: sentence.format(fsa=self.fsa) for language, sentence in spoken})

    @property
    def provenance(self) -> Wording:
        """Where the answer comes from and how much it is worth; goes with every answer."""
        return PROVENANCE


def candidates(code: PostalCode, table: PostalTable | None = None) -> Candidates:
    """List the ridings of a postal code, or of its first three characters when the code is not known.

    A rural code has the other ridings of its area after its own: its one point does not say where the people it serves
    live.
    """
    table = table or shipped_table()
    own, area = table.ridings_of(code), table.ridings_of_area(code.fsa)
    if not own:
        return Candidates(code.fsa, area, Basis.AREA_INSTEAD if area else Basis.UNKNOWN, code.unit)
    ridings = tuple(dict.fromkeys((*own, *area))) if code.rural else own
    several = Basis.RURAL if code.rural else Basis.NEAR_BOUNDARY
    return Candidates(code.fsa, ridings, Basis.CODE if len(ridings) == 1 else several, code.unit)


def area_candidates(fsa: str, table: PostalTable | None = None) -> Candidates:
    """List the ridings of the codes that begin with `fsa`; ValueError when no code can begin so."""
    area = read_fsa(fsa)
    if area is None:
        raise ValueError("the first three characters of a postal code look like K1A")
    ridings = (table or shipped_table()).ridings_of_area(area)
    return Candidates(area, ridings, Basis.AREA_ASKED if ridings else Basis.UNKNOWN)
