"""What citizens see, from a campaign to a receipt. What is typed is stored only when they ask to have it sent."""

from advocacy.web.public import campaign, confirm, plain_pages, receipt, views  # noqa: F401 - each registers its pages
from advocacy.web.public.blueprint import bp

__all__ = ["bp"]
