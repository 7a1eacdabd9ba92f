"""What citizens see, from a campaign to a receipt. What is typed is stored only when they ask to have it sent."""

from advocacy.web.public import (  # every module registers its pages
    campaign_page,
    handing_over,
    write,
)
from advocacy.web.public.blueprint import bp
from advocacy.web.public.confirming import add_confirming
from advocacy.web.public.receipt_page import add_receipts

add_confirming(bp)
add_receipts(bp)

__all__ = ["bp", "campaign_page", "handing_over", "write"]
