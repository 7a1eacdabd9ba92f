"""Signing in, by Flask-Security: its views with our templates, its forms with our counts, its mails in our outbox."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, cast

from flask import Flask, abort, current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MailUtil,
    MfRecoveryCodesUtil,
    PasswordUtil,
    ResetPasswordForm,
    RoleMixin,
    Security,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    UserDatastore,
    VerifyForm,
    WebauthnUtil,
    current_user,
)
from flask_security.forms import Form
from flask_security.mail_util import EmailValidateException
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.tf_plugin import tf_clean_session
from flask_security.webauthn import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnSigninResponseForm,
    WebAuthnTfPlugin,
)
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session, joinedload, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField

from advocacy.abuse import limiter
from advocacy.database import immediate
from advocacy.encryption import hashed
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.staff import emails, passwords, second_factors
from advocacy.staff.invitations import read_address
from advocacy.staff.models import Account, Passkey
from advocacy.staff.second_factors import LastFactor, TotpCodes
from advocacy.web.locale import current_language
from advocacy.web.services import NAME, Services, services
from advocacy.web.staff.access import open_to_everyone, own_account
from advocacy.web.staff.sign_in_events import send_soon, sign_in_failed
from advocacy.web.staff.throttle import RETRY_AFTER, WINDOW, Kind, ThrottledForm


class AccountStore(UserDatastore):
    """What Flask-Security calls its datastore. A row that it reads belongs to no session.

    So no transaction stays open during a request, and on SQLite none has to become a writing one half-way, which fails
    where somebody else wrote meanwhile.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        super().__init__(Account, RoleMixin, Passkey)
        self._sessions = sessions

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:
        """Return an account, with its passkeys, by one of its columns."""
        ((name, value),) = wanted.items()
        value = normalize_address(value) if name == "email" else value
        which = select(Account).options(joinedload(Account.webauthn)).where(getattr(Account, name) == value)
        with self._sessions() as session:
            return session.scalars(which).unique().one_or_none()

    def find_webauthn(self, credential_id: bytes) -> Passkey | None:
        with self._sessions() as session:
            return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))

    def put(self, model: Any) -> Any:
        """Write the columns that have changed, and no other."""
        row = model._get_current_object() if hasattr(model, "_get_current_object") else model
        columns = inspect(type(row)).column_attrs.keys()
        changed = {name: getattr(row, name) for name in columns if inspect(row).attrs[name].history.has_changes()}
        if not changed:
            return model
        with immediate(self._sessions) as session:
            session.execute(update(type(row)).where(type(row).id == row.id).values(changed))
        for name, value in changed.items():
            set_committed_value(row, name, value)
        return model

    def commit(self) -> None:
        """Do nothing: `put` has committed."""

    def tf_reset(self, user: Any) -> None:
        """Remove an app."""
        with immediate(self._sessions) as session:
            second_factors.remove_app(second_factors.locked(session, user.id))

    def create_webauthn(self, user: Any, *_: Any, **columns: Any) -> None:
        now = services().now()
        with immediate(self._sessions) as session:
            session.add(Passkey(user_id=user.id, create_datetime=now, lastuse_datetime=now, **columns))

    def delete_webauthn(self, webauthn: Any) -> None:
        with immediate(self._sessions) as session:
            second_factors.remove_passkey(second_factors.locked(session, webauthn.user_id), webauthn.id)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes are stored as keyed hashes: nobody can show them again, and checking one uses it up."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """Replace the codes of an account."""
        site = services()
        with immediate(site.sessions) as session:
            account = second_factors.locked(session, user.id)
            return list(second_factors.make_recovery_codes(session, account, keys=site.keys, now=site.now()))

    def get_recovery_codes(self, user: Any) -> list[str]:
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether it is one of the codes, which then works no more."""
        site = services()
        with immediate(site.sessions) as session:
            account = second_factors.locked(session, user.id)
            right = second_factors.use_recovery_code(session, account, code, keys=site.keys, now=site.now())
        if not right:
            user.track_failed_authn("recovery code", tfa=True)
        return right

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Do nothing: it was used up when it was checked."""
        return True


FRESHNESS = timedelta(minutes=10)
"""How long after the password was given a verification method can be changed."""
SECOND_STEP_LIMIT = timedelta(minutes=10)
"""How long the second step can be given after the password."""
FIRST_STEP_AT = "password_at"
CLOCK_SKEW_S = 30
"""Seconds that an app's clock may be off."""
ARGON2 = {"argon2__type": "ID", "argon2__time_cost": 2, "argon2__memory_cost": 19456, "argon2__parallelism": 1}
"""OWASP's Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane."""
WRONG_PASSKEY = _l("The passkey was not recognized. Try again.")
LABELS = {
    "email": _l("E-mail address"),
    "password": _l("Password"),
    "password_confirm": _l("The same password again"),
    "new_password": _l("New password"),
    "new_password_confirm": _l("The same password again"),
    "code": _l("Code"),
    "name": _l("A name for it"),
}
"""The labels of fields by their names, where a form has no other."""
MESSAGES = {
    "GENERIC_AUTHN_FAILED": _l("The address or the password is not right, or the account is closed."),
    "INVALID_PASSWORD": _l("This is not your password."),
    "RETYPE_PASSWORD_MISMATCH": _l("The two passwords differ. Type the same one twice."),
    "PASSWORD_IS_THE_SAME": _l("Choose a password that differs from the current one."),
    "PASSWORD_NOT_PROVIDED": _l("Type a password."),
    "EMAIL_NOT_PROVIDED": _l("Type your e-mail address."),
    "INVALID_EMAIL_ADDRESS": _l("Enter one e-mail address, like someone@example.ca."),
    "PASSWORD_RESET_REQUEST": _l("If this address has an account, we sent a link to it."),
    "PASSWORD_RESET_EXPIRED": _l("This link has expired. Ask for a new one."),
    "INVALID_RESET_PASSWORD_TOKEN": _l("This link no longer works. Ask for a new one."),
    "PASSWORD_RESET_NO_LOGIN": _l("Your password is changed. You’re signed out everywhere: sign in with the new one."),
    "PASSWORD_CHANGE": _l("Your password is changed. You’re signed out everywhere else."),
    "INVALID_RECOVERY_CODE": _l("This recovery code is not right, or was used before."),
    "TWO_FACTOR_INVALID_TOKEN": _l("This code is not right, or was used before. Wait for the next one."),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": _l("You’re signed in."),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": _l("The app is added."),
    "TWO_FACTOR_SETUP_EXPIRED": _l("That took too long. Start again."),
    "TWO_FACTOR_PERMISSION_DENIED": _l("Sign in again, with your password first."),
    "TWO_FACTOR_DISABLED": _l("App removed: its codes no longer work."),
    "WEBAUTHN_REGISTER_SUCCESSFUL": _l("The passkey is added."),
    "WEBAUTHN_CREDENTIAL_DELETED": _l("Passkey removed: it no longer works."),
    "WEBAUTHN_NAME_REQUIRED": _l("Give the passkey a name."),
    "WEBAUTHN_NAME_NOT_FOUND": _l("This passkey was removed already."),
    "WEBAUTHN_NAME_INUSE": _l("You have a passkey of this name. Choose another one."),
    "WEBAUTHN_EXPIRED": _l("That took too long. Start again."),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": WRONG_PASSKEY,
    "WEBAUTHN_MISMATCH_USER_HANDLE": WRONG_PASSKEY,
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": WRONG_PASSKEY,
    "WEBAUTHN_NO_VERIFY": WRONG_PASSKEY,
    "API_ERROR": WRONG_PASSKEY,
    "REAUTHENTICATION_REQUIRED": _l("Before this change, type your password again."),
    "REAUTHENTICATION_SUCCESSFUL": _l("Confirmed."),
}
"""What staff read instead of Flask-Security's own words, by the names that it gives them."""
PUBLIC_VIEWS = (
    *("login", "logout", "forgot_password", "reset_password", "two_factor_token_validation", "mf_recovery"),
    *("wan_signin", "wan_signin_response"),
)
"""Its routes that need no account; the others are for whoever is signed in."""
UNUSED_VIEWS = ("two_factor_rescue", "tf_select")


class LabelledForm:
    """A form of Flask-Security's with our labels; hints are in the templates."""

    labels: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {**LABELS, **self.labels}.items():
            if name in cast(Any, self):
                cast(Any, self)[name].label.text = label


class SignInForm(LabelledForm, ThrottledForm, LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = self.next.data or url_for("staff.home")
        del self.remember  # a session ends when it ends
        self.email.render_kw = {"autocomplete": "username"}
        self.password.description = ""

    def validate(self, **kwargs: Any) -> bool:
        """Begin the time for the second step; the audit log has failed tries for addresses without an account too."""
        valid = super().validate(**kwargs)
        if valid:
            session[FIRST_STEP_AT] = services().now().timestamp()
        elif self.user is None and self.password.data and not self.too_many:
            sign_in_failed(None)
        return valid


class WrongFirstCode(Exception):
    """The first code of a new app is not right; `form` is the one it was typed in."""

    def __init__(self, form: "CodeForm") -> None:
        self.form = form


class CodeForm(LabelledForm, ThrottledForm, TwoFactorVerifyCodeForm):
    """The code of an app: to sign in, which is counted, or to add the app."""

    kind = Kind.SECOND

    def validate(self, **kwargs: Any) -> bool:
        """Raise WrongFirstCode where the app is being added."""
        if not self.is_setup:
            return super().validate(**kwargs)
        if not TwoFactorVerifyCodeForm.validate(self, **kwargs):
            raise WrongFirstCode(self)
        return True


class RemovePasskeyForm(WebAuthnDeleteForm):
    """The name of a passkey to be removed."""

    def validate(self, **kwargs: Any) -> bool:
        """Look for it; the only verification method is not removed."""
        if not super().validate(**kwargs):
            return False
        if current_user.tf_totp_secret is None and len(current_user.webauthn) == 1:
            raise LastFactor
        return True


class RecoveryForm(LabelledForm, ThrottledForm, MfRecoveryForm):
    kind = Kind.SECOND
    labels: ClassVar[Mapping[str, Any]] = {"code": _l("Recovery code")}


class PasskeyForm(WebAuthnSigninResponseForm):
    """A passkey's answer, which is taken once: nobody can guess one, so that none is counted."""

    def validate(self, **kwargs: Any) -> bool:
        """Look at it, and use up its challenge; as a second step it has to be of whoever gave the password."""
        if not super().validate(**kwargs) or self.user is None:
            return False
        if self.is_secondary and self.user.fs_uniquifier != session.get("tf_user_id"):
            self.credential.errors = [WRONG_PASSKEY]
            return False
        site = services()
        with immediate(site.sessions) as transaction:
            challenge = f"passkey challenge {hashed(self.challenge)}"
            return limiter.hit(transaction, challenge, limit=1, window=WINDOW, now=site.now())


class PasswordAgainForm(LabelledForm, ThrottledForm, VerifyForm):
    """The password again, before a verification method is changed."""


class NewPasswordForm(LabelledForm, ThrottledForm, ChangePasswordForm):
    """The old password, and a new one."""

    labels: ClassVar[Mapping[str, Any]] = {"password": _l("Current password")}


class ForgottenPasswordForm(LabelledForm, ThrottledForm, ForgotPasswordForm):
    """The address that a link for a new password is sent to."""

    kind = Kind.RESET

    def validate(self, **kwargs: Any) -> bool:
        """Where there is no mail to write, write as much, which takes as long."""
        valid = super().validate(**kwargs)
        if not valid and not self.too_many:
            with immediate(services().sessions) as transaction:
                limiter.hit(transaction, "sign-in no reset", limit=1, window=WINDOW, now=services().now())
        return valid


class ResetForm(LabelledForm, ResetPasswordForm):
    """A new password, by the link of a mail."""

    labels: ClassVar[Mapping[str, Any]] = {"password": _l("New password")}


class PasskeyNameForm(LabelledForm, WebAuthnRegisterForm):
    """The name of a new passkey. Here and below, Flask-Security's choices are pairs, which WTForms deprecates."""

    usage = HiddenField(default="secondary")


class AppForm(TwoFactorSetupForm):
    """The button that adds an app, or removes it."""

    setup = HiddenField()


class RescueForm(TwoFactorRescueForm):
    """Nothing: codes for a bad day have a page of their own."""

    help_setup = RadioField(choices=[])


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

    def normalize(self, email: str) -> str:
        """Return the one spelling of an address; raises EmailValidateException for what is none."""
        if (address := read_address(email)) is None:
            raise EmailValidateException(str(MESSAGES["INVALID_EMAIL_ADDRESS"]))
        return address

    validate = normalize  # whether there is such a mailbox is not asked

    def send_mail(self, template: str, *_: Any, user: Any = None, reset_token: str = "", **__: Any) -> None:
        """Put an e-mail into the outbox."""
        if reset_token:
            send_soon(emails.send_password_reset_email, user.id, token=reset_token, keys=services().keys)
        else:
            send_soon(emails.send_password_changed_email, user.id)


class Passkeys(WebauthnUtil):
    """Where passkeys are made for, and how they are named."""

    def origin(self) -> str:
        """Return the site's address as browsers see it."""
        return services().settings.base_url or str(super().origin())

    def name_svn(self, value: str) -> tuple[None, str]:
        """Return the name of a passkey; templates escape it like any other text."""
        return None, " ".join(value.split())[:64]


def add_sign_in(app: Flask) -> None:
    """Make Flask-Security's routes on the staff's application."""
    site: Services = app.extensions[NAME]
    codes = TotpCodes(site.keys, site.settings.shown_name, site.now, sessions=site.sessions)
    app.config.update({f"SECURITY_{name}": value for name, value in _config(site).items()})
    app.config.update({f"SECURITY_MSG_{name}": (sentence, "info") for name, sentence in MESSAGES.items()})
    security = Security(
        app,
        AccountStore(site.sessions),
        login_form=SignInForm,
        two_factor_verify_code_form=CodeForm,
        mf_recovery_form=RecoveryForm,
        wan_signin_response_form=PasskeyForm,
        wan_delete_form=RemovePasskeyForm,
        verify_form=PasswordAgainForm,
        change_password_form=NewPasswordForm,
        forgot_password_form=ForgottenPasswordForm,
        reset_password_form=ResetForm,
        two_factor_setup_form=AppForm,
        two_factor_rescue_form=RescueForm,
        wan_register_form=PasskeyNameForm,
        password_util_cls=Passwords,
        mail_util_cls=Mails,
        webauthn_util_cls=Passkeys,
        mf_recovery_codes_util_cls=RecoveryCodes,
        totp_cls=cast(Any, lambda *_: codes),
        render_template=cast(Any, _render),
    )
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
        "WEBAUTHN": True,
        "WAN_ALLOW_AS_FIRST_FACTOR": False,
        "WAN_RP_NAME": site.settings.shown_name,
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
