"""Campaigns are copied, imported and published together on either database, by one person at a time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns import library
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.documents import (
    campaign_names,
    folder_problems,
    folder_with_revision,
    newest_revision,
    stored_campaigns,
)
from advocacy.campaigns.import_preview import compare_imports, fingerprint, preview_imports
from advocacy.campaigns.library import import_folder, stored_folder
from advocacy.campaigns.models import Publication
from advocacy.language import Language, Wording
from advocacy.staff import audit_log, publication, revisions
from advocacy.staff.campaign_creation import create_campaign, import_campaigns
from advocacy.staff.models import Account, Role
from advocacy.staff.publication import NotAllowed, Refusal
from advocacy.staff.reviews import authors_of
from tests.campaign_files import NAME, campaign, changed

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TITLES = Wording.of(en="Another", fr="Une autre")


@pytest.fixture
def people(sessions: Sessions) -> tuple[Account, Account]:
    """A writer and a publisher, on a site with one small campaign."""
    with sessions.begin() as session:
        import_folder(session, campaign(), now=NOW)
        two = tuple(
            Account(email=f"{role}@example.ca", name=role, role=role, language=Language.EN, created_at=NOW)
            for role in (Role.WRITER, Role.PUBLISHER)
        )
        session.add_all(two)
    return two[0], two[1]


def at_once(*acts: Callable[[], None]) -> list[str]:
    """Do several things at the same moment; give what was raised."""
    raised: list[str] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        gate.wait()
        try:
            act()
        except (NotAllowed, ValueError) as error:
            raised.append(str(error))

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def ask(session: Session, name: str, by: Account) -> None:
    """Send for review all that waits in a campaign."""
    publication.request_review(session, publication.to_publish(session, name), by=by, now=NOW)


def create_in_review(session: Session, writer: Account) -> None:
    """Copy the shipped campaign as "another", and send all of it for review."""
    create_campaign(session, "another", stored_campaigns(session)[NAME].current(), by=writer, now=NOW, title=TITLES)
    ask(session, "another", writer)


def shown(sessions: Sessions, name: str) -> frozenset[int]:
    """Return what waits in a campaign."""
    with sessions() as session:
        return frozenset(one.id for one in publication.pending_revisions(session, name))


def test_two_copies_of_one_name_make_one_campaign(sessions: Sessions, people: tuple[Account, Account]) -> None:
    def copy() -> None:
        with sessions.begin() as session:
            create_campaign(
                session, "another", stored_campaigns(session)[NAME].current(), by=people[0], now=NOW, title=TITLES
            )

    raised = at_once(copy, copy)
    assert raised == ["the name another cannot be had"]
    with sessions() as session:
        assert list(campaign_names(session)) == ["another", NAME]
        assert {one.newest.number for one in stored_campaigns(session)["another"].documents.values()} == {1}
        assert list(audit_log.find_breaks(session)) == []


def test_a_copy_carries_what_the_campaign_says_of_safety(sessions: Sessions, people: tuple[Account, Account]) -> None:
    safety = b"# Nothing yet.\n"
    with sessions.begin() as session:
        revisions.save(session, NAME, "safety", files={"safety.toml": safety}, by=people[0], now=NOW)
        library.publish(session, newest_revision(session, NAME, "safety"), now=NOW)  # type: ignore[arg-type]
        create_campaign(
            session, "another", stored_campaigns(session)[NAME].current(), by=people[0], now=NOW, title=TITLES
        )
        assert stored_campaigns(session)["another"].newest().content("safety.toml") == safety


def test_files_that_somebody_wrote_in_another_campaign_are_theirs_too(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    """Whoever exports unpublished text, to have it brought in under another name, does not publish it."""
    writer, publisher = people
    newer = changed("sunday-hours/letter.toml", "I ask you to open", "I ask that you open")
    with sessions.begin() as session:
        import_campaigns(session, [newer], by=publisher, now=NOW)
        made = import_campaigns(session, [CampaignFolder("another", newer.files)], by=writer, now=NOW)
        wrote = authors_of(session, [one.id for one in made])
        assert {one.document.name: wrote[one.id] for one in made} == {
            "campaign": {writer.id},
            "findings": {writer.id},
            "sentences": {writer.id},
            "sunday-hours": {writer.id, publisher.id},
        }


def test_files_that_somebody_wrote_before_what_is_live_are_theirs_too(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    """They were never published: something else was in the meantime."""
    writer, publisher = people
    own = changed("sunday-hours/letter.toml", "I ask you to open", "I ask that you open")
    other = changed("sunday-hours/letter.toml", "I ask you to open", "I would ask you to open")
    with sessions.begin() as session:
        import_campaigns(session, [own], by=publisher, now=NOW)
        [live] = import_campaigns(session, [other], by=writer, now=NOW)
        library.publish(session, live, now=NOW)
        [made] = import_campaigns(session, [own], by=writer, now=NOW)
        assert authors_of(session, [made.id])[made.id] == {writer.id, publisher.id}


def test_two_presses_publish_once(sessions: Sessions, people: tuple[Account, Account]) -> None:
    writer, publisher = people
    with sessions.begin() as session:
        create_in_review(session, writer)
    waits = shown(sessions, "another")
    assert len(waits) == 4

    def publish() -> None:
        with sessions.begin() as session:
            publication.publish(session, "another", waits, by=publisher, now=NOW, whole=True)

    assert at_once(publish, publish) == []
    with sessions() as session:
        count = session.scalar(select(func.count(Publication.id)).where(Publication.revision_id.in_(waits)))
        assert count == 4
        assert stored_folder(session, "another").campaign().name == TITLES


def test_one_document_nobody_asks_for_any_more_keeps_all_from_being_published(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    writer, publisher = people
    with sessions.begin() as session:
        create_in_review(session, writer)
        publication.withdraw(session, publication.pending_revisions(session, "another")[:1], by=writer, now=NOW)
    waits = shown(sessions, "another")
    with pytest.raises(NotAllowed) as refused, sessions.begin() as session:
        publication.publish(session, "another", waits, by=publisher, now=NOW, whole=True)
    assert refused.value.code is Refusal.UNREQUESTED
    assert shown(sessions, "another") == waits
    with sessions.begin() as session:
        publication.request_review(session, publication.pending_revisions(session, "another")[:1], by=writer, now=NOW)
        assert len(publication.publish(session, "another", waits, by=publisher, now=NOW, whole=True)) == 4


def test_of_what_waits_each_asks_for_their_own(sessions: Sessions, people: tuple[Account, Account]) -> None:
    """The writer changes the letter, the publisher the findings: neither asks for the other's, nor publishes both."""
    writer, publisher = people
    letter = changed("sunday-hours/letter.toml", "I ask you to open", "I ask that you open")
    findings = changed("findings.toml", 'wording = { en = "Yes"', 'wording = { en = "Yes, they should"')
    with sessions.begin() as session:
        import_campaigns(session, [letter], by=writer, now=NOW)
        documents = {"findings.toml": findings.documents()["findings"]["findings.toml"]}
        revisions.save(session, NAME, "findings", files=documents, by=publisher, now=NOW)
    with sessions.begin() as session:
        theirs, mine = publication.pending_revisions(session, NAME)
        assert publication.requestable(session, [theirs, mine], writer) == [mine]
        publication.request_review(session, [mine], by=writer, now=NOW)
        with pytest.raises(NotAllowed) as refused:
            publication.request_review(session, [theirs], by=writer, now=NOW)
        assert refused.value.code is Refusal.FOR_ITS_WRITERS
        publication.request_review(session, [theirs], by=publisher, now=NOW)
    with pytest.raises(NotAllowed) as refused, sessions.begin() as session:
        publication.publish(session, NAME, shown(sessions, NAME), by=publisher, now=NOW, whole=True)
    assert refused.value.code is Refusal.OWN


def test_nobody_asks_for_what_a_check_fails_for(sessions: Sessions, people: tuple[Account, Account]) -> None:
    """Two that fit only together are asked for each: see below."""
    writer = people[0]
    findings = changed("findings.toml", "percent = 62", "percent = 50").documents()["findings"]
    with sessions.begin() as session:
        made = revisions.save(session, NAME, "findings", files=findings, by=writer, now=NOW)
        with pytest.raises(NotAllowed) as refused:
            publication.request_review(session, [made], by=writer, now=NOW)
        assert refused.value.code is Refusal.PROBLEMS
        assert refused.value.problems
        assert publication.proposal_of(session, made) is None


def test_what_fits_only_together_is_asked_for_one_by_one_too(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    writer = people[0]
    renamed = {
        document: {name: content.replace(b"opening_yes", b"opening_sure") for name, content in files.items()}
        for document, files in campaign().documents().items()
    }
    with sessions.begin() as session:
        made = [
            revisions.save(session, NAME, document, files=renamed[document], by=writer, now=NOW)
            for document in ("findings", "sunday-hours")
        ]
        for revision in made:
            assert folder_problems(folder_with_revision(session, revision))
            publication.request_review(session, [revision], by=writer, now=NOW)


def test_an_import_is_the_persons_own_and_live_only_once_published(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    writer, publisher = people
    newer = changed("sunday-hours/letter.toml", "I ask you to open", "I ask that you open")
    with sessions.begin() as session:
        made = import_campaigns(session, [newer], by=writer, now=NOW)
        assert [one.document.name for one in made] == ["sunday-hours"]
        assert list(import_campaigns(session, [newer], by=writer, now=NOW)) == []
    with sessions() as session:
        assert stored_folder(session, NAME) == campaign()
        assert stored_campaigns(session)[NAME].newest() == newer
    with sessions.begin() as session:
        ask(session, NAME, writer)
        publication.publish(session, NAME, frozenset(one.id for one in made), by=publisher, now=NOW, whole=True)
    with sessions() as session:
        assert stored_folder(session, NAME) == newer


def test_what_would_go_back_to_what_is_live_names_what_it_sets_aside(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    newer = changed("sunday-hours/letter.toml", "I ask you to open", "I ask that you open")
    with sessions.begin() as session:
        import_campaigns(session, [newer], by=people[0], now=NOW)
        [offer] = preview_imports(session, [campaign()])
        assert {name: one.number for name, one in offer.discarded.items()} == {"sunday-hours": 2}
        [other] = preview_imports(
            session, [changed("sunday-hours/letter.toml", "I ask you to open", "I beg you to open")]
        )
        assert other.discarded == {}


def test_the_rule_of_a_campaign_is_kept(sessions: Sessions, people: tuple[Account, Account]) -> None:
    for wanted, changes in ((False, False), (True, True), (True, False), (False, True)):
        with sessions.begin() as session:
            assert publication.set_one_person_rule(session, NAME, wanted, by=people[1], now=NOW) is changes
        with sessions() as session:
            assert publication.one_person_rule(session, NAME) is wanted


def test_what_the_command_takes_in_is_live_even_if_somebody_wrote_the_same(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    newer = changed("sunday-hours/letter.toml", "I ask you to open", "I ask that you open")
    with sessions.begin() as session:
        import_campaigns(session, [newer], by=people[0], now=NOW)
        assert list(import_folder(session, campaign(), now=NOW)) == []  # what is live comes in: nothing to do
        assert [one.number for one in import_folder(session, newer, now=NOW)] == [3]
        assert stored_folder(session, NAME) == newer


def test_what_was_looked_over_and_is_taken_twice_at_once_is_saved_once(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    """The second press waits for the first, and what it saw is no longer what would happen."""
    newer = changed("sunday-hours/letter.toml", "I ask you to open", "I ask that you open")
    with sessions() as session:
        seen = fingerprint(compare_imports(session, [newer]))

    def press() -> None:
        with sessions.begin() as session:
            import_campaigns(session, [newer], by=people[0], now=NOW, seen=seen)

    with ThreadPoolExecutor(2) as pool:
        raised = [one.exception() for one in [pool.submit(press) for _ in range(2)]]
    assert sorted(type(one).__name__ for one in raised) == ["ChangedMeanwhile", "NoneType"]
    with sessions() as session:
        assert stored_campaigns(session)[NAME].documents["sunday-hours"].newest.number == 2


def test_of_two_of_which_one_was_withdrawn_neither_is_sent_back(
    sessions: Sessions, people: tuple[Account, Account]
) -> None:
    """A page catches what is refused, and goes on in the same transaction."""
    writer, publisher = people
    with sessions.begin() as session:
        create_in_review(session, writer)
        waiting = publication.pending_revisions(session, "another")
        publication.withdraw(session, waiting[-1:], by=writer, now=NOW)
    with sessions.begin() as session:
        waiting = publication.pending_revisions(session, "another")
        with pytest.raises(NotAllowed):
            publication.ask_for_changes(session, waiting, by=publisher, now=NOW, note="Shorter")
    with sessions() as session:
        answers = [
            one.answer for one in publication.proposals_of(session, publication.pending_revisions(session, "another"))
        ]
        assert sorted(map(str, answers)) == ["None", "None", "None", "withdrawn"]
