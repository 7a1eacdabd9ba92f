"""The rehearsal of a campaign: a day of invented citizens on its pages, to the last letter, and the report of it."""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from random import Random
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, selectinload, sessionmaker

from advocacy.campaigns.campaign_files import Length
from advocacy.campaigns.library import stored_revisions
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Envelope
from advocacy.delivery.states import State
from advocacy.language import EASTERN, Language, day_of
from advocacy.legislators.directory_queries import ALL_OWN_LISTS, everyone
from advocacy.legislators.models import Legislator, Riding
from advocacy.legislators.postal_codes import shipped_table
from advocacy.letters import encrypted_columns
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import MessageKind, StoredLetter
from advocacy.rehearsal.faulty_provider import FaultyProvider
from advocacy.rehearsal.invented_citizens import WITH_LINK, InventedCitizen, Population, Slip
from advocacy.rehearsal.page_forms import PageForm
from advocacy.rehearsal.rehearsal_site import RehearsalSite, open_rehearsal_site
from advocacy.rehearsal.report import (
    MAX_NAMES,
    RehearsalReport,
    count_unfinished,
    letters_per_day,
    measure_alikeness,
)
from advocacy.settings import Settings
from advocacy.toml_source import TomlProblems

FIRST_HOUR = time(6)
ARRIVALS_LAST = timedelta(hours=17)
"""When invented citizens begin to write, by the clock of Ottawa, and how long they come."""
OUTAGE_AFTER = timedelta(hours=6)
WRITING_TAKES, REVIEW_TAKES = (120, 1200), (30, 300)
"""Seconds from the blank form to the review, and from there to the button that sends."""
CONFIRMING_TAKES_S = 900
"""How many seconds a confirmation mail is waited for and read, on average."""
TICK = timedelta(minutes=1)
MAX_SILENCE = timedelta(days=2)
"""A rehearsal in which nothing happens for so long is over, whatever still waits."""
SENT_ON = 303
"""What a page answers with that has stored something."""
UNFILLED = re.compile(r"\{[{%#]|[}%#]\}|\bNone\b|  | [,.]|\(\s*\)")
"""What no finished letter holds: marks of the letter's language, and the gaps that a missing word leaves."""

Progress = Callable[[int, int], None]


class CannotRehearse(Exception):
    """The campaign cannot be rehearsed; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(slots=True)
class Visit:
    """One citizen on their way through the pages, with the browser and the page that they have open."""

    citizen: InventedCitizen
    browser: Any
    form: PageForm = field(default_factory=lambda: PageForm(""))
    link: str = ""


def rehearse(
    source: sessionmaker[Session],
    campaign: str,
    revisions: Collection[int],
    *,
    letters: int,
    settings: Settings,
    now: datetime,
    seed: int = 1,
    progress: Progress = lambda _done, _total: None,
) -> RehearsalReport:
    """Have so many letters written to a campaign as these revisions make it, and return what came of them.

    `source` is only read. Raises CannotRehearse for a campaign that cannot be read or is over, and one that writes to
    nobody.
    """
    with source() as session:
        folder, documents = stored_revisions(session, campaign, revisions)
    try:
        opened = OpenCampaign.of(folder, documents)
    except TomlProblems:
        raise CannotRehearse("unreadable") from None
    start = _start(opened, now)
    with open_rehearsal_site(source, campaign, revisions, settings=settings, start=start) as site:
        return _Rehearsal(site, opened, letters=letters, seed=seed, progress=progress).run()


def _start(campaign: OpenCampaign, now: datetime) -> datetime:
    """Return when it begins: the next morning, or that of the day the campaign opens; raise CannotRehearse."""
    opens, closes = campaign.file.opens, campaign.file.closes
    day = max(day_of(now) + timedelta(days=1), opens or date.min)
    if closes and closes < day:
        raise CannotRehearse("closed")
    return datetime.combine(day, FIRST_HOUR, EASTERN)


class _Rehearsal:
    def __init__(
        self, site: RehearsalSite, campaign: OpenCampaign, *, letters: int, seed: int, progress: Progress
    ) -> None:
        self._site, self._campaign, self._letters, self._seed, self._progress = site, campaign, letters, seed, progress
        self._random = Random(seed)  # noqa: S311 - the same citizens for the same seed; nothing is secret here
        self._start = site.clock.now()
        self._provider = FaultyProvider(
            site.clock, self._random, outage_at=self._start + OUTAGE_AFTER, on_taken=self._mail_arrived
        )
        self._worker = site.make_worker(self._provider, self._random)
        self._todo: list[tuple[datetime, int, Callable[[Visit], None], Visit]] = []
        self._numbers = count()
        self._visits: dict[str, Visit] = {}
        self._problems, self._met, self._blanks = Counter[str](), Counter[str](), Counter[str]()
        self._offices: dict[str, set[str]] = defaultdict(set)
        self._taken: dict[str, datetime] = {}
        self._confirmed_at: list[datetime] = []
        self._finished = 0

    def run(self) -> RehearsalReport:
        arrivals = sorted(self._random.random() for _ in range(self._letters))
        for share, citizen in zip(arrivals, self._citizens(), strict=False):
            visit = Visit(citizen, self._site.app.test_client())
            self._visits[citizen.fields["email"]] = visit
            self._do_at(self._start + share * ARRIVALS_LAST, self._open_form, visit)
        while (at := self._next_moment()) is not None:
            self._tick(at)
        return self._report()

    def _citizens(self) -> Iterator[InventedCitizen]:
        offered = self._campaign.offered_letters(day_of(self._start), Length.FULL)
        short = self._campaign.offered_letters(day_of(self._start), Length.SHORT)
        with self._site.runtime.sessions() as session:
            people = everyone(session, own_list=ALL_OWN_LISTS, today=day_of(self._start))
            names = {one.fed_code: one.name.in_language(Language.EN) for one in session.scalars(select(Riding))}
            session.expunge_all()
        audience = self._campaign.file.audience(self._campaign.name)
        population = Population(self._random, shipped_table(), people=people, audience=audience, riding_names=names)
        letters = [one for _name, one in offered or short]
        if not letters:
            raise CannotRehearse("no_letter")
        citizens = population.citizens(letters, short[0][1] if offered and short else None)
        first = next(citizens, None)
        if first is None:
            raise CannotRehearse("nobody")
        yield first
        yield from islice(citizens, self._letters - 1)

    # --- The clock

    def _do_at(self, moment: datetime, act: Callable[[Visit], None], visit: Visit) -> None:
        heapq.heappush(self._todo, (moment, next(self._numbers), act, visit))

    def _next_moment(self) -> datetime | None:
        """Return the next full minute in which anything is to be done, None at the end."""
        now = self._site.clock.now()
        moments = [self._todo[0][0]] if self._todo else []
        if at := self._provider.next_report_at:
            moments.append(at)
        sending = Message.state == State.SENDING
        waits = Message.state.in_((State.READY, State.SENDING, State.UNCERTAIN))
        with self._site.runtime.sessions() as session:
            due = session.scalar(
                select(func.min(case((sending, Message.lease_until), else_=Message.due_at))).where(waits)
            )
        moments += [due] if due else []
        if not moments or min(moments) > now + MAX_SILENCE:
            return None
        ticks = -(-(max(min(moments), now) - self._start) // TICK)
        return max(self._start + ticks * TICK, now + TICK)

    def _tick(self, at: datetime) -> None:
        clock = self._site.clock
        while self._todo and self._todo[0][0] <= at:
            moment, _number, act, visit = heapq.heappop(self._todo)
            clock.move_to(moment)
            act(visit)
        clock.move_to(at)
        self._worker.sweep()
        while self._worker.deliver():
            pass
        self._site.record_reports(self._provider)
        self._show_progress()

    def _show_progress(self) -> None:
        """Show how many letters are confirmed, which also shows that the rehearsal goes on."""
        self._progress(self._finished, self._letters)

    # --- What a citizen does

    def _open_form(self, visit: Visit) -> None:
        page = self._get(visit, self._path(visit, "write"))
        if page is not None:
            visit.form = PageForm(page.text)
            self._do_at(self._later(*WRITING_TAKES), self._review, visit)

    def _review(self, visit: Visit) -> None:
        citizen = visit.citizen
        typed = {**visit.form.fields("writing"), **citizen.fields}
        if citizen.slip is Slip.LINK:
            self._met["link_typed"] += 1
            words = f"{typed[citizen.words_field]} {WITH_LINK.get(citizen.language, WITH_LINK[Language.EN])}"
            refused = self._post(visit, "review", {**typed, citizen.words_field: words})
            if refused is None:
                return
            if refused.status_code == 422 and citizen.words_field in PageForm(refused.text).error_fields:
                self._met["link_refused"] += 1
            else:
                self._problems["link_passed"] += 1
        page = self._post(visit, "review", typed)
        if page is None or self._was_refused(visit, page):
            return
        visit.form = PageForm(page.text)
        if citizen.slip is Slip.FIGURE:
            self._met["figure_typed"] += 1
            self._problems["figure_passed"] += not visit.form.sure
        elif visit.form.sure and not citizen.words_field:
            self._problems["campaign_asked"] += 1
        if not visit.form.has_send_button:
            self._finished += 1
            self._blanks["only_printed"] += 1
            self._note_office("vacant" if citizen.recipient.vacant else "no_email", citizen.recipient)
            return
        self._do_at(self._later(*REVIEW_TAKES), self._send, visit)

    def _send(self, visit: Visit) -> None:
        agreed = {"age_ok": "yes", "consent": "yes"}
        page = self._post(visit, "send", {**visit.form.fields("writing"), **agreed})
        if page is not None and page.status_code == 422 and (asked := PageForm(page.text)).sure:
            self._met["asked_once_more"] += 1
            page = self._post(visit, "send", {**asked.fields("writing"), **agreed, "sure": asked.sure})
        if page is not None and page.status_code != SENT_ON:
            self._was_refused(visit, page) or self._problems.update(["not_sent"])

    def _mail_arrived(self, mail: Envelope) -> None:
        """Follow the link of a mail that asks to confirm, after a while; note when a letter was taken."""
        self._taken[mail.id] = self._site.clock.now()
        visit = self._visits.get(mail.to.address)
        found = re.search(r"/[a-z]{2}/confirm/[\w-]+", mail.text)
        if visit is None or found is None or visit.link:
            return
        visit.link = found[0]
        self._do_at(self._later(30, 2 * CONFIRMING_TAKES_S), self._confirm, visit)

    def _confirm(self, visit: Visit) -> None:
        page = self._get(visit, visit.link)
        if page is None:
            return
        typed = {**PageForm(page.text).fields("acts"), "act": "send"}
        answer = self._answer(visit, visit.link, typed)
        if answer.status_code == SENT_ON:
            self._finished += 1
            self._confirmed_at.append(self._site.clock.now())
        else:
            self._problems[f"confirm_{answer.status_code}"] += 1

    # --- The browser

    def _path(self, visit: Visit, place: str) -> str:
        return f"/{visit.citizen.language}/{self._campaign.name}/{place}"

    def _get(self, visit: Visit, path: str) -> Any:
        """Return a page, None where it is not there, which is a problem."""
        answer = self._answer(visit, path)
        if answer.status_code == 200:
            return answer
        self._problems[f"page_{answer.status_code}"] += 1
        return None

    def _post(self, visit: Visit, place: str, typed: Mapping[str, Any]) -> Any:
        """Return the answer to a form, None where the site could not answer, or takes no more, which are problems."""
        answer = self._answer(visit, self._path(visit, place), typed)
        if answer.status_code in {200, 422, SENT_ON}:
            return answer
        self._problems["full" if answer.status_code == 429 else f"{place}_{answer.status_code}"] += 1
        return None

    def _answer(self, visit: Visit, path: str, typed: Mapping[str, Any] | None = None) -> Any:
        """Ask for a page, or post a form, as a browser does that names the page it comes from."""
        base_url = self._site.runtime.settings.base_url
        return visit.browser.open(
            path,
            method="GET" if typed is None else "POST",
            data=typed,
            base_url=base_url,
            headers={"Referer": f"{base_url}{path}"},
            environ_base={"REMOTE_ADDR": visit.citizen.network},
        )

    def _was_refused(self, visit: Visit, page: Any) -> bool:
        """Note the fields that a page wants corrected; False for a page that is none of these."""
        if page.status_code != 422:
            return False
        names = {one.replace(visit.citizen.recipient.id, "*") for one in PageForm(page.text).error_fields}
        self._problems.update(f"refused_{name}" for name in names or {"form"})
        return True

    def _later(self, least_s: int, most_s: int) -> datetime:
        return self._site.clock.now() + timedelta(seconds=self._random.uniform(least_s, most_s))

    # --- The report

    def _note_office(self, code: str, row: Legislator) -> None:
        if len(self._offices[code]) < MAX_NAMES:
            place = row.riding.name.in_language(Language.EN) if row.riding else row.province or ""
            self._offices[code].add(", ".join(filter(None, (row.name, place))))

    def _report(self) -> RehearsalReport:
        bodies: dict[str, list[str]] = defaultdict(list)
        days: list[tuple[str, date]] = []
        states, taken_at, waits = Counter[str](), list[datetime](), list[timedelta]()
        lost = doubled = 0
        with self._site.runtime.sessions() as session:
            rows = {row.id: row for row in everyone(session, own_list=ALL_OWN_LISTS)}
            which = select(StoredLetter).options(selectinload(StoredLetter.submission)).order_by(StoredLetter.id)
            messages = {
                one.ref: one for one in session.scalars(select(Message).where(Message.kind == MessageKind.LETTER))
            }
            for stored in session.scalars(which):
                self._show_progress()
                text = encrypted_columns.read(stored, "letter_sealed", keys=self._site.services.keys)
                if text is None:
                    lost += 1
                    continue
                office = rows[stored.legislator_id]
                name = office.name or stored.legislator_id
                self._look_at(letter := from_json(text), office)
                bodies[name].append(letter.body)
                message = messages.get(stored.id)
                if message is None:
                    states["unconfirmed"] += 1
                    continue
                states[message.state.value] += 1
                at = self._taken.get(message.public_id)
                doubled += self._provider.times_taken[message.public_id] > 1
                lost += message.state in {State.ACCEPTED, State.DELIVERED} and at is None
                if at is not None:
                    taken_at.append(at)
                    waits.append(at - message.created_at)
                    days.append((name, day_of(at)))
        self._problems.update({f"error_{name}": number for name, number in self._site.failures.items()})
        lost += max(0, len(self._confirmed_at) - sum(states.values()) + states["unconfirmed"])
        last = max(self._confirmed_at, default=self._start)
        return RehearsalReport(
            campaign=self._campaign.name,
            wanted=self._letters,
            seed=self._seed,
            revisions=dict(self._campaign.revisions),
            confirmed=len(self._confirmed_at),
            per_day=letters_per_day(days),
            drain_s=max(0.0, (max(taken_at, default=last) - last).total_seconds()),
            longest_wait_s=max(waits, default=timedelta()).total_seconds(),
            per_hour=self._site.runtime.settings.recipient_per_hour,
            alikeness=measure_alikeness(bodies, self._random, heartbeat=self._show_progress),
            blanks=dict(sorted(self._blanks.items())),
            offices={code: sorted(names) for code, names in sorted(self._offices.items())},
            problems=dict(sorted((+self._problems).items())),
            met=dict(sorted((self._met + self._provider.faults).items())),
            states=dict(sorted((+states).items())),
            lost=lost,
            doubled=doubled,
            unfinished=count_unfinished(states),
        )

    def _look_at(self, letter: Letter, office: Legislator) -> None:
        """Note what is left blank in a letter as it was stored."""
        if not any(letter.is_own(piece) for paragraph in letter.paragraphs for piece in paragraph.pieces):
            self._blanks["no_own_words"] += 1
        if office.gender is None and not office.vacant:
            self._blanks["no_gender"] += 1
        written = (letter.subject, letter.appel, letter.body, letter.closing, letter.source_note)
        if not all((letter.subject, letter.appel, letter.body, letter.closing)) or any(map(UNFILLED.search, written)):
            self._problems["unfilled"] += 1
