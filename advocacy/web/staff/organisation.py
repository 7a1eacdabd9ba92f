"""Organisation: who answers for the site, its team, and what is done once in a while, in sections of one page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import render_template, request, url_for

from advocacy.staff.models import Role
from advocacy.web.staff.access import bp, current_account, requires

Context = TypeVar("Context", bound=Callable[..., Mapping[str, object]])


@dataclass(frozen=True, slots=True)
class Section:
    """Who sees a section, and what returns what its part of the template shows."""

    role: Role
    context: Callable[..., Mapping[str, object]]


SECTIONS: dict[str, Section] = {}


def section(name: str, role: Role) -> Callable[[Context], Context]:
    """Declare what a section shows, and to whom; its module has the routes that its forms are posted to."""

    def declare(context: Context) -> Context:
        SECTIONS[name] = Section(role, context)
        return context

    return declare


def show(opened: str = "", **given: Any) -> str:
    """Return the page with a section open; `given` is what it is shown with, such as a form that was refused."""
    role = current_account().role
    return render_template(
        "staff/organisation.html",
        opened=opened,
        parts={
            name: part.context(**(given if name == opened else {}))
            for name, part in SECTIONS.items()
            if role.may(part.role)
        },
        refused=given.get("form"),
        here=address(opened),
    )


def address(opened: str, **more: Any) -> str:
    """Return the address of the page with a section open."""
    return url_for("staff.organisation", open=opened or None, **more)


@bp.get("/organisation")
@requires(Role.WRITER)
def organisation() -> str:
    """Show the sections that the role of whoever asks may see."""
    return show(request.args.get("open", ""))
