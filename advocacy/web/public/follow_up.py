"""From a receipt on: the form of a follow-up, or of thanks, to the office that a letter went to."""

from flask import abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from advocacy.campaigns.campaign_files import Offer, Season
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.language import Language, day_of
from advocacy.letters.follow_ups import FollowLink, find_followed, follow_options
from advocacy.letters.models import FollowKind
from advocacy.web.locale import other_languages
from advocacy.web.public import bp
from advocacy.web.public.after_sending import campaign_context, find_receipt, gone, receipt_path
from advocacy.web.public.campaign import season_of
from advocacy.web.public.request import LetterRequest
from advocacy.web.public.write import follow_up_form
from advocacy.web.rate_limits import costs
from advocacy.web.security import secret_form
from advocacy.web.services import services

KINDS = ", ".join(f'"{kind}"' for kind in FollowKind)


def offers(campaign: OpenCampaign, kind: FollowKind) -> bool:
    """Whether a letter that follows another can be written for a campaign today."""
    is_open = campaign.is_online and season_of(campaign) is Season.OPEN
    return is_open and campaign.letter_offered_as(Offer(kind.value), day_of(services().now())) is not None


@bp.route(f"/receipt/<token>/<int:number>/<any({KINDS}):follow_kind>", methods=["GET", "POST"])
@costs(2)
@secret_form
def follow_up(language: Language, *, token: str, number: int, follow_kind: str) -> ResponseReturnValue:
    """Show the form, with what is known of its citizen; where nothing is to be written, lead to what was.

    Opened by its address alone, as by a phone that restores a page, it leads to the receipt.
    """
    if request.method != "POST":
        return redirect(url_for("public.receipt", token=token), 303)
    site, kind = services(), FollowKind(follow_kind)
    now = site.now()
    link = None
    found = find_receipt(g.session, token)
    if found is None:
        return gone(receipt=True)
    letter = dict(enumerate(found.letters, start=1)).get(number)
    if letter is None:
        abort(404)
    options = follow_options(g.session, [letter], now=now)[letter.id]
    if options.kind is kind:
        link = FollowLink(letter.id, found.id, kind, now)
    followed = find_followed(g.session, link) if link else None
    campaign = site.campaign(found.campaign)
    is_offered = campaign is not None and offers(campaign, kind)
    if campaign is None or not is_offered or link is None or followed is None:
        sent = next((one.receipt_id for one in options.sent if one.kind is kind and one.receipt_id), found.id)
        return redirect(receipt_path(sent), 303)
    key = current_app.secret_key or ""
    letter_request = LetterRequest.of(
        campaign,
        site.directory.current(now),
        MultiDict({**followed.answers(), "follows": link.sign(key)}),
        language=language,
        today=day_of(now),
        key=key,
        follows=followed,
    )
    if not letter_request.recipients:  # the office is in no list any more
        return redirect(url_for("public.receipt", token=token), 303)
    context = campaign_context(campaign, campaign.name)
    urls = {other: url_for("public.write", campaign=campaign.name, language=other) for other in other_languages()}
    return follow_up_form(
        letter_request, {**context, "safety": campaign.safety, "switch": {"urls": urls, "post": False}}
    )
