"""What citizens see: campaigns, the form, the letters and the ways to take them away. Nothing typed here is stored."""

from advocacy.web.public.views import public

__all__ = ["public"]
