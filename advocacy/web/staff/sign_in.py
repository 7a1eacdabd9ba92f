"""Signing in, by Flask-Security: its views with our templates and our forms, its mails in our outbox."""

import re
from datetime import timedelta
from typing import Any, cast

from flask import (
    Flask,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_security import (
    MailUtil,
    MfRecoveryCodesUtil,
    PasswordUtil,
    RoleMixin,
    Security,
    SQLAlchemySessionUserDatastore,
    current_user,
)
from flask_security.babel import FsDomain
from flask_security.forms import Form
from flask_security.tf_plugin import tf_clean_session
from flask_security.webauthn import WebAuthnTfPlugin
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from advocacy.language import Language
from advocacy.staff import emails, passwords
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Passkey
from advocacy.staff.second_factors import LastFactor, TotpCodes, recovery_code_keys
from advocacy.web.locale import current_language
from advocacy.web.services import NAME, Services, services
from advocacy.web.staff import sign_in_forms as forms
from advocacy.web.staff.access import open_to_everyone, own_account
from advocacy.web.staff.sign_in_events import record_own, send_soon
from advocacy.web.staff.sign_in_forms import FIRST_STEP_AT, RETRY_AFTER, WRONG_PASSKEY, WrongFirstCode

FRESHNESS = timedelta(minutes=10)
"""How long after the password was given a verification method can be changed."""
SECOND_STEP_LIMIT = timedelta(minutes=10)
"""How long the second step can be given after the password."""
CLOCK_SKEW_S = 30
"""Seconds that an app's clock may be off."""
ARGON2 = {"argon2__type": "ID", "argon2__time_cost": 2, "argon2__memory_cost": 19456, "argon2__parallelism": 1}
"""OWASP's Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane."""
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
PUBLIC_VIEWS = (
    *("login", "logout", "forgot_password", "reset_password", "two_factor_token_validation", "mf_recovery"),
    *("wan_signin", "wan_signin_response"),
)
"""Its routes that need no account; the others are for whoever is signed in."""
UNUSED_VIEWS = ("two_factor_rescue", "tf_select")


class LibraryWords(FsDomain):
    """Flask-Security's own words: its French is filed under France, and here has the signs of good typography."""

    def get_translations(self) -> Any:
        """Return the words in the language of the page."""
        with force_locale("fr_FR" if current_language() is Language.FR else "en"):
            return super().get_translations()

    def gettext(self, string: str, **variables: Any) -> str:
        """Return a sentence in the language of the page."""
        words = str(super().gettext(string, **variables)).replace("'", "’")  # type: ignore[no-untyped-call]
        return re.sub(r" (?=[:;!?])", "\u00a0", words)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Flask-Security's recovery codes, with the audit log."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """Replace the codes of an account."""
        record_own(Act.RECOVERY_CODES_MADE, user)
        return super().create_recovery_codes(user)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Use a code up."""
        deleted = super().delete_recovery_code(user, code)
        record_own(Act.RECOVERY_CODE_USED, user, after={"left": len(user.mf_recovery_codes)})
        return deleted


class PasskeyPlugin(WebAuthnTfPlugin):
    """Passkeys as a second step. Whoever has an app too is asked for its code, on a page that offers the passkey."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        """Return whether it is asked for."""
        return [] if user.tf_totp_secret else super().get_setup_methods(user)


class Passwords(PasswordUtil):
    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        """Return what is wrong with a new password, and the password as it is hashed."""
        person = about.get("user")
        known = [services().settings.shown_name, "advocacy", *((person.email, person.name) if person else ())]
        problem = passwords.problem(password, personal=known)
        return [problem.in_language(current_language())] if problem else None, passwords.normalized(password)


class Mails(MailUtil):
    """Mails go into the site's outbox, which knows an account by its id."""

    def send_mail(self, template: str, *_: Any, user: Any = None, reset_token: str = "", **__: Any) -> None:
        """Put an e-mail into the outbox."""
        if reset_token:
            send_soon(emails.send_password_reset_email, user.id)
        else:
            send_soon(emails.send_password_changed_email, user.id)


def add_sign_in(app: Flask) -> None:
    """Make Flask-Security's routes on the staff's application."""
    site: Services = app.extensions[NAME]
    codes = TotpCodes(site.keys, site.settings.shown_name, site.now)
    app.config.update({f"SECURITY_{name}": value for name, value in _config(site).items()})
    app.config.update({f"SECURITY_MSG_{name}": (sentence, "info") for name, sentence in MESSAGES.items()})
    security = Security(
        app,
        SQLAlchemySessionUserDatastore(cast(Any, LocalProxy(lambda: g.session)), Account, RoleMixin, Passkey),
        login_form=forms.SignInForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryForm,
        wan_signin_response_form=forms.PasskeyForm,
        wan_delete_form=forms.RemovePasskeyForm,
        verify_form=forms.PasswordAgainForm,
        change_password_form=forms.NewPasswordForm,
        forgot_password_form=forms.ForgottenPasswordForm,
        reset_password_form=forms.ResetForm,
        two_factor_setup_form=forms.AppForm,
        two_factor_rescue_form=forms.RescueForm,
        wan_register_form=forms.PasskeyNameForm,
        password_util_cls=Passwords,
        mail_util_cls=Mails,
        mf_recovery_codes_util_cls=RecoveryCodes,
        totp_cls=cast(Any, lambda *_: codes),
        render_template=cast(Any, _render),
    )
    security.i18n_domain = LibraryWords(app)  # type: ignore[no-untyped-call]
    security.want_json(lambda _request: False)
    _declare_access(app)
    app.before_request(_refuse_json)
    app.before_request(_expire_second_step)
    app.register_error_handler(LastFactor, _refuse_last_factor)
    app.register_error_handler(WrongFirstCode, _show_first_code_form)


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
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},  # or each try would wait for the DNS
        "EMAIL_PLAINTEXT": False,
        "EMAIL_HTML": False,
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
    for endpoint, view in app.view_functions.items():
        blueprint, _dot, name = endpoint.partition(".")
        if blueprint == "security":
            (open_to_everyone if name in PUBLIC_VIEWS else own_account)(view)
    for name in UNUSED_VIEWS:
        app.view_functions[f"security.{name}"] = open_to_everyone(lambda **_: abort(404))
    for name in ("reset_password", "logout"):
        cast(Any, app.view_functions[f"security.{name}"]).secret = True  # signing out stands on secret pages too


def _render(template: str, **context: Any) -> Response:
    """Render one of its pages; a form with errors is answered 422, one of too many tries 429."""
    forms = [value for value in context.values() if isinstance(value, Form)]
    settings = services().settings
    page = render_template(
        template,
        **context,
        site_name=settings.shown_name,
        passkeys_work=settings.base_url.startswith(("https://", "http://localhost")),
    )
    if any(getattr(form, "too_many", False) for form in forms):
        return make_response(page, 429, RETRY_AFTER)
    return make_response(page, 422 if request.method == "POST" and any(form.errors for form in forms) else 200)


def _refuse_json() -> None:
    """Flask-Security's views take JSON too, which none of our pages sends, and fail on what is no object of texts."""
    if request.is_json:
        abort(415)


def _expire_second_step() -> Response | None:
    """Forget that a password was given, some time after; whoever is signed in gives no second step."""
    if request.endpoint == "security.two_factor_token_validation" and current_user.is_authenticated:
        return redirect(url_for("staff.home"), 303)  # Flask-Security would sign them out, for whoever leads them there
    since = session.get(FIRST_STEP_AT, 0)
    if "tf_user_id" in session and services().now().timestamp() - since > SECOND_STEP_LIMIT.total_seconds():
        tf_clean_session()  # type: ignore[no-untyped-call]
    return None


def _show_first_code_form(error: WrongFirstCode) -> Response:
    """Show the form for the first code of a new app again; the app need not be scanned anew."""
    values = current_app.extensions["security"].totp_factory.fetch_setup_values(error.form.tf_totp_secret, current_user)
    return _render(
        "security/two_factor_setup.html",
        two_factor_verify_code_form=error.form,
        authr_qrcode=values["image"],
        authr_key=values["key"],
        authr_issuer=values["issuer"],
        authr_username=values["username"],
        state_token=(request.view_args or {})["token"],
    )


def _refuse_last_factor(_error: LastFactor) -> Response:
    flash(_l("This is your only verification method: add another one first."), "refused")
    return redirect(url_for("staff.account"), 303)
