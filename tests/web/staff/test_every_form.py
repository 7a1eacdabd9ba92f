"""Every unsafe method of the staff pages validates a form: nothing is read from a request that no form describes."""

import pytest
from wtforms.form import BaseForm

from advocacy.staff.models import Role
from advocacy.web.security import SAFE
from tests.web.staff.route_walk import HALF_WAY, STRANGER, Site, routes, walker

UNUSED = {"POST /staff/tf-rescue", "POST /staff/tf-select"}
"""Pages of Flask-Security that do not exist here: they answer 404."""
LAST_FACTOR = {"POST /staff/account/passkey/remove"}
"""Whoever walks here has one factor, which is refused before the form is looked at."""


def test_each_unsafe_method_validates_a_form(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Posted with its token alone by whoever may; a link that is not good any more leads away before any form."""
    validated: list[BaseForm] = []
    validate = BaseForm.validate

    def note(form: BaseForm, *extra: object, **more: object) -> bool:
        validated.append(form)
        return bool(validate(form, *extra, **more))

    monkeypatch.setattr(BaseForm, "validate", note)
    silent = {name for name, method, rule in routes(site.app) if method not in SAFE and "<token>" not in name}
    silent -= UNUSED | LAST_FACTOR
    assert len(silent) > 40
    for who in (Role.MANAGER, STRANGER, HALF_WAY):
        one = walker(site, who)
        for name, method, rule in routes(site.app):
            if name in silent:
                validated.clear()
                one.ask(method, site.stage.path(site.app, rule))
                site.put_back()
                if validated:
                    silent.remove(name)
    assert sorted(silent) == []
