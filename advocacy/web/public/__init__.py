"""What citizens see, from a campaign to a receipt. What is typed is stored only when they ask to have it sent."""

from advocacy.web.public.views import public

__all__ = ["public"]
