"""Somebody is invited, joins, and signs in with an app, a passkey and a recovery code; the keyboard is enough."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from advocacy.database import immediate
from advocacy.parts import Parts
from advocacy.staff import invitations
from advocacy.staff.roles import Role
from tests.journeys.conftest import ROOT, NewWalk, Served
from tests.journeys.walk import Walk

pytestmark = pytest.mark.loopback
PASSWORD = "quatre chats au soleil"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def by_command(served: Served, email: str) -> str:
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


def invited(parts: Parts, email: str) -> str:
    """Invite a manager, and give the path of the link."""
    with immediate(parts.sessions) as session:
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


def with_passkey(page: Page) -> None:
    """Give the browser an authenticator that says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def add_app(page: Page, served: Served) -> TOTP:
    """Add an app by the key that is written under the code to scan."""
    page.goto(f"{served.address}/staff/account/app")
    app = TOTP(key=page.inner_text(".key").replace("-", ""))
    page.fill("#code", app.generate().token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/account/recovery")
    return app


def sign_out(page: Page) -> None:
    page.locator('form[action$="/sign-out"] button').click()
    page.wait_for_url("**/staff/sign-in")


def sign_in(page: Page, email: str) -> None:
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/second")


def test_an_app_and_a_recovery_code_let_in(new_walk: NewWalk, served: Served) -> None:
    email = "app@example.ca"
    page = joined(new_walk("fr"), served.address + by_command(served, email))
    app = add_app(page, served)
    page.locator("main .btn-main").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as taken:
        page.locator("main a[download]").click()
    assert taken.value.path().read_text().split()[1:] == codes
    sign_out(page)
    sign_in(page, email)
    page.fill("#code", app.generate(time=(datetime.now(UTC) + timedelta(seconds=30)).timestamp()).token)
    page.keyboard.press("Enter")
    page.wait_for_function("!location.pathname.endsWith('/second')")
    page.goto(f"{served.address}/staff/people")
    expect(page.locator("main")).to_contain_text(email)
    sign_out(page)
    sign_in(page, email)
    page.locator("details.fold summary").click()
    page.fill("#recovery", codes[3])
    page.keyboard.press("Enter")
    page.wait_for_function("!location.pathname.endsWith('/second')")
    page.goto(f"{served.address}/staff/account")
    expect(page.locator("main")).to_contain_text("9")


def test_a_passkey_lets_in_and_no_other_browser_has_it(new_walk: NewWalk, served: Served, parts: Parts) -> None:
    email = "passkey@example.ca"
    page = joined(new_walk("fr"), served.address + invited(parts, email))
    with_passkey(page)
    page.goto(f"{served.address}/staff/account/passkey")
    page.fill("#name", "clé bleue")
    page.locator("main .btn-main").click()
    page.wait_for_url("**/staff/account/recovery")
    page.goto(f"{served.address}/staff/account")
    expect(page.locator("main")).to_contain_text("clé bleue")
    sign_out(page)
    sign_in(page, email)
    page.locator("#answer button").click()
    page.wait_for_function("!location.pathname.endsWith('/second')")
    page.goto(f"{served.address}/staff/people")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(email)

    stranger = new_walk("fr").page
    with_passkey(stranger)
    stranger.goto(f"{served.address}/staff/sign-in")
    sign_in(stranger, email)
    stranger.locator("#answer button").click()
    expect(stranger.locator("#answer [data-said]")).not_to_be_empty()
    stranger.goto(f"{served.address}/staff/people")
    stranger.wait_for_url("**/staff/second")


def test_without_scripts_a_passkey_is_not_offered_and_an_app_does(
    new_walk: NewWalk, served: Served, parts: Parts
) -> None:
    email = "noscript@example.ca"
    page = joined(new_walk("en", java_script_enabled=False), served.address + invited(parts, email))
    page.goto(f"{served.address}/staff/account/passkey")
    expect(page.locator("main .btn-main")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Passkeys need JavaScript")
    app = add_app(page, served)
    sign_out(page)
    sign_in(page, email)
    page.fill("#code", app.generate(time=(datetime.now(UTC) + timedelta(seconds=30)).timestamp()).token)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: not address.endswith("/second"))
