"""The staff pages open, and take whatever is asked, on PostgreSQL as on SQLite."""

import base64
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.campaigns.documents import newest_revision, revision_files
from advocacy.campaigns.library import lock_campaigns
from advocacy.legislators.corrections import correct, corrections_of, lock_directory
from advocacy.legislators.list_merge import merge
from advocacy.legislators.models import Legislator
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.staff import revisions
from advocacy.staff.models import Account, Role
from advocacy.web.security import SAFE
from tests.builders import SECRET
from tests.conftest import DatabaseAt
from tests.databases import Beginning, both_databases
from tests.store.test_directory_merge import present_house
from tests.web.shared_site import NOW
from tests.web.staff.browser import sign_in
from tests.web.staff.letters import LETTER, SUBJECT, fields, fields_of, press
from tests.web.staff.people import post
from tests.web.staff.route_walk import routes
from tests.web.staff.staged_site import set_up

KEYS = SecretStr(base64.urlsafe_b64encode(bytes(32)).decode())
BEYOND = (2**31, 2**63)
"""More than an INTEGER holds, and more than a BIGINT does."""
NULL = "a\0b"
NAQVI = "mp-yasir-naqvi"
Answer = TypeVar("Answer")


@pytest.fixture
def anew(database_at: DatabaseAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """A whole site, once in SQLite and once in PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(database_url=database_at(Beginning.SITE), secret_key=SecretStr(SECRET), data_keys=KEYS)
    with open_runtime(settings, now=NOW) as runtime:
        yield runtime


@pytest.mark.thorough
@both_databases
def test_every_page_opens_and_no_number_or_name_is_too_strange(anew: Runtime) -> None:
    """In the suite other tests open every page, on SQLite."""
    app = create_app(anew, now=lambda: NOW)
    stage = set_up(app, anew, NOW)
    one = sign_in(app, anew, Role.MANAGER, NOW)
    for _, method, rule in routes(app):
        if method not in SAFE:
            continue
        path = stage.path(app, rule)
        assert one.get(path).status_code in {200, 302, 303, 404, 422}, rule.rule
        for name in rule.arguments:
            known = stage.value(rule, name)
            for strange in BEYOND if isinstance(known, int) else ("%00",):
                answer = one.get(f"/{strange}".join(path.rsplit(f"/{known}", 1)))
                assert answer.status_code in {200, 302, 303, 404, 410}, (rule.rule, name, strange)
    for number in BEYOND:
        assert (
            one.get("/staff/organisation", query_string={"who": number, "person": number, "below": number}).status_code
            == 200
        )
    for day in ("0001-01-01", "9999-12-31"):
        assert one.get("/staff/organisation", query_string={"day": day, "what": NULL}).status_code == 200


@pytest.mark.thorough
@both_databases
def test_a_null_does_not_come_through_a_form(anew: Runtime) -> None:
    app = create_app(anew, now=lambda: NOW)
    stranger, one = app.test_client(), sign_in(app, anew, Role.MANAGER, NOW)
    assert post(stranger, "/staff/sign-in", email=f"{NULL}@example.ca", password=NULL).status_code == 422
    assert one.post("/staff/account", {"name": NULL, "language": "en"}).status_code == 303
    assert "ab" in one.get("/staff/account").text
    assert one.post("/staff/deliveries/pause", {"reason": NULL}).status_code == 303
    assert one.post("/staff/deliveries/resume").status_code == 303
    assert one.post("/staff/directory", {"looked_for": NULL}).status_code == 200
    assert one.post("/staff/organisation/export", {"name": NULL}).status_code == 404


@both_databases
def test_of_two_who_save_at_once_the_second_writes_over_nothing(anew: Runtime) -> None:
    """Somebody saves a campaign's file, a letter and a new campaign; pages that were open post in the meantime.

    The letter has a draft, which hides what they saved.
    """
    app = create_app(anew, now=lambda: NOW)
    one, two = (sign_in(app, anew, role, NOW) for role in (Role.WRITER, Role.PUBLISHER))
    campaign, letter = LETTER.split("/")[3::2]
    press(one, "save", **{SUBJECT: "Mine"})
    typed = {**fields(one.page(LETTER)), SUBJECT: "Mine again", "act": "save"}
    with ThreadPoolExecutor() as pool, anew.sessions.begin() as session:
        lock_campaigns(session)
        by = session.get_one(Account, two.account_id)
        for document, file in (("campaign", "campaign.toml"), (letter, f"{letter}/letter.toml")):
            newest = newest_revision(session, campaign, document)
            assert newest
            files = dict(revision_files(newest))
            files[file] += b"# theirs\n"
            revisions.save(session, campaign, document, files=files, by=by, now=NOW)
        revisions.save(session, "another", "campaign", files={"campaign.toml": b""}, by=by, now=NOW)
        new = {"start": "blank", "name-en": "A", "name-fr": "B", "ask-en": "A", "ask-fr": "B", "address": "another"}
        answers = [
            pool.submit(one.post, LETTER, typed),
            pool.submit(two.post, f"/staff/campaigns/{campaign}/settings/pictures", {}),
            pool.submit(two.post, "/staff/campaigns/new", new),
        ]
        time.sleep(1)  # all have come as far as they can
        session.commit()
        assert [answer.result().status_code for answer in answers] == [409, 303, 422]
    with anew.sessions() as session:
        for document, file in (("campaign", "campaign.toml"), (letter, f"{letter}/letter.toml")):
            newest = newest_revision(session, campaign, document)
            assert newest
            assert revision_files(newest)[file].endswith(b"# theirs\n")


def correct_at_once(runtime: Runtime, begin: Callable[[], list[Future[Answer]]]) -> list[Answer]:
    """Correct an address while others begin to write, and return what came of theirs."""
    with runtime.sessions.begin() as session:
        lock_directory(session)
        correct(session, session.get_one(Legislator, NAQVI), {"email": "new@parl.gc.ca"}, by=1, now=NOW)
        others = begin()
        time.sleep(1)  # all have come as far as they can
        session.commit()
        return [one.result() for one in others]


@both_databases
def test_of_two_who_correct_the_directory_at_once_the_second_sees_what_the_first_saved(anew: Runtime) -> None:
    app = create_app(anew, now=lambda: NOW)
    one, two = (sign_in(app, anew, Role.MANAGER, NOW, who=who) for who in ("maude", "ines"))
    forms = {}
    for browser, key in ((one, NAQVI), (two, "mp-aaron-gunn")):
        path = f"/staff/directory/entry/{key}"
        form = browser.page(path).select_one(f'form[action="{path}"]')
        assert form
        forms[path] = fields_of(form)
    (same, mine), (other, theirs) = forms.items()
    with ThreadPoolExecutor() as pool:
        shown, refused = correct_at_once(
            anew,
            lambda: [
                pool.submit(one.post, same, {**mine, "telephone": "613 555 0100"}),
                pool.submit(two.post, other, {**theirs, "email": "new@parl.gc.ca"}),
            ],
        )
    assert (shown.status_code, "<del>new</del>" in shown.text) == (409, True)
    assert (refused.status_code, "Someone else in the directory has this address" in refused.text) == (422, True)


@both_databases
def test_a_list_that_comes_in_as_somebody_corrects_keeps_the_correction(anew: Runtime) -> None:
    with anew.sessions() as session:
        listed = present_house(session)
    records = [*{**listed, NAQVI: replace(listed[NAQVI], email="listed@parl.gc.ca")}.values()]

    def bring() -> None:
        with anew.sessions.begin() as session:
            merge(session, records, source="a list", as_of=NOW.date())

    with ThreadPoolExecutor() as pool:
        correct_at_once(anew, lambda: [pool.submit(bring)])
    with anew.sessions() as session:
        correction = corrections_of(session, NAQVI)["email"]
        assert (correction.legislator.email, correction.source_value) == ("new@parl.gc.ca", "listed@parl.gc.ca")
