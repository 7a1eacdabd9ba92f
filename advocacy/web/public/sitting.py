"""One request of a citizen's: what was typed, read once, beside everything the answer depends on."""

from dataclasses import dataclass
from typing import cast

from flask import abort, current_app, request

from advocacy.language import Language
from advocacy.web.public.choices import Choices
from advocacy.web.public.composing import Composed, compose_all
from advocacy.web.public.desk import Desk
from advocacy.web.public.draft import Draft
from advocacy.web.public.editing import edits
from advocacy.web.public.forms import field_names
from advocacy.web.public.listing import Held
from advocacy.web.public.reading import Form, read_form
from advocacy.web.public.recipients import settled
from advocacy.web.public.review import ReviewedLetter, review
from advocacy.web.services import current_campaign, services

HELD = "advocacy-directory"
"""Where an application keeps its directory between requests."""


@dataclass(slots=True)
class Sitting:
    """A draft and what is made of it. `moved` tells that the postal code or riding is new."""

    desk: Desk
    draft: Draft
    choices: Choices
    form: Form
    moved: bool

    @classmethod
    def open(cls, language: Language) -> "Sitting":
        """Read the form of this request; 404 where its campaign does not exist."""
        campaign = current_campaign()
        if campaign is None or not campaign.letters:
            abort(404)
        site, held = services(), cast(Held, current_app.extensions[HELD])
        now = site.now()
        desk = Desk(campaign, held.current(now), language, now.astimezone().date())
        typed = Draft.read(request.form.items(multi=True), field_names(campaign.letters.values()))
        draft = settled(typed, desk)
        choices = Choices.read(draft.text("choice"), current_app.secret_key or "")
        moved = draft.text("looked_up") != typed.text("looked_up")
        return cls(desk, draft, choices, read_form(draft, desk), moved)

    def letters(self) -> list[Composed]:
        """Compose every letter; none while an answer is missing."""
        return compose_all(self.form, self.desk, self.choices)

    def reviewed(self) -> list[ReviewedLetter]:
        """Look over every letter."""
        tested = services().settings.test_recipient
        return [review(one, edits(self.draft, one), self.desk, test_recipient=tested) for one in self.letters()]

    def carry(self, draft: Draft) -> None:
        """Go on with another draft."""
        self.draft = draft
        self.form = read_form(draft, self.desk)
