"""Staff start a rehearsal, read what came of it, and publish what has to be rehearsed once it has passed."""

import pytest
from sqlalchemy import select

from advocacy.letters.encrypted_columns import load_keys
from advocacy.rehearsal.rehearsal_job import run_rehearsal
from advocacy.runtime import Runtime
from advocacy.staff import jobs
from advocacy.staff.job_runner import run_job
from advocacy.staff.models import JobKind, Rehearsal, Role
from advocacy.tasks import Tasks
from advocacy.web.staff import rehearsal
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.test_new_campaign import BLANK, HOME
from tests.web.staff.test_publish import CAMPAIGN, PUBLISH, better, live, place

PAGE = f"/staff/campaigns/{CAMPAIGN}/rehearsal"
FEW = 3


@pytest.fixture(autouse=True)
def _few_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "SIZES", (FEW,))


def run_waiting(runtime: Runtime) -> None:
    """Do what waits, rehearsals too, as a worker does."""
    with runtime.sessions() as session:
        waiting = jobs.waiting_ids(session, now=NOW)
    for job_id in waiting:
        run_job(
            job_id,
            settings=runtime.settings,
            sessions=runtime.sessions,
            keys=load_keys(runtime.settings, runtime.sessions),
            now=lambda: NOW,
            more_runners={JobKind.REHEARSAL: run_rehearsal},
        )


def words(browser: Browser, address: str) -> str:
    return " ".join(browser.page(address).get_text(" ").split())


def test_a_required_rehearsal_blocks_a_publication_until_it_has_passed(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher, manager = (browser(role) for role in (Role.WRITER, Role.PUBLISHER, Role.MANAGER))
    assert "has not been rehearsed yet" in words(writer, PAGE)
    assert manager.post(f"{PAGE}/rule", {"required": str(FEW)}).status_code == 303
    revision = better(runtime, writer)
    writer.post(place(revision, "ask"))
    refused = publisher.post(place(revision), PUBLISH)
    assert refused.status_code == 422
    assert "has to be rehearsed first, with at least 3 letters" in refused.text
    assert live(runtime) != revision

    rehearse = publisher.page(place(revision)).select_one('a[href*="/rehearsal"]')
    assert rehearse is not None
    address = str(rehearse["href"])
    assert "Of the campaign as it is once revision 2 is published." in words(publisher, address)
    begun = publisher.post(PAGE, {"letters": str(FEW), "revision": str(revision)})
    assert begun.status_code == 303
    assert "Rehearsal of a campaign" in words(publisher, begun.location)
    run_waiting(runtime)
    assert publisher.get(begun.location).location == PAGE

    report = words(publisher, address)
    assert "The rehearsal passed." in report
    assert "of other revisions" not in report
    assert "of other revisions" in words(publisher, PAGE) or live(runtime) != revision
    assert publisher.post(place(revision), PUBLISH).status_code == 303
    assert live(runtime) == revision
    with runtime.sessions() as session:
        stored = session.scalars(select(Rehearsal)).one()
    assert (stored.letters, stored.account_id, stored.passed) == (FEW, publisher.account_id, True)


def test_what_did_not_pass_says_what_to_correct(browser: NewBrowser, runtime: Runtime) -> None:
    settings = runtime.settings.model_copy(update={"site_per_day": 1})
    manager = browser(Role.MANAGER)
    manager.post(PAGE, {"letters": str(FEW)})
    with runtime.sessions() as session:
        [job_id] = jobs.waiting_ids(session, now=NOW)
    run_job(
        job_id,
        settings=settings,
        sessions=runtime.sessions,
        keys=load_keys(runtime.settings, runtime.sessions),
        now=lambda: NOW,
        more_runners={JobKind.REHEARSAL: run_rehearsal},
    )
    report = words(manager, PAGE)
    assert "The rehearsal did not pass." in report
    assert "Forms turned away as the site or a network had used up its share" in report


@pytest.mark.parametrize("form", [{"letters": "7"}, {"letters": "x"}, {}])
def test_only_the_sizes_that_are_offered_can_be_chosen(browser: NewBrowser, form: dict[str, str]) -> None:
    assert browser(Role.WRITER).post(PAGE, form).status_code == 422
    assert browser(Role.MANAGER).post(f"{PAGE}/rule", {"required": "7"}).status_code == 422


def test_a_revision_of_another_campaign_is_not_there(browser: NewBrowser) -> None:
    writer = browser(Role.WRITER)
    assert writer.get(f"{PAGE}?revision=999999").status_code == 404
    assert writer.post(PAGE, {"letters": str(FEW), "revision": "999999"}).status_code == 404
    assert writer.get("/staff/campaigns/nothing/rehearsal").status_code == 404


def test_the_worker_of_a_site_does_rehearsals(browser: NewBrowser, runtime: Runtime) -> None:
    manager = browser(Role.MANAGER)
    manager.post(PAGE, {"letters": str(FEW)})
    with runtime.sessions() as session:
        [job_id] = jobs.waiting_ids(session, now=NOW)
    Tasks(runtime, now=lambda: NOW).run_job(job_id)
    with runtime.sessions() as session:
        assert session.scalars(select(Rehearsal.letters)).all() == [FEW]


def test_a_new_campaign_lists_the_rehearsal_that_it_has_to_pass(browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER)
    assert manager.post("/staff/campaigns/new", BLANK).status_code == 303
    assert "A rehearsal that passed" not in words(manager, HOME)
    assert manager.post(f"{HOME}/rehearsal/rule", {"required": str(FEW)}).status_code == 303
    assert "A rehearsal that passed missing" in words(manager, HOME)
