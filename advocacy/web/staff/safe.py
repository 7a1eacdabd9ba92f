"""What signing in works with, made when it is first needed: passwords, codes of apps, passkeys of this site."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from flask import Blueprint, Flask, current_app
from flask.blueprints import BlueprintSetupState

from advocacy.staff.accounts import Codes, Vault
from advocacy.staff.passkeys import Site
from advocacy.web.services import NAME, Services

SAFE = f"{NAME}-staff"


@dataclass(frozen=True)
class Safe:
    """The parts of one application's signing in."""

    services: Services

    @cached_property
    def codes(self) -> Codes:
        """What reads the codes of apps."""
        return Codes(self.services.keys, self.services.settings.shown_name, self.services.now)

    @cached_property
    def vault(self) -> Vault:
        """What hashes passwords."""
        return Vault(Flask("vault"), self.services.sessions, codes=self.codes)

    @cached_property
    def site(self) -> Site:
        """Where passkeys are given."""
        settings = self.services.settings
        return Site(settings.base_url, settings.shown_name, self.services.keys)


def keep_safe(routes: Blueprint) -> None:
    """Give the application that these routes are registered with a safe of its own."""
    routes.record_once(_keep)


def safe() -> Safe:
    """Give the safe of the application that answers now."""
    return cast(Safe, current_app.extensions[SAFE])


def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions[SAFE] = Safe(state.app.extensions[NAME])
