"""Publishing takes its turn: pressed twice it happens once, and a letter under way is of one revision, none mixed."""

import re
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse.caps import Limits
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.library import import_folder, stored_folder
from advocacy.campaigns.models import Document, Publication, Revision, RevisionFile, RevisionIsImmutable
from advocacy.campaigns.open_campaigns import OpenCampaigns, letter_pins
from advocacy.delivery import outbox
from advocacy.delivery.models import NO_CONTACT
from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator, Status
from advocacy.legislators.recipient import Office
from advocacy.letters.compose import compose
from advocacy.letters.letter import from_json
from advocacy.letters.models import StoredLetter
from advocacy.letters.submit import NewLetter, NewSubmission, submit
from advocacy.staff import audit_log, publication, revisions
from advocacy.staff.models import Account, Authorship, Proposal, Role
from advocacy.staff.publication import NotAllowed, Refusal
from tests.builders import TODAY, a_member, some_answers
from tests.campaign_files import LETTER, NAME, campaign
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LIMITS = Limits(network_per_day=100_000, site_per_day=100_000)


@pytest.fixture
def site(sessions: Sessions) -> Sessions:
    """A small campaign that is live, a writer and a publisher, somebody to write to."""
    with sessions.begin() as session:
        import_folder(session, campaign(), now=NOW)
        roles = {"maude": Role.WRITER, "karim": Role.PUBLISHER, "manon": Role.MANAGER, "paul": Role.WRITER}
        for name, role in roles.items():
            session.add(Account(email=f"{name}@example.ca", name=name, role=role, language=Language.FR, created_at=NOW))
        session.add(
            Legislator(
                id=a_member().id,
                chamber=COMMONS,
                office=Office.MEMBER,
                status=Status.SITTING,
                name="Yasir Naqvi",
                source="a test",
                as_of=TODAY,
            )
        )
    return sessions


def person(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.email == f"{name}@example.ca")).one()


def proposed(sessions: Sessions, document: str, *changes: tuple[str, str, str]) -> int:
    """Save the live document with these words changed (file, old, new), send it for review, and give its id."""
    with sessions.begin() as session:
        files = dict(stored_folder(session, NAME).documents()[document])
        for name, old, new in changes:
            assert old.encode() in files[name], (name, old)
            files[name] = files[name].replace(old.encode(), new.encode())
        maude = person(session, "maude")
        revision = revisions.save(session, NAME, document, files=files, by=maude, now=NOW)
        publication.request_review(session, [revision], by=maude, now=NOW)
        return revision.id


def publish(sessions: Sessions, revision: int, name: str = "karim") -> None:
    with sessions.begin() as session:
        publication.publish(session, NAME, [revision], by=person(session, name), now=NOW)


def worded(number: int) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """Name a revision in its own words."""
    (old_en, old_fr), (new_en, new_fr) = (
        (f"In revision {'x' * one}, a", f"Dans la révision {'x' * one}, un") if one else ("In a", "Dans un")
        for one in (number - 1, number)
    )
    return (f"{LETTER}/letter.toml", old_en, new_en), (f"{LETTER}/letter.toml", old_fr, new_fr)


def ask(sessions: Sessions, revision: int, name: str) -> int:
    with sessions.begin() as session:
        row = session.get_one(Revision, revision)
        publication.request_review(session, [row], by=person(session, name), now=NOW)
        return revision


def withdrawn(sessions: Sessions, revision: int) -> int:
    """Let its writer take a request back, and give the revision's id."""
    with sessions.begin() as session:
        row = session.get_one(Revision, revision)
        publication.withdraw(session, [row], by=person(session, "maude"), now=NOW)
        return revision


@pytest.mark.parametrize("name", ["karim", "manon", "paul"])
def test_what_its_writer_took_back_nobody_else_asks_for(site: Sessions, name: str) -> None:
    revision = withdrawn(site, proposed(site, LETTER, *worded(1)))
    with pytest.raises(NotAllowed) as refused:
        ask(site, revision, name)
    assert refused.value.code is Refusal.FOR_ITS_WRITERS
    with site() as session:
        assert [(one.asked_by, one.answer) for one in session.scalars(select(Proposal))] == [(1, "withdrawn")]
    publish(site, ask(site, revision, "maude"))


def test_whoever_wrote_an_earlier_part_may_ask_too_and_publishes_no_more_than_the_other(site: Sessions) -> None:
    with site.begin() as session:
        files = {**stored_folder(session, NAME).documents()[LETTER], f"{LETTER}/letter.toml": b"# Other\n"}
        revisions.save(session, NAME, LETTER, files=files, by=person(session, "karim"), now=NOW)
    revision = ask(site, withdrawn(site, proposed(site, LETTER, *worded(1))), "karim")
    with pytest.raises(NotAllowed) as refused:
        publish(site, revision, "karim")
    assert refused.value.code is Refusal.OWN
    publish(site, revision, "manon")


@pytest.mark.parametrize("gone", ["writer left", "from files"])
def test_where_no_writer_is_here_a_publisher_asks_and_another_publishes(site: Sessions, gone: str) -> None:
    revision = withdrawn(site, proposed(site, LETTER, *worded(1)))
    with site.begin() as session:
        if gone == "writer left":
            person(session, "maude").active = False
        else:
            session.execute(delete(Authorship))
    with pytest.raises(NotAllowed):
        ask(site, revision, "paul")
    revision = ask(site, revision, "karim")
    with pytest.raises(NotAllowed) as refused:
        publish(site, revision, "karim")
    assert refused.value.code is Refusal.OWN_REQUEST
    publish(site, revision, "manon")


def test_in_a_campaign_run_alone_whoever_asked_publishes(site: Sessions) -> None:
    revision = withdrawn(site, proposed(site, LETTER, *worded(1)))
    with site.begin() as session:
        person(session, "maude").active = False
        publication.set_one_person_rule(session, NAME, True, by=person(session, "manon"), now=NOW)
    publish(site, ask(site, revision, "karim"), "karim")


@both_databases
def test_two_who_publish_the_same_at_once_publish_it_once(site: Sessions) -> None:
    revision = proposed(site, LETTER, *worded(1))
    begin = threading.Barrier(4)

    def press(name: str) -> None:
        begin.wait()
        publish(site, revision, name)

    with ThreadPoolExecutor(4) as pool:
        for pressed in [pool.submit(press, name) for name in ("karim", "manon", "karim", "manon")]:
            pressed.result()
    with site() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 5  # four when it was imported
        assert list(audit_log.find_breaks(session)) == []


def test_of_two_answers_given_at_once_one_counts(site: Sessions) -> None:
    revision = proposed(site, LETTER, *worded(1))
    begin = threading.Barrier(2)

    def send_back() -> None:
        begin.wait()
        with site.begin() as session:
            row = session.get_one(Revision, revision)
            publication.ask_for_changes(session, [row], by=person(session, "manon"), now=NOW, note="not yet")

    def press() -> None:
        begin.wait()
        publish(site, revision)

    with ThreadPoolExecutor(2) as pool:
        errors = [one.exception() for one in (pool.submit(send_back), pool.submit(press))]
    assert [type(error) for error in errors if error is not None] == [NotAllowed]
    with site() as session:
        answer = session.scalars(select(Proposal.answer)).one()
        live = session.scalar(select(func.count()).select_from(Publication))
    assert (answer, live) in {("published", 5), ("returned", 4)}


def test_two_documents_that_do_not_fit_together_are_not_both_published(site: Sessions) -> None:
    """Each is in order beside what is live; whichever comes second is checked with the first."""
    letter = proposed(
        site,
        LETTER,
        (f"{LETTER}/letter.toml", "{{ finding.opening_yes }}", "{{ finding.opening_no }}"),
    )
    findings = proposed(site, "findings", ("findings.toml", '"opening_no"', '"opening_not"'))
    begin = threading.Barrier(2)

    def press(revision: int) -> None:
        begin.wait()
        publish(site, revision)

    with ThreadPoolExecutor(2) as pool:
        errors = [one.exception() for one in [pool.submit(press, one) for one in (letter, findings)]]
    assert [type(error) for error in errors if error is not None] == [NotAllowed]
    with site() as session:
        stored_folder(session, NAME).template(LETTER)  # what is live can be made into letters


def test_saving_the_same_again_makes_no_revision(site: Sessions) -> None:
    with site.begin() as session:
        files = {**stored_folder(session, NAME).documents()[LETTER], f"{LETTER}/letter.toml": b"# Other\n"}
        maude = person(session, "maude")
        ids = {revisions.save(session, NAME, LETTER, files=files, by=maude, now=NOW).id for _ in range(2)}
    assert len(ids) == 1


def test_a_revision_is_never_written_over_by_its_restoration(site: Sessions) -> None:
    publish(site, proposed(site, LETTER, *worded(1)))
    with site.begin() as session:
        document = session.scalars(select(Document).where(Document.name == LETTER)).one()
        first = session.scalars(select(Revision).where(Revision.document_id == document.id, Revision.number == 1)).one()
        again = revisions.restore(session, first, by=person(session, "maude"), now=NOW)
        assert (again.number, again.digest) == (3, first.digest)
        entries = revisions.revision_history(session, document)
        assert [(one.revision.number, one.live, one.same_as) for one in entries] == [
            (3, False, 1),
            (2, True, None),
            (1, False, None),
        ]
        earlier = revisions.revision_history(session, document, before=3)
        assert [one.revision.number for one in earlier] == [2, 1], "the next page begins below the last one"
        again.digest = "0" * 64
        with pytest.raises(RevisionIsImmutable):
            session.flush()
        session.rollback()


def test_nobody_publishes_their_own_words_by_having_them_restored(site: Sessions) -> None:
    """The publisher wrote what never went live; the writer restores it after something else did."""
    with site.begin() as session:
        files = {**stored_folder(session, NAME).documents()[LETTER]}
        files[f"{LETTER}/letter.toml"] = files[f"{LETTER}/letter.toml"].replace(b"In a", b"In our")
        own = revisions.save(session, NAME, LETTER, files=files, by=person(session, "karim"), now=NOW)
    publish(site, proposed(site, LETTER, *worded(1)), "manon")
    with site.begin() as session:
        row, maude = session.get_one(Revision, own.id), person(session, "maude")
        restored = revisions.restore(session, row, by=maude, now=NOW).id
        publication.request_review(session, [session.get_one(Revision, restored)], by=maude, now=NOW)
    with pytest.raises(NotAllowed) as refused:
        publish(site, restored, "karim")
    assert refused.value.code is Refusal.OWN
    publish(site, restored, "manon")


def test_history_tells_from_when_until_when(site: Sessions) -> None:
    revision = proposed(site, LETTER, *worded(1))
    later = NOW + timedelta(hours=3)
    with site.begin() as session:
        publication.publish(session, NAME, [revision], by=person(session, "karim"), now=later)
    with site() as session:
        document = session.scalars(select(Document).where(Document.name == LETTER)).one()
        new, old = revisions.revision_history(session, document)
    assert [(span.since, span.until) for span in (*new.spans, *old.spans)] == [(later, None), (NOW, later)]
    assert (new.writer, new.second, new.proposal and new.proposal.answer) == ("maude", "karim", "published")


def test_letters_sent_while_much_is_published_are_each_of_one_state(site: Sessions) -> None:
    opened, done, sent = OpenCampaigns(), threading.Event(), threading.Semaphore(0)

    def send(thread: int) -> None:
        number = 0
        while not done.is_set():
            number += 1
            with site() as session:
                known = opened.get(session, NAME)
            assert known is not None
            _submit(site, known.letters[LETTER], pinned=letter_pins(known.revisions, LETTER), key=f"{thread} {number}")
            sent.release()

    def publish_all() -> None:
        try:
            for number in range(1, 4):
                _wait_for_more(sent)
                publish(site, proposed(site, LETTER, *worded(number)))
                publish(site, proposed(site, "findings", *_figures(number)))
        finally:
            done.set()

    with ThreadPoolExecutor(4) as pool:
        for running in [*(pool.submit(send, thread) for thread in range(3)), pool.submit(publish_all)]:
            running.result()
    with site() as session:
        letters = session.scalars(select(StoredLetter)).all()
        assert len({tuple(sorted(letter.pins.items())) for letter in letters}) > 2
        for letter in letters:
            _assert_of_one_state(session, letter)


def _wait_for_more(sent: threading.Semaphore) -> None:
    """Wait for four letters more: of three threads, one then sends a letter made of what was just published."""
    while sent.acquire(blocking=False):
        pass  # what was sent before
    for _ in range(4):
        assert sent.acquire(timeout=60)


def _figures(number: int) -> list[tuple[str, str, str]]:
    return [
        ("findings.toml", f"percent = {62 + number - 1}", f"percent = {62 + number}"),
        ("findings.toml", f"percent = {38 - number + 1}", f"percent = {38 - number}"),
    ]


def _submit(site: Sessions, template: LetterTemplate, *, pinned: Mapping[str, int], key: str) -> None:
    letter = compose(template, some_answers(fields={}), a_member(), language=Language.EN, today=TODAY)
    to_send = NewLetter(
        legislator_id=a_member().id,
        template=f"{NAME}/{LETTER}",
        pins=pinned,
        letter=letter,
        choice=(0,),
        fingerprint="f" * 16,
        riding_code=None,
        edited=False,
    )
    form = NewSubmission(
        key=key,
        campaign=NAME,
        language=Language.EN,
        name="Camille Essai",
        email="camille.essai@example.ca",
        letters=(to_send,),
        consent_text="2026-11",
        network="192.0.2.17",
    )
    with site.begin() as session:
        submit(session, form, now=NOW, limits=LIMITS, unconfirmed=timedelta(hours=48))


def _assert_of_one_state(session: Session, stored: StoredLetter) -> None:
    """Hold the words and the figure of a letter against the very revisions it is pinned to."""
    text = "\n".join(one.text for one in from_json(stored.letter or "").paragraphs)
    files = {
        file.name: file.content.decode()
        for file in session.scalars(select(RevisionFile).where(RevisionFile.revision_id.in_(stored.pins.values())))
    }
    opening = re.search(r"In (?:revision x+, )?a(?= survey)", files[f"{LETTER}/letter.toml"])
    figure = re.search(r'key = "opening_yes"\npercent = (\d+)', files["findings.toml"])
    assert opening is not None
    assert figure is not None
    assert f"{opening[0]} survey, {figure[1]}% of respondents agreed." in text


CONTACT = b'\norganiser.en = "Tests"\norganiser.fr = "Essais"\nprivacy_contact = "privacy@site.example.ca"\n'


def test_where_letters_really_leave_no_campaign_goes_live_that_does_not_say_who_answers_for_it(site: Sessions) -> None:
    with site.begin() as session:
        files = dict(stored_folder(session, NAME).documents()["campaign"])
        [name] = [one for one in files if one.endswith("campaign.toml")]
        lacking, whole = b"# to be filled in\n" + files[name], CONTACT.lstrip() + files[name]
        maude, karim = person(session, "maude"), person(session, "karim")
        for text, refused in ((lacking, True), (whole, False)):
            made = revisions.save(session, NAME, "campaign", files={**files, name: text}, by=maude, now=NOW)
            publication.request_review(session, [made], by=maude, now=NOW)
            assert publication.publication_refusal(session, [made], karim) is None, "a rehearsal sends nothing"
            found = publication.publication_refusal(session, [made], karim, sends=True)
            assert (found.code if found else None) == (Refusal.NO_CONTACT if refused else None)
            assert publication.options(session, [made], karim, sends=True).may_return
        later = NOW + timedelta(hours=6)
        for letter, of in (("first", NAME), ("second", NAME), ("other", "another-campaign")):
            waits(session, letter, of, due_at=later)
        publication.publish(session, NAME, [made.id], by=karim, now=NOW, sends=True)
        session.expire_all()
        waiting = [outbox.find(session, "letter", letter) for letter in ("first", "second", "other")]
        due = [message.due_at if message else None for message in waiting]
        assert due == [NOW, NOW, later], "what waited for that is due"


def waits(session: Session, letter: str, campaign_name: str, *, due_at: datetime) -> None:
    """Put a letter that waits because its campaign does not say who answers for it."""
    session.add(
        StoredLetter(
            id=letter,
            place=0,
            campaign=campaign_name,
            template=f"{campaign_name}/{LETTER}",
            pins={},
            legislator_id=a_member().id,
            language=Language.FR,
            edited=False,
            created_at=NOW,
        )
    )
    outbox.put(session, "letter", letter, now=NOW, due_at=due_at, pace_key=a_member().id).reason = NO_CONTACT
