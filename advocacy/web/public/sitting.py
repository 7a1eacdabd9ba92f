"""One request of a citizen's: what was typed, read once, beside everything the answer depends on."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from flask import abort, current_app, request

from advocacy.campaigns.opened import OpenCampaign
from advocacy.campaigns.program import Choice
from advocacy.exports.form import Post, Wishes
from advocacy.language import Language
from advocacy.letters import counted
from advocacy.letters.moments import day_of
from advocacy.web.public.choices import Choices
from advocacy.web.public.composing import Composed, compose_all
from advocacy.web.public.desk import Desk
from advocacy.web.public.draft import Draft
from advocacy.web.public.editing import edits
from advocacy.web.public.forms import field_names
from advocacy.web.public.listing import Held
from advocacy.web.public.pinned import FIELD, corrects, pinned
from advocacy.web.public.reading import Form, read_form
from advocacy.web.public.recipients import settled
from advocacy.web.public.review import ReviewedLetter, review
from advocacy.web.services import current_campaign, services

HELD = "advocacy-directory"
"""Where an application keeps its directory between requests."""
ISSUED = re.compile(r"[\w-]{22,64}", re.ASCII)
"""An id that a page may have issued a form with: at least 128 bits."""


@dataclass(slots=True)
class Sitting:
    """A draft and what is made of it. `moved` tells that the postal code or riding is new.

    `submission` is the id the form is sent under: issued at the first review, carried through the next ones.
    `before` is the campaign as the form was last shown, where what it says of the survey was corrected since.
    """

    desk: Desk
    draft: Draft
    choices: Choices
    form: Form
    moved: bool
    submission: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    before: OpenCampaign | None = None
    _composed: tuple[Form, Sequence[Composed]] | None = field(default=None, init=False)
    """The letters, and the form they were composed from."""

    @classmethod
    def open(cls, language: Language) -> "Sitting":
        """Read the form of this request; 404 where its campaign does not exist."""
        campaign = current_campaign()
        if campaign is None:
            abort(404)
        site, held = services(), cast(Held, current_app.extensions[HELD])
        now = site.now()
        pin = pinned(campaign, request.form.get(FIELD, ""), now)
        campaign = pin.campaign
        desk = Desk(campaign, held.current(now), language, day_of(now))
        if not desk.letters:
            abort(404)
        typed = Draft.read(request.form.items(multi=True), field_names(campaign.letters.values()))
        draft = settled(typed, desk)
        choices = Choices.read(draft.text("choice"), current_app.secret_key or "", _sent)
        moved = draft.text("looked_up") != typed.text("looked_up")
        sitting = cls(desk, draft, choices, read_form(draft, desk), moved)
        sitting.before = sitting.corrected_from(pin.before)
        if ISSUED.fullmatch(draft.text("submission")):
            sitting.submission = draft.text("submission")
        return sitting

    def letters(self) -> Sequence[Composed]:
        """Compose every letter, once for one form; none while an answer is missing."""
        if self._composed is None or self._composed[0] is not self.form:
            self._composed = (self.form, compose_all(self.form, self.desk, self.choices))
        return self._composed[1]

    def reviewed(self) -> list[ReviewedLetter]:
        """Look over every letter."""
        tested = services().settings.test_recipient
        return [review(one, edits(self.draft, one), self.desk, test_recipient=tested) for one in self.letters()]

    def corrected_from(self, before: OpenCampaign | None) -> OpenCampaign | None:
        """Give the campaign as it was where it made the chosen letter say something else of the survey."""
        letter = before.letters.get(self.form.chosen_name(self.desk)) if before else None
        return before if letter and corrects(letter, self.form.template) else None

    def letters_before(self) -> list[Composed]:
        """Compose every letter as it was last shown, before the survey was corrected."""
        if self.before is None:
            return []
        desk = replace(self.desk, campaign=self.before)
        return compose_all(read_form(self.draft, desk), desk, self.choices)

    def wishes(self, letter: str) -> Wishes:
        """Say how one recipient's letter, or with "" all of them, is to be made."""
        asked = self.draft.post_of(letter)
        post = Post(asked) if asked in set(Post) else Post.SHEET
        return Wishes(self.desk.today, post, test_recipient=services().settings.test_recipient)

    def carry(self, draft: Draft) -> None:
        """Go on with another draft; the same one has been read."""
        if draft is not self.draft:
            self.draft, self.form = draft, read_form(draft, self.desk)


def _sent(recipient: str, text: str) -> Mapping[Choice, int]:
    """Tell how often an office was sent each choice of a text; nobody in particular was sent none."""
    if not recipient:
        return {}
    with services().sessions() as session:
        return counted.sent(session, recipient, text)
