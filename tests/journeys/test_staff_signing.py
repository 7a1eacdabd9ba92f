"""Somebody is invited, joins, signs in with an app, a passkey and a recovery code, and gets over what goes wrong."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from advocacy.database import immediate
from advocacy.runtime import Runtime
from advocacy.staff import invitations
from advocacy.staff.models import Account, Role
from tests.journeys.conftest import ROOT, NewWalk, SignIn
from tests.journeys.post import Post
from tests.journeys.walk import Walk
from tests.served import ServedSite

pytestmark = pytest.mark.loopback
PASSWORD, NEW = "quatre chats au soleil", "cinq chats sous la pluie"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def by_command(served: ServedSite, email: str) -> str:
    """Ask the command line for a link, and give its path."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ADVOCACY_")}
    said = subprocess.run(
        [sys.executable, "-m", "advocacy", "staff", "invite", email, "--role", "manager"],
        cwd=served.folder,
        env={**clean, "PYTHONPATH": str(ROOT), "ADVOCACY_LOG_LEVEL": "ERROR"},
        check=True,
        capture_output=True,
        text=True,
    )
    return said.stdout[said.stdout.index("/staff/join/") :].strip()


def invited(runtime: Runtime, email: str) -> str:
    """Invite a manager, and give the path of the link."""
    with immediate(runtime.sessions) as session:
        _, token = invitations.invite(session, email, Role.MANAGER, by=None, now=datetime.now(UTC))
    return f"/staff/join/{token}"


def joined(walk: Walk, link: str) -> Page:
    """Join by the link, as far as one's account."""
    page = walk.page
    page.goto(link)
    page.fill("#name", "Essai Gestion")
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/account")
    return page


def with_authenticator(page: Page) -> None:
    """Return the browser an authenticator that says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def add_app(page: Page) -> TOTP:
    """Add an app by the key that is written under the code to scan, and see the recovery codes offered."""
    page.locator('button[name="setup"][value="authenticator"]').first.click()
    app = TOTP(key=page.inner_text(".key").replace("-", ""))
    page.fill("#code", app.generate().token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/account/recovery")
    return app


def recovery_codes(page: Page) -> list[str]:
    page.locator('button[name="generate_new_codes"]').click()
    expect(page.locator(".codes li")).to_have_count(10)
    return page.locator(".codes li").all_inner_texts()


def sign_out(page: Page) -> None:
    page.locator("header details.own summary").click()
    page.locator('form[action$="/sign-out"] button:visible').first.click()
    page.wait_for_url("**/staff/sign-in")


def give_password(page: Page, email: str, password: str = PASSWORD) -> None:
    page.fill("#email", email)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/second**")


def give_code(page: Page, app: TOTP, ahead: int = 30) -> None:
    page.fill("#code", app.generate(time=(datetime.now(UTC) + timedelta(seconds=ahead)).timestamp()).token)
    page.keyboard.press("Enter")
    is_in(page)


def is_in(page: Page) -> None:
    expect(page.locator("nav.side")).to_be_visible()


def test_an_app_and_a_recovery_code_let_in(new_walk: NewWalk, served: ServedSite) -> None:
    email = "app@example.ca"
    page = joined(new_walk("fr"), served.address + by_command(served, email))
    app = add_app(page)
    codes = recovery_codes(page)
    with page.expect_download() as taken:
        page.locator("main a[download]").click()
    assert taken.value.path().read_text().split()[1:] == codes
    page.locator("main .btn-main").click()
    is_in(page)
    sign_out(page)
    give_password(page, email)
    page.fill("#code", "000000")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    give_code(page, app)
    page.goto(f"{served.address}/staff/people")
    expect(page.locator("main")).to_contain_text(email)
    sign_out(page)
    give_password(page, email)
    page.locator('a[href^="/staff/second/recovery"]').click()
    page.fill("#code", codes[3])
    page.keyboard.press("Enter")
    is_in(page)
    page.goto(f"{served.address}/staff/account")
    expect(page.locator("main")).to_contain_text("9")


def test_a_passkey_lets_in_and_no_other_browser_has_it(new_walk: NewWalk, served: ServedSite, runtime: Runtime) -> None:
    email = "passkey@example.ca"
    page = joined(new_walk("fr"), served.address + invited(runtime, email))
    with_authenticator(page)
    page.goto(f"{served.address}/staff/account/passkey")
    page.fill("#name", "clé bleue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/account/recovery")
    page.goto(f"{served.address}/staff/account")
    expect(page.locator("main")).to_contain_text("clé bleue")
    sign_out(page)
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/second/passkey**")
    page.locator("main .btn-main").click()
    is_in(page)

    stranger = new_walk("fr").page
    with_authenticator(stranger)
    stranger.goto(f"{served.address}/staff/sign-in")
    stranger.fill("#email", email)
    stranger.fill("#password", PASSWORD)
    stranger.keyboard.press("Enter")
    stranger.locator("main .btn-main").click()
    expect(stranger.locator("#passkey [data-said]")).not_to_be_empty()
    stranger.goto(f"{served.address}/staff/people")
    stranger.wait_for_url("**/staff/sign-in**")


def test_without_scripts_an_app_does(new_walk: NewWalk, served: ServedSite, runtime: Runtime) -> None:
    email = "noscript@example.ca"
    page = joined(new_walk("en", java_script_enabled=False), served.address + invited(runtime, email))
    page.goto(f"{served.address}/staff/account/passkey")
    page.fill("#name", "blue")
    page.keyboard.press("Enter")
    expect(page.locator("#passkey .btn-main")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Passkeys need JavaScript")
    page.goto(f"{served.address}/staff/account")
    app = add_app(page)
    page.context.clear_cookies()
    page.goto(f"{served.address}/staff/sign-in")
    give_password(page, email)
    give_code(page, app)


def test_a_lost_phone_is_replaced_once_a_manager_has_reset_it(
    new_walk: NewWalk, signed_in: SignIn, served: ServedSite, *, runtime: Runtime
) -> None:
    email = "lost@example.ca"
    page = joined(new_walk("en"), served.address + invited(runtime, email))
    add_app(page)
    manager = signed_in("chief", Role.MANAGER, "/staff/people", language="en")
    manager.locator("tr", has_text=email).locator("th a").click()
    manager.get_by_text("Reset their two-step verification").first.click()
    manager.locator('button[name="act"][value="reset"]').click()
    expect(manager.locator(".notice")).to_contain_text("is reset")
    page.goto(f"{served.address}/staff/account")
    page.wait_for_url("**/staff/sign-in**")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/account")
    add_app(page)


def test_a_password_is_reset_by_mail(new_walk: NewWalk, served: ServedSite, runtime: Runtime, *, post: Post) -> None:
    email = "forgetful@example.ca"
    page = joined(new_walk("en"), served.address + invited(runtime, email))
    app = add_app(page)
    sign_out(page)
    page.locator('main a[href="/staff/forgotten"]').click()
    page.fill("#email", email)
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("we sent a link to it")
    bodies = [mail.get_body(("plain",)) for mail in post.deliver().mails_to(email)]
    found = re.search(r"http\S+/staff/forgotten/\S+", "".join(body.get_content() for body in bodies if body))
    assert found
    page.goto(found[0])
    page.fill("#password", NEW)
    page.fill("#password_confirm", NEW)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/sign-in")
    give_password(page, email, NEW)
    give_code(page, app)


@pytest.fixture
def only_manager(signed_in: SignIn, runtime: Runtime) -> Iterator[Page]:
    """The page People of the site's only manager: the others' accounts are closed meanwhile."""
    page = signed_in("only", Role.MANAGER, "/staff/people", language="en")
    others = (Account.role == Role.MANAGER, Account.email != "only-manager@example.ca", Account.active)
    with runtime.sessions.begin() as session:
        ids = session.scalars(select(Account.id).where(*others)).all()
        session.execute(update(Account).where(Account.id.in_(ids)).values(active=False))
    yield page
    with runtime.sessions.begin() as session:
        session.execute(update(Account).where(Account.id.in_(ids)).values(active=True))


def test_the_last_manager_is_neither_demoted_nor_closed_and_reads_why(only_manager: Page) -> None:
    page = only_manager
    page.locator("tr", has_text="only-manager@example.ca").locator("th a").click()
    refusal = page.locator(".notice[role=alert]")
    page.get_by_label("Writer", exact=False).check()
    page.get_by_role("button", name="Change the role").click()
    expect(refusal).to_contain_text("the site needs at least one manager")
    expect(page.get_by_label("Manager", exact=False)).to_be_checked()
    page.goto(page.url)
    expect(refusal).to_have_count(0)
    page.locator("summary", has_text="Close the account").click()
    page.locator('button[name="act"][value="close"]').click()
    expect(refusal).to_contain_text("Give the role to someone else first")
    expect(page.locator(".facts")).to_contain_text("account open")
    page.goto(page.url.rpartition("/")[0])
    expect(page.locator("main")).to_contain_text("The site needs at least one manager")


def test_one_signs_out_everywhere_else(new_walk: NewWalk, signed_in: SignIn, served: ServedSite) -> None:
    here = signed_in("two-browsers", Role.MANAGER, "/staff/account", language="en")
    there = signed_in("two-browsers", Role.MANAGER, "/staff/account", language="en")
    here.reload()
    here.locator('form[action$="/sessions/end"] button').click()
    expect(here.locator(".notice[role=status]")).to_contain_text("everywhere else")
    is_in(here)
    there.reload()
    there.wait_for_url("**/staff/sign-in**")
