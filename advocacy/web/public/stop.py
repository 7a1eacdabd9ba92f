"""The page that stops mail: to open it changes nothing, its buttons do, as does a mail program that posts to it."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from advocacy.letters import suppression_list
from advocacy.letters.stop_links import read_stop_token
from advocacy.letters.suppression_list import Scope
from advocacy.web.public import bp
from advocacy.web.public.after_sending import gone
from advocacy.web.security import one_click
from advocacy.web.services import services


@bp.get("/stop/<token>")
@one_click
def stop(token: str, **_view: object) -> ResponseReturnValue:
    """Ask which mail is to stop; scanners that open every link of a mail stop none."""
    return _page() if read_stop_token(token, keys=services().keys) else gone(receipt=False)


@bp.post("/stop/<token>")
@one_click
def stopped(token: str, **_view: object) -> ResponseReturnValue:
    """Stop the mail of one campaign, as a mail program asks for, or of all; letters stay as they are."""
    site = services()
    link = read_stop_token(token, keys=site.keys)
    if link is None:
        return gone(receipt=False)
    scope = Scope.SITE if request.form.get("scope") == Scope.SITE else Scope.CAMPAIGN
    suppression_list.add(g.session, link.mailbox_hash, campaign=link.campaign, scope=scope, now=site.now())
    return _page(scope)


def _page(done: Scope | None = None) -> str:
    return render_template("public/stop.html", done=done, scopes=Scope, campaigns=services().campaigns())
