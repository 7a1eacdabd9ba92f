"""The forms of signing in: Flask-Security's, with our labels and our limits.

Tries are limited: those for an account from one network, and those from a network whoever they are for. So nobody
elsewhere can lock anybody out. A try is counted before it is looked at, and taken back when it was right: many at once
gain nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, cast

from flask import g, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    current_user,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import WebAuthnDeleteForm, WebAuthnRegisterForm, WebAuthnSigninResponseForm
from wtforms import HiddenField, RadioField

from advocacy.abuse import limiter
from advocacy.abuse.networks import network_of
from advocacy.encryption import digests
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.staff import second_factors
from advocacy.web.services import services
from advocacy.web.staff.sign_in_events import sign_in_failed

WINDOW = timedelta(minutes=15)
RETRY_AFTER = {"Retry-After": str(20 * 60)}
"""What the pages say too: the limiter's window slides, so that after WINDOW a third of it may still be waited for."""
FIRST_STEP_AT = "password_at"
"""Where the session holds when the password was given, for the time that the second step has."""
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


class Kind(StrEnum):
    """What is tried: a password, a code or recovery code, a link for a new password."""

    PASSWORD = "password"  # noqa: S105 - the name of a count
    SECOND = "second"
    RESET = "reset"


ACCOUNT_LIMITS = {Kind.PASSWORD: 10, Kind.SECOND: 5, Kind.RESET: 3}
"""How many tries one network has for one account within WINDOW."""
NETWORK_LIMITS = {Kind.PASSWORD: 30, Kind.SECOND: 30, Kind.RESET: 10}
"""How many tries one network has within WINDOW, for all accounts together."""


class LabelledForm:
    """A form of Flask-Security's with our labels; hints are in the templates."""

    labels: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {**LABELS, **self.labels}.items():
            if name in cast(Any, self):
                cast(Any, self)[name].label.text = label


class ThrottledForm(LabelledForm):
    """A form that, posted, is counted as a try for an account before it is looked at.

    Where there were too many it is not looked at, and `too_many` is true.
    """

    kind = Kind.PASSWORD
    too_many = False

    def validate(self, **kwargs: Any) -> bool:
        """Whether there were few tries, and this one is right."""
        form, now = cast(Any, self), services().now()
        email = form.email.data if "email" in form else (getattr(form, "user", None) or current_user).email
        if not email:
            return bool(super().validate(**kwargs))  # type: ignore[misc]
        limits = _limits(self.kind, email)
        if not all(limiter.hit(g.session, key, limit=limit, window=WINDOW, now=now) for key, limit in limits.items()):
            self.too_many = True
            form.form_errors = [_("Too many tries. Wait 20 minutes, then try again.")]
            return False
        valid = bool(super().validate(**kwargs))  # type: ignore[misc]
        if valid and self.kind is not Kind.RESET:
            for key in limits:
                limiter.undo(g.session, key, window=WINDOW, now=now)
        return valid


class SignInForm(ThrottledForm, LoginForm):
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


class SecondStepForm(ThrottledForm):
    """A code of an app or a recovery code: the account is locked meanwhile, so that each counts once."""

    kind = Kind.SECOND

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is right."""
        second_factors.locked(g.session, cast(Any, self).user.id)
        return super().validate(**kwargs)


class WrongFirstCode(Exception):
    """The first code of a new app is not right; `form` is the one it was typed in."""

    def __init__(self, form: "CodeForm") -> None:
        self.form = form


class CodeForm(SecondStepForm, TwoFactorVerifyCodeForm):
    """The code of an app: to sign in, which is counted, or to add the app."""

    def validate(self, **kwargs: Any) -> bool:
        """Raise WrongFirstCode where the app is being added."""
        if not self.is_setup:
            return super().validate(**kwargs)
        if not TwoFactorVerifyCodeForm.validate(self, **kwargs):
            raise WrongFirstCode(self)
        return True


class RecoveryForm(SecondStepForm, MfRecoveryForm):
    labels: ClassVar[Mapping[str, Any]] = {"code": _l("Recovery code")}

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is one of the codes; the audit log has failed tries."""
        self.code.data = (self.code.data or "").strip().lower()
        valid = super().validate(**kwargs)
        if not valid and not self.too_many:
            cast(Any, self.user).track_failed_authn("recovery code", tfa=True)
        return valid


class PasskeyForm(WebAuthnSigninResponseForm):
    """A passkey's answer: nobody can guess one, so that none is counted."""

    def validate(self, **kwargs: Any) -> bool:
        """As a second step it has to be of whoever gave the password."""
        if not super().validate(**kwargs) or self.user is None:
            return False
        if self.is_secondary and self.user.fs_uniquifier != session.get("tf_user_id"):
            self.credential.errors = [WRONG_PASSKEY]
            return False
        return True


class PasswordAgainForm(ThrottledForm, VerifyForm):
    """The password again, before a verification method is changed."""


class NewPasswordForm(ThrottledForm, ChangePasswordForm):
    """The old password, and a new one."""

    labels: ClassVar[Mapping[str, Any]] = {"password": _l("Current password")}


class ForgottenPasswordForm(ThrottledForm, ForgotPasswordForm):
    """The address that a link for a new password is sent to."""

    kind = Kind.RESET


class ResetForm(LabelledForm, ResetPasswordForm):
    """A new password, by the link of a mail."""

    labels: ClassVar[Mapping[str, Any]] = {"password": _l("New password")}


class AppForm(TwoFactorSetupForm):
    """The button that adds an app, or removes it."""

    setup = HiddenField()

    def validate(self, **kwargs: Any) -> bool:
        """Raise LastFactor where it is the only verification method and would be removed."""
        if not super().validate(**kwargs):
            return False
        if self.setup.data == "disable":
            second_factors.require_another(g.session, current_user.id)
        return True


class PasskeyNameForm(LabelledForm, WebAuthnRegisterForm):
    """The name of a new passkey. Here and below, Flask-Security's choices are pairs, which WTForms deprecates."""

    usage = HiddenField(default="secondary")


class RemovePasskeyForm(WebAuthnDeleteForm):
    """The name of a passkey to be removed."""

    def validate(self, **kwargs: Any) -> bool:
        """Raise LastFactor where it is the only verification method."""
        if not super().validate(**kwargs):
            return False
        second_factors.require_another(g.session, current_user.id)
        return True


class RescueForm(TwoFactorRescueForm):
    """Nothing: codes for a bad day have a page of their own."""

    help_setup = RadioField(choices=[])


def _limits(kind: Kind, email: str) -> Mapping[str, int]:
    """Return the limits that a try of this request counts for, by their keys: keyed hashes, of which none is read."""
    keys, network = services().keys, network_of(request.remote_addr or "")
    account, *_older = digests(keys, f"{normalize_address(email)} {network}", purpose="staff account and network")
    everybody, *_older = digests(keys, network, purpose="staff network")
    return {
        f"sign-in {kind} account {account}": ACCOUNT_LIMITS[kind],
        f"sign-in {kind} network {everybody}": NETWORK_LIMITS[kind],
    }
