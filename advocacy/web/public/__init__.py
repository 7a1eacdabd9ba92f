"""What citizens see, from a campaign to a receipt. What is typed is stored only when they ask to have it sent."""

from flask import Blueprint

bp = Blueprint("public", __name__, url_prefix="/<lang:language>")

from advocacy.web.public import (  # noqa: E402, F401 - each registers its routes on bp
    answer,
    campaign,
    challenge,
    confirm,
    follow_up,
    offices,
    plain_pages,
    receipt,
    review,
    stop,
    verify,
    write,
)
