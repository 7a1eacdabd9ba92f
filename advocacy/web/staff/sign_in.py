"""Signing in, by Flask-Security: its views, forms and words, with our templates, our mails and our limits."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, abort, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_security import (
    LoginForm,
    MfRecoveryCodesUtil,
    PasswordUtil,
    RoleMixin,
    Security,
    SQLAlchemySessionUserDatastore,
    anonymous_user_required,
    current_user,
)
from flask_security.babel import FsDomain
from flask_security.forms import Form
from flask_security.tf_plugin import tf_clean_session
from flask_security.webauthn import WebAuthnSigninResponseForm, WebAuthnTfPlugin
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from advocacy.language import Language
from advocacy.staff import emails, passwords, second_factors
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Passkey
from advocacy.staff.second_factors import TotpCodes, recovery_code_keys
from advocacy.web.locale import current_language
from advocacy.web.services import NAME, Services, services
from advocacy.web.staff.access import open_to_everyone, own_account
from advocacy.web.staff.sign_in_events import listen, record_own
from advocacy.web.staff.sign_in_limits import TRIED_AT, limit_tries

FRESHNESS = timedelta(minutes=10)
"""How long after the password was given a verification method can be changed."""
SECOND_STEP_LIMIT = timedelta(minutes=10)
"""How long the second step can be given after the password."""
CLOCK_SKEW_S = 30
"""Seconds that an app's clock may be off."""
ARGON2 = {"argon2__type": "ID", "argon2__time_cost": 2, "argon2__memory_cost": 19456, "argon2__parallelism": 1}
"""OWASP's Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane."""
WRONG_PASSKEY = _l("The passkey was not recognized. Try again.")
MESSAGES = {
    "GENERIC_AUTHN_FAILED": _l("The address or the password is not right, or the account is closed."),
    "EMAIL_NOT_PROVIDED": _l("Type your e-mail address."),
    "INVALID_EMAIL_ADDRESS": _l("Enter one e-mail address, like someone@example.ca."),
    "PASSWORD_RESET_REQUEST": _l("If this address has an account, we sent a link to it."),
    "INVALID_RESET_PASSWORD_TOKEN": _l("This link no longer works. Ask for a new one."),
    "INVALID_RECOVERY_CODE": _l("This recovery code is not right, or was used before."),
    "TWO_FACTOR_PERMISSION_DENIED": _l("Sign in again, with your password first."),
    "TWO_FACTOR_DISABLED": _l("App removed: its codes no longer work."),
    "REAUTHENTICATION_REQUIRED": _l("Before this change, type your password again."),
    "WEBAUTHN_NO_VERIFY": WRONG_PASSKEY,
    "WEBAUTHN_MISMATCH_USER_HANDLE": WRONG_PASSKEY,
    "API_ERROR": WRONG_PASSKEY,
}
"""What staff read where Flask-Security's own words say too little, are not true here, or are not the pages'."""
LABELS = {
    "email": _l("E-mail address"),
    "password": _l("Password"),
    "password_confirm": _l("The same password again"),
    "new_password": _l("New password"),
    "new_password_confirm": _l("The same password again"),
    "code": _l("Code"),
    "name": _l("A name for it"),
}
"""The labels of fields by their names, the same as on our own pages."""
PUBLIC_VIEWS = (
    *("login", "logout", "forgot_password", "reset_password", "two_factor_token_validation", "mf_recovery"),
    *("wan_signin", "wan_signin_response"),
)
"""Its routes that need no account; the others are for whoever is signed in."""
UNUSED_VIEWS = ("two_factor_rescue", "tf_select")


class LibraryWords(FsDomain):
    """Flask-Security's own words, whose French is filed under France."""

    def get_translations(self) -> Any:
        """Return the words in the language of the page."""
        with force_locale("fr_FR" if current_language() is Language.FR else "en"):
            return super().get_translations()


class RecoveryCodes(MfRecoveryCodesUtil):
    """Flask-Security's recovery codes, with the audit log; it does not matter how they are typed."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """Replace the codes of an account."""
        record_own(Act.RECOVERY_CODES_MADE, user)
        return super().create_recovery_codes(user)

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Return whether it is one of the codes of an account."""
        return super().check_recovery_code(user, code.strip().lower())

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Use a code up."""
        deleted = super().delete_recovery_code(user, code.strip().lower())
        record_own(Act.RECOVERY_CODE_USED, user, after={"left": len(user.mf_recovery_codes)})
        return deleted


class AppCodes(TotpCodes):
    def generate_totp_secret(self) -> str:
        """Return the secret of a new app; the one that was shown stays until its first code was right."""
        return session.get("tf_totp_secret") or super().generate_totp_secret()


class PasskeyPlugin(WebAuthnTfPlugin):
    """Passkeys as a second step. Whoever has an app too is asked for its code, on a page that offers the passkey."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        """Return whether it is asked for."""
        return [] if user.tf_totp_secret else super().get_setup_methods(user)


class SignInForm(LoginForm):
    remember = None  # no cookie outlives a session


class PasskeyForm(WebAuthnSigninResponseForm):
    def validate(self, **kwargs: Any) -> bool:
        """Return whether the passkey is right; as a second step it has to be of whoever gave the password."""
        if not super().validate(**kwargs) or self.user is None:
            return False
        if self.is_secondary and self.user.fs_uniquifier != session.get("tf_user_id"):
            self.credential.errors = [WRONG_PASSKEY]
            return False
        return True


class Passwords(PasswordUtil):
    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        """Return what is wrong with a new password, and the password as it is hashed."""
        person = about.get("user")
        known = [services().settings.shown_name, "advocacy", *((person.email, person.name) if person else ())]
        problem = passwords.problem(password, personal=known)
        return [problem.in_language(current_language())] if problem else None, passwords.normalized(password)


def add_sign_in(app: Flask) -> None:
    """Make Flask-Security's routes on the staff's application."""
    site: Services = app.extensions[NAME]
    codes = AppCodes(site.keys, site.settings.shown_name, site.now)
    app.config.update({f"SECURITY_{name}": value for name, value in _config(site).items()})
    app.config.update({f"SECURITY_MSG_{name}": (sentence, "info") for name, sentence in MESSAGES.items()})
    security = Security(
        app,
        SQLAlchemySessionUserDatastore(cast(Any, LocalProxy(lambda: g.session)), Account, RoleMixin, Passkey),
        login_form=SignInForm,
        wan_signin_response_form=PasskeyForm,
        password_util_cls=Passwords,
        mf_recovery_codes_util_cls=RecoveryCodes,
        totp_cls=cast(Any, lambda *_: codes),
        render_template=cast(Any, _render),
    )
    security.i18n_domain = LibraryWords(app)  # type: ignore[no-untyped-call]
    security.want_json(lambda _request: False)
    _declare_access(app)
    limit_tries(app)
    listen(app)
    app.before_request(_refuse_json)
    app.before_request(_expire_second_step)


def _config(site: Services) -> dict[str, Any]:
    return {
        "URL_PREFIX": "/staff",
        "LOGIN_URL": "/sign-in",
        "LOGOUT_URL": "/sign-out",
        "RESET_URL": "/forgotten",
        "CHANGE_URL": "/account/password",
        "VERIFY_URL": "/account/verify",
        "TWO_FACTOR_SETUP_URL": "/account/app",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/second",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery",
        "MULTI_FACTOR_RECOVERY_URL": "/second/recovery",
        "WAN_REGISTER_URL": "/account/passkey",
        "WAN_DELETE_URL": "/account/passkey/remove",
        "WAN_SIGNIN_URL": "/second/passkey",
        "WAN_VERIFY_URL": "/account/verify/passkey",
        "POST_LOGIN_VIEW": "staff.home",
        "POST_LOGOUT_VIEW": "security.login",
        "POST_CHANGE_VIEW": "staff.account",
        "POST_VERIFY_VIEW": "staff.account",
        "TWO_FACTOR_POST_SETUP_VIEW": "staff.after_setup",
        "WAN_POST_REGISTER_VIEW": "staff.after_setup",
        "API_ENABLED_METHODS": ["session"],
        "RETURN_GENERIC_RESPONSES": True,
        "CHANGEABLE": True,
        "RECOVERABLE": True,
        "RESET_PASSWORD_WITHIN": emails.RESET_VALID,
        "RESET_SALT": emails.RESET_SALT,
        "SEND_PASSWORD_RESET_EMAIL": False,  # these mails are put into our outbox: sign_in_events.py
        "SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},  # or each try would wait for the DNS
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": CLOCK_SKEW_S,
        "TWO_FACTOR_IMPLEMENTATIONS": {
            "code": "flask_security.twofactor.CodeTfPlugin",
            "webauthn": f"{PasskeyPlugin.__module__}.{PasskeyPlugin.__name__}",
        },
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": recovery_code_keys(site.keys),
        "WEBAUTHN": True,
        "WAN_ALLOW_AS_FIRST_FACTOR": False,
        "WAN_RP_NAME": site.settings.shown_name,
        "WAN_NAME_ALLOWED_CHARS": None,  # templates escape it like any other text
        "INPUT_NORMALIZE_FORM": "NFC",
        "FRESHNESS": FRESHNESS,
        "FRESHNESS_GRACE_PERIOD": timedelta(0),
        "DATETIME_FACTORY": site.now,
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": ["argon2"],
        "PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "PASSWORD_NORMALIZE_FORM": "NFKC",
        # A reset token holds this of the password's hash. A slow one would tell, by the time, who has an account.
        "HASHING_SCHEMES": ["hex_sha256"],
        "TOTP_SECRETS": {"": "the factory has its own"},
        "TOTP_ISSUER": site.settings.shown_name,
        "STATIC_FOLDER": None,
        "CACHE_CONTROL": None,
    }


def _declare_access(app: Flask) -> None:
    """Declare who may open Flask-Security's views; those that are not used answer 404."""
    views = app.view_functions
    for name in UNUSED_VIEWS:
        views[f"security.{name}"] = lambda **_: abort(404)
    for name in ("two_factor_setup", "wan_delete"):
        views[f"security.{name}"] = _keeps_last_factor(views[f"security.{name}"])
    # Flask-Security would sign out whoever is led there while they are signed in.
    views["security.two_factor_token_validation"] = anonymous_user_required(
        views["security.two_factor_token_validation"]
    )
    for endpoint, view in views.items():
        blueprint, _dot, name = endpoint.partition(".")
        if blueprint == "security":
            (open_to_everyone if name in (*PUBLIC_VIEWS, *UNUSED_VIEWS) else own_account)(view)
    for name in ("reset_password", "logout"):
        cast(Any, views[f"security.{name}"]).secret = True  # signing out stands on secret pages too


def _keeps_last_factor(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return a view that removes an app or a passkey unless it is the only one."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        removes = request.endpoint == "security.wan_delete" or request.form.get("setup") == "disable"
        if request.method == "POST" and removes and not second_factors.has_another(g.session, current_user.id):
            flash(_l("This is your only verification method: add another one first."), "refused")
            return redirect(url_for("staff.account"))
        return view(**arguments)

    return guarded


def _render(template: str, **context: Any) -> Response:
    """Render one of its pages with our labels; a form with errors is answered 422."""
    forms = [value for value in context.values() if isinstance(value, Form)]
    for form in forms:
        for field in form:
            field.label.text, field.description = LABELS.get(field.name, field.label.text), ""
    settings = services().settings
    page = render_template(
        template,
        **context,
        site_name=settings.shown_name,
        passkeys_work=settings.base_url.startswith(("https://", "http://localhost")),
    )
    return make_response(page, 422 if request.method == "POST" and any(form.errors for form in forms) else 200)


def _refuse_json() -> None:
    """Flask-Security's views take JSON too, which none of our pages sends, and fail on what is no object of texts."""
    if request.is_json:
        abort(415)


def _expire_second_step() -> None:
    """Forget that a password was given, some time after."""
    age = services().now().timestamp() - session.get(TRIED_AT, 0)
    if "tf_user_id" in session and age > SECOND_STEP_LIMIT.total_seconds():
        tf_clean_session()  # type: ignore[no-untyped-call]
