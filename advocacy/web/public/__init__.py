"""What citizens see, from a campaign to a receipt. What is typed is stored only when they ask to have it sent."""

from advocacy.web.public import (  # noqa: F401 - each registers its pages
    campaign,
    confirm,
    plain_pages,
    receipt,
    review,
    send,
    write,
)
from advocacy.web.public.blueprint import bp

__all__ = ["bp"]
