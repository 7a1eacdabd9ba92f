"""What waits for each of the staff: the rows of their first page and of the morning mail, the most urgent first.

Letters are known by office and number here; nothing names a citizen or quotes one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from itertools import groupby
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import Season
from advocacy.campaigns.campaign_folder import LETTER, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Availability, Campaign, Document, Revision
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.campaigns.terms import STAGES
from advocacy.delivery import holds, outages, outbox
from advocacy.delivery.states import State
from advocacy.language import Language, Wording, day_of, format_date, format_time
from advocacy.legislators.legislatures import UnknownChamber, legislatures
from advocacy.legislators.models import Legislator, OwnList
from advocacy.letters.after_bounce import bouncing_addresses
from advocacy.letters.hold_queue import HoldGroup, hold_groups
from advocacy.letters.models import LetterTally
from advocacy.messages import Message, Words, message, nmessage
from advocacy.offices.office_settings import awaiting_confirmation
from advocacy.site_problems import MESSAGE_LATE, old_lists, without_address
from advocacy.staff import own_list, reviews
from advocacy.staff.models import Account, Proposal, Role
from advocacy.toml_source import TomlProblems

QUIET_DAYS = 14
"""After so many days without a letter staff are told; so long they are told that a campaign has closed."""
STAGE_NAMES: Mapping[str, Message] = MappingProxyType({**STAGES, Stage.INTRODUCED: message("first or second reading")})
LIST_NAMES: Mapping[str, Message] = MappingProxyType({"ministers": message("Ministers"), "ridings": message("Ridings")})


class Urgency(IntEnum):
    """What makes a row urgent, the most urgent first."""

    CITIZEN_WAITS = 1
    MAIL_COMES_BACK = 2
    DAY_PASSED = 3
    COLLEAGUE_ASKS = 4
    FACT_GROWS_OLD = 5
    TO_KNOW = 6


@dataclass(frozen=True, slots=True)
class Press:
    """What a row's button does where it does more than lead to a page: a form that is posted to a path."""

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """One row: what is to be done, why and since when, and the button that ends it.

    `page` is the path below /staff/ on which it is done, also where a `press` does it at once; `other` is a second way
    out, with its path. `quote` is what a colleague wrote.
    """

    urgency: Urgency
    title: Message
    button: Message
    page: str
    why: tuple[Words, ...] = ()
    press: Press | None = None
    other: tuple[Message, str] | None = None
    quote: str = ""

    @property
    def quoted(self) -> Message:
        return message("“%(text)s”", text=self.quote)

    @property
    def is_urgent(self) -> bool:
        return self.urgency <= Urgency.DAY_PASSED


@dataclass(frozen=True, slots=True)
class Stop:
    """That nothing leaves, and why; `may_resume` where a press has it tried again."""

    title: Message
    why: tuple[Message, ...]
    may_resume: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: `tasks` for somebody, `others` for their colleagues, and what stops the sending."""

    tasks: Sequence[Task]
    others: Sequence[Message]
    stop: Stop | None = None

    @property
    def is_worth_a_mail(self) -> bool:
        """Whether anything of it has to be done."""
        return any(task.urgency < Urgency.TO_KNOW for task in self.tasks)


def waiting_for(
    session: Session,
    account: Account,
    *,
    campaigns: Sequence[OpenCampaign],
    folders: Mapping[str, CampaignFolder],
    now: datetime,
) -> Waiting:
    """Return what waits for somebody, on a site with these open campaigns, each as it was saved last in `folders`."""
    today, role = day_of(now), account.role
    names = {name: _name_of(folder) for name, folder in folders.items()}
    tasks, others = [*_changes_asked(session, account, names)], [*_for_others(session, account, names)]
    if role.may(Role.MANAGER):
        tasks += [*_held(session), *_undecided(session), *_bounced(session), *_directory(session, today)]
        tasks += _quiet_campaigns(session, campaigns, today)
    if role.may(Role.PUBLISHER):
        tasks += [*_reviews(session, account, names), *_bills(campaigns, today)]
    tasks += [*_days_passed(campaigns, today), *_own_lists(session, account, names), *_contacts(campaigns)]
    stale = [*_stale_texts(folders, names)]
    if role is Role.WRITER or not _has_writer(session):
        tasks += stale
    else:
        others += [task.title for task in stale]
    stop = sending_stopped(session, now=now) if role.may(Role.MANAGER) else None
    return Waiting(sorted(tasks, key=lambda task: task.urgency), others, stop)


def sending_stopped(session: Session, *, now: datetime) -> Stop | None:
    """Return why nothing leaves; None while letters leave as they should."""
    count = outbox.count(session, [State.READY])[State.READY]
    wait = nmessage("%(num)s message waits; none is lost.", "%(num)s messages wait; none is lost.", count)
    hold, outage = holds.current(session), outages.current(session)
    if hold is not None:
        return Stop(message("Sending stopped on %(moment)s.", moment=_when(hold.since)), (wait,), may_resume=True)
    if outage is not None:
        title = message("The mail service has accepted no e-mail since %(moment)s.", moment=_when(outage.since))
        return Stop(title, (wait, message("It is tried again every few minutes, by itself.")))
    due = outbox.oldest_due(session, now=now)
    if due is not None and now - due > MESSAGE_LATE:
        title = message("Messages are late: one has been due since %(moment)s.", moment=_when(due))
        return Stop(title, (wait, message("Tell whoever runs this site.")))
    return None


# --- A citizen waits


def _held(session: Session) -> Iterator[Task]:
    groups = hold_groups(session)
    letters = [group for group in groups if group.is_letters]
    if letters:
        yield _held_letters(letters)
    if count := sum(group.number for group in groups if not group.is_letters):
        yield Task(
            Urgency.CITIZEN_WAITS,
            nmessage(
                "%(num)s form waits for a look before its writer is asked to confirm",
                "%(num)s forms wait for a look before their writers are asked to confirm",
                count,
            ),
            message("Look at it"),
            "held",
        )


def _held_letters(groups: Sequence[HoldGroup]) -> Task:
    oldest = groups[0]
    office = oldest.office
    since = message("The oldest has waited since %(moment)s", moment=_when(oldest.since))
    count = sum(group.number for group in groups)
    if count == 1 and office is not None:
        since = message("To %(office)s, waiting since %(moment)s", office=_office(office), moment=_when(oldest.since))
    return Task(
        Urgency.CITIZEN_WAITS,
        nmessage("Read %(num)s letter before it is sent", "Read %(num)s letters before they are sent", count),
        nmessage("Read it", "Read them", count),
        "held",
        (since, message("what nobody reads is erased in the end, and its writer told")),
    )


def _undecided(session: Session) -> Iterator[Task]:
    count = outbox.count(session, [State.NEEDS_STAFF])[State.NEEDS_STAFF]
    if count:
        yield Task(
            Urgency.CITIZEN_WAITS,
            nmessage("%(num)s message needs a decision", "%(num)s messages need a decision", count),
            message("Decide"),
            "deliveries",
            (message("The mail service did not say whether it took it"),),
        )


# --- Mail comes back


def _bounced(session: Session) -> Iterator[Task]:
    for address in bouncing_addresses(session):
        if address.office is None:
            continue
        came_back = nmessage(
            "%(num)s letter came back since %(moment)s",
            "%(num)s letters came back since %(moment)s",
            address.letters,
            moment=_when(address.since),
        )
        yield Task(
            Urgency.MAIL_COMES_BACK,
            message("E-mail to %(office)s comes back", office=_office(address.office)),
            message("Correct the address"),
            f"directory/entry/{address.office.id}",
            (came_back,),
        )


# --- A day has passed


def _days_passed(campaigns: Sequence[OpenCampaign], today: date) -> Iterator[Task]:
    for campaign in campaigns:
        file, page = campaign.file, f"campaigns/{campaign.name}"
        if not campaign.is_online:
            continue
        if file.closes and file.closes < today <= file.closes + timedelta(days=QUIET_DAYS):
            why = message("It closed on %(day)s; nobody can write any more", day=file.closes)
        elif file.goal and file.goal.by and file.goal.by < today and file.season_on(today) is Season.OPEN:
            why = message("The day of its goal was %(day)s", day=file.goal.by)
        else:
            continue
        title, button = message("A day of “%(name)s” has passed", name=file.name), message("Say what comes next")
        yield Task(Urgency.DAY_PASSED, title, button, page, (why,))


# --- A colleague asks


def _reviews(session: Session, account: Account, names: Mapping[str, Wording]) -> Iterator[Task]:
    """Yield one row a campaign, however many of its texts were sent for review."""
    asked = sorted(reviews.reviews_for(session, account), key=lambda review: review.campaign)
    for campaign, group in groupby(asked, key=lambda review: review.campaign):
        of_campaign = [*group]
        last = of_campaign[-1]
        yield Task(
            Urgency.COLLEAGUE_ASKS,
            message("Approve “%(name)s”", name=names.get(campaign, campaign)),
            message("Read and decide"),
            f"review/{last.revision_id}/publish" if len(of_campaign) == 1 else f"campaigns/{campaign}/publish",
            (nmessage("%(num)s text was changed", "%(num)s texts were changed", len(of_campaign)), _said(last)),
            quote=last.text,
        )


def _changes_asked(session: Session, account: Account, names: Mapping[str, Wording]) -> Iterator[Task]:
    asked = sorted(reviews.changes_asked_of(session, account), key=lambda review: review.campaign)
    for campaign, group in groupby(asked, key=lambda review: review.campaign):
        of_campaign = [*group]
        last = of_campaign[-1]
        letters = [review.document for review in of_campaign if review.document not in OWN_DOCUMENTS.values()]
        yield Task(
            Urgency.COLLEAGUE_ASKS,
            message("%(name)s asks for a change", name=last.name),
            message("Go to the text"),
            f"campaigns/{campaign}/letters/{letters[0]}" if letters else f"campaigns/{campaign}",
            (names.get(campaign, Wording.same(campaign)), _said(last)),
            quote=last.text,
        )


def _for_others(session: Session, account: Account, names: Mapping[str, Wording]) -> Iterator[Message]:
    """Yield what somebody sent for review, or a manager's colleagues did, and that others have to answer."""
    answerable = {review.campaign for review in reviews.reviews_for(session, account)}
    waiting = (
        select(Campaign.name, Proposal.asked_by)
        .join(Document, Document.campaign_id == Campaign.id)
        .join(Revision, Revision.document_id == Document.id)
        .join(Proposal, Proposal.revision_id == Revision.id)
        .where(Proposal.answer.is_(None), Campaign.availability != Availability.ARCHIVED)
        .order_by(Campaign.name)
    )
    asked = {
        campaign
        for campaign, asked_by in session.execute(waiting)
        if asked_by == account.id or account.role.may(Role.MANAGER)
    }
    for campaign in sorted(asked - answerable):
        yield message("“%(name)s” waits for approval", name=names.get(campaign, campaign))


def _own_lists(session: Session, account: Account, names: Mapping[str, Wording]) -> Iterator[Task]:
    for row in session.scalars(select(OwnList).where(OwnList.waiting.is_not(None)).order_by(OwnList.campaign)):
        if own_list.may_approve(session, row, account):
            bringer = session.get(Account, row.waiting_by) if row.waiting_by else None
            name = names.get(row.campaign, Wording.same(row.campaign))
            brought = (message("Brought by %(name)s", name=bringer.name),) if bringer else ()
            title = message("Approve a list of people to write to")
            page = f"campaigns/{row.campaign}/audience"
            yield Task(Urgency.COLLEAGUE_ASKS, title, message("Look it over"), page, (name, *brought))


def _stale_texts(folders: Mapping[str, CampaignFolder], names: Mapping[str, Wording]) -> Iterator[Task]:
    """Yield, by letter and language, how many texts were not written anew since the other language changed."""
    for campaign, folder in folders.items():
        for letter in folder.letters():
            if b"stale" not in (folder.content(f"{letter}/{LETTER}") or b""):
                continue
            try:
                file = folder.letter(letter)
            except TomlProblems:
                continue
            alternatives = [each for section in file.sections for each in section.alternatives]
            for language in Language:
                if count := sum(language in alternative.stale for alternative in alternatives):
                    yield Task(
                        Urgency.COLLEAGUE_ASKS,
                        nmessage(
                            "%(num)s text changed; its %(language)s waits",
                            "%(num)s texts changed; their %(language)s waits",
                            count,
                            language=language.names,
                        ),
                        message("Go to the first"),
                        f"campaigns/{campaign}/letters/{letter}",
                        (names[campaign], file.title),
                    )


# --- A fact grows old


def _bills(campaigns: Sequence[OpenCampaign], today: date) -> Iterator[Task]:
    for campaign in campaigns:
        for bill in campaign.file.bills:
            if not bill.needs_confirmation(today):
                continue
            left, page = bill.stage_days_left(today), f"campaigns/{campaign.name}"
            why: Message = nmessage(
                "letters name the stage for %(num)s more day", "letters name the stage for %(num)s more days", left
            )
            if not left:
                why = message("letters do not name its stage")
            if bill.stage is Stage.UNKNOWN:
                title = message("Where does Bill %(number)s stand?", number=bill.number)
                yield Task(Urgency.FACT_GROWS_OLD, title, message("Say where"), page, (campaign.file.name, why))
                continue
            still = {"number": bill.number, "stage": bill.stage.value, "source": bill.source, "back": "/staff/"}
            yield Task(
                Urgency.FACT_GROWS_OLD,
                message("Is Bill %(number)s still here: %(stage)s?", number=bill.number, stage=STAGE_NAMES[bill.stage]),
                message("Still so"),
                page,
                (campaign.file.name, why),
                press=Press(f"campaigns/{campaign.name}/bill", still),
                other=(message("It has moved"), page),
            )


def _contacts(campaigns: Sequence[OpenCampaign]) -> Iterator[Task]:
    for campaign in campaigns:
        if not (campaign.file.organiser and campaign.file.privacy_contact):
            yield Task(
                Urgency.FACT_GROWS_OLD,
                message("Say who runs “%(name)s”, and whom to write to about privacy", name=campaign.file.name),
                message("Say who"),
                f"campaigns/{campaign.name}/settings",
            )


# --- To know


def _directory(session: Session, today: date) -> Iterator[Task]:
    if offices := awaiting_confirmation(session):
        yield Task(
            Urgency.FACT_GROWS_OLD,
            message("Confirm another address for letters"),
            message("Look at it"),
            f"directory/entry/{offices[0].id}",
            (Wording.same(", ".join(office.name for office in offices)),),
        )
    if lists := old_lists(session, today):
        names = [_list_name(key) for key in lists]
        which = Wording.for_each(lambda language: ", ".join(name.in_language(language) for name in names))
        title = nmessage("%(num)s list of legislators is old", "%(num)s lists of legislators are old", len(lists))
        yield Task(Urgency.TO_KNOW, title, message("See newer ones"), "directory", (which,))
    if count := without_address(session):
        title = nmessage("%(num)s legislator has no address", "%(num)s legislators have no address", count)
        why = message("Senators, who have none in the list, are not counted")
        yield Task(Urgency.TO_KNOW, title, message("See who"), "directory?list=no-address", (why,))


def _quiet_campaigns(session: Session, campaigns: Sequence[OpenCampaign], today: date) -> Sequence[Task]:
    """Return the open campaigns that had letters, and none in the last two weeks."""
    last = select(LetterTally.campaign, func.max(LetterTally.day)).group_by(LetterTally.campaign)
    last_days = dict(session.execute(last).all())
    quiet = today - timedelta(days=QUIET_DAYS)
    title, button = message("Two weeks without a letter"), message("See results")
    return [
        Task(Urgency.TO_KNOW, title, button, f"campaigns/{campaign.name}/results", (campaign.file.name,))
        for campaign in campaigns
        if campaign.is_online
        and campaign.file.season_on(today) is Season.OPEN
        and last_days.get(campaign.name, today) < quiet
    ]


# --- Names


def newest_folders(session: Session) -> Mapping[str, CampaignFolder]:
    """Return every campaign that is not archived as it was saved last, by name."""
    active = select(Campaign.name).where(Campaign.availability != Availability.ARCHIVED).order_by(Campaign.name)
    return {name: newest_folder(session, name) for name in session.scalars(active).all()}


def _name_of(folder: CampaignFolder) -> Wording:
    file = folder.readable_campaign()
    return file.name if file else Wording.same(folder.name)


def _office(office: Legislator) -> Words:
    return (
        message("%(name)s, %(place)s", name=office.name, place=office.place)
        if office.place
        else Wording.same(office.name)
    )


def _list_name(key: str) -> Words:
    """Return what a list is called, by the name of its provenance: "commons", "assembly-ON"."""
    if key in LIST_NAMES:
        return LIST_NAMES[key]
    chamber, _dash, province = key.partition("-")
    try:
        return legislatures().chamber(chamber, province or None).name
    except UnknownChamber:
        return Wording.same(key)


def _has_writer(session: Session) -> bool:
    return session.scalar(select(Account.id).where(Account.role == Role.WRITER, Account.active).limit(1)) is not None


def _said(review: reviews.Task) -> Message:
    return message("%(name)s, %(moment)s", name=review.name, moment=_when(review.at))


def _when(moment: datetime) -> Wording:
    return Wording.for_each(
        lambda language: f"{format_date(day_of(moment), language)}, {format_time(moment, language)}"
    )
