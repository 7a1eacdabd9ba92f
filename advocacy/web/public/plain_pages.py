"""The pages that belong to the site and to no campaign: help, privacy, accessibility."""

from flask import render_template
from flask.typing import ResponseReturnValue

from advocacy.web.public import bp
from advocacy.web.security import public
from advocacy.web.services import services


@bp.get("/help")
@public
def help(**_: object) -> ResponseReturnValue:  # noqa: A001 - the endpoint's name
    """Show how to write, and what to do where something does not work."""
    return render_template("public/help.html")


@bp.get("/privacy")
@public
def privacy(**_: object) -> ResponseReturnValue:
    """Show what the site stores about a citizen, for how long, and who answers for it."""
    site = services()
    return render_template(
        "public/privacy.html",
        campaigns=site.campaigns(),
        hours=site.settings.unconfirmed_hours,
        days=site.settings.retention_days,
        backup_days=site.settings.backup_days,
        verifiable=bool(site.settings.public_base_url),
    )


@bp.get("/accessibility")
@public
def accessibility(**_: object) -> ResponseReturnValue:
    """Show what the site does so that everyone can write, and whom to tell where it does not."""
    site = services()
    return render_template(
        "public/accessibility.html", campaigns=site.campaigns(), hours=site.settings.unconfirmed_hours
    )
