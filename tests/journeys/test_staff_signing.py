"""Somebody is invited, joins, signs in with an app, a passkey and a recovery code, and gets over what goes wrong."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from advocacy.runtime import Runtime
from advocacy.secret_keys import signing_key
from advocacy.signed_links import Purpose, SignedLinks
from advocacy.staff import invitations
from advocacy.staff.models import Role
from tests.journeys.conftest import ROOT, NewWalk
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
    with runtime.sessions.begin() as session:
        invitation = invitations.invite(session, email, Role.MANAGER, by=None, now=datetime.now(UTC))
    token = SignedLinks(signing_key(runtime.settings)).make(Purpose.INVITATION, invitation.id)
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
    page.locator("header details:is(.own, .menu:not(.all)) summary").click()
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
    expect(page.locator(".places")).to_be_visible()


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
    page.goto(f"{served.address}/staff/organisation?open=people")
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
    stranger.goto(f"{served.address}/staff/deliveries")
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
