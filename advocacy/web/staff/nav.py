"""The rooms of the staff pages, as far as a role may enter them."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from advocacy.language import Wording
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.staff.access import Staff

ROOMS = (
    ("letters", Wording.of(en="Letters", fr="Modèles"), Role.WRITER),
    ("surveys", Wording.of(en="Findings", fr="Constats"), Role.WRITER),
    ("campaigns", Wording.of(en="Campaigns", fr="Campagnes"), Role.WRITER),
    ("merge", Wording.of(en="Merge", fr="Publipostage"), Role.PUBLISHER),
    ("all_results", Wording.of(en="Statistics", fr="Statistiques"), Role.WRITER),
    ("directory", Wording.of(en="Directory", fr="Répertoire"), Role.MANAGER),
    ("deliveries", Wording.of(en="Deliveries", fr="Envois"), Role.MANAGER),
    ("people", Wording.of(en="People", fr="Personnes"), Role.MANAGER),
    ("log", Wording.of(en="Audit log", fr="Journal"), Role.MANAGER),
)
"""Each room's first page, its name, and the role that may enter."""


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation."""

    address: str
    name: str
    current: bool


def shown(known: Staff | None) -> list[Room]:
    """Give the rooms that somebody may enter; none before the second factor."""
    if known is None or known.visit.proved_at is None:
        return []
    language = current_language()
    return [
        Room(url_for(f"staff.{room}"), name.spoken(language), request.path.startswith(url_for(f"staff.{room}")))
        for room, name, needed in ROOMS
        if known.may(needed) and f"staff.{room}" in current_app.view_functions
    ]
