"""What the people of a site may do: each role may do all that the one before it may."""

from enum import StrEnum

from advocacy.messages import message


class Role(StrEnum):
    """A writer drafts letters; a publisher also publishes others' drafts; a manager also runs the site."""

    WRITER = "writer"
    PUBLISHER = "publisher"
    MANAGER = "manager"

    def may(self, needed: "Role") -> bool:
        """Return whether this role may do what `needed` may."""
        return RANK[self] >= RANK[needed]


RANK = {role: rank for rank, role in enumerate(Role)}

ROLE_NAMES = {
    Role.WRITER: message("Writer"),
    Role.PUBLISHER: message("Publisher"),
    Role.MANAGER: message("Manager"),
}
"""Each role as a page names it."""
