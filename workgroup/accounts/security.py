"""How Flask-Security is set up: our table of people, our templates, our outbox."""

from datetime import timedelta
from typing import Any, cast

from flask import Flask
from flask_babel import gettext as _
from flask_login import user_logged_out
from flask_security import (
    MailUtil,
    PasswordUtil,
    SQLAlchemyUserDatastore,
    hash_password,
    password_changed,
    password_reset,
    uia_email_mapper,
)

from workgroup.accounts import mails, sessions, throttle
from workgroup.accounts.hashing import LONGEST, BoundedHasher
from workgroup.accounts.labels import MESSAGES
from workgroup.accounts.mailbox import normal_address
from workgroup.accounts.models import User
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.database import db
from workgroup.extensions import security
from workgroup.text import normal

SETTINGS: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SINGLE_HASH": True,  # no second hash keyed with a salt setting
    # Links in mails carry a digest of the stored hash, which needs no slow hash of its own.
    "SECURITY_HASHING_SCHEMES": ["hex_sha512"],
    "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
    "SECURITY_PASSWORD_LENGTH_MIN": 10,
    "SECURITY_PASSWORD_CHECK_BREACHED": None,  # would ask a third party
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(minutes=30),
    "SECURITY_LOGOUT_METHODS": ["POST"],
    # Looked up as stored, by the index: every address is in its normal form, see ``mailbox``.
    "SECURITY_USER_IDENTITY_ATTRIBUTES": [
        {"email": {"mapper": uia_email_mapper, "case_insensitive": False}}
    ],
    "SECURITY_URL_PREFIX": "/account",
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/account/sign-in",
    "SECURITY_POST_CHANGE_VIEW": "/account/profile",
    "SECURITY_POST_RESET_VIEW": "/account/sign-in",
    "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
    "SECURITY_FRESHNESS_GRACE_PERIOD": 0,
    # Our mails are written from templates of our own: see ``mails``.
    "SECURITY_EMAIL_PLAINTEXT": False,
    "SECURITY_EMAIL_HTML": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
}

# The style of a flashed sentence of Flask-Security, where it is not an error.
KINDS = {
    "PASSWORD_RESET_REQUEST": "info",
    "UNAUTHENTICATED": "info",
    "LOGIN": "info",
    "REAUTHENTICATION_REQUIRED": "info",
    "PASSWORD_RESET_NO_LOGIN": "ok",
    "PASSWORD_CHANGE": "ok",
    "REAUTHENTICATION_SUCCESSFUL": "ok",
}

# Characters of a new password; Flask-Security calls a longer one too short.
LONGEST_NEW = 128

# Who may open Flask-Security's own pages; ``check_declared`` requires it.
POLICIES = {
    "security.login": "public",
    "security.logout": "public",
    "security.forgot_password": "public",
    "security.reset_password": "public",
    "security.change_password": "signed in",
    "security.verify": "signed in",
    "security.static": "public",
}


class PasswordRules(PasswordUtil):
    """Flask-Security's rules for a new password, and the length that can be hashed."""

    def normalize(self, password: str) -> str:
        """Return a password in its normal form; one that is too long to be anybody's as it is.

        A short time either way: for an unknown account nothing is normalized.
        """
        return password if len(password) > LONGEST else normal("NFKD", password)

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: FBT001 - Flask-Security's interface
        **kwargs: Any,  # noqa: ANN401
    ) -> tuple[list[str] | None, str]:
        """Return what is wrong with a password, and its normal form."""
        problems, brought = super().validate(password, is_register, **kwargs)
        if len(brought) > LONGEST_NEW:
            return [_("Use at most %(most)s characters.", most=LONGEST_NEW)], brought
        return problems, brought


class OutboxMail(MailUtil):
    """Flask-Security's mails, written as jobs instead of sent inside the request.

    It also brings addresses into the normal form.
    """

    def normalize(self, email: str) -> str:
        """Write an address as it is looked up."""
        return str(super().normalize(normal_address(email))).lower()

    def validate(self, email: str) -> str:
        """Write an address as it is stored."""
        return str(super().validate(normal_address(email))).lower()

    def send_mail(
        self,
        template: str,
        subject: str,  # noqa: ARG002  # Flask-Security's interface
        recipient: str | tuple[str, str],  # noqa: ARG002
        sender: str | tuple[str, str],  # noqa: ARG002
        body: str | None,  # noqa: ARG002
        html: str | None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ANN401 - what its template would be given
    ) -> None:
        """Put our own mail for the occasion into the outbox, in the current transaction."""
        if template.endswith("reset_instructions"):
            # For an unknown address Flask-Security hashes once, to take as long as for a known one;
            # without the same here, a quick answer would reveal that an account exists.
            hash_password("not-a-password")
        mails.send(template, kwargs["user"], kwargs.get("reset_link", ""))


def init_app(app: Flask) -> None:
    """Bind Flask-Security to the application."""
    app.config.from_mapping(SETTINGS)
    for name, sentence in MESSAGES.items():
        app.config[f"SECURITY_MSG_{name}"] = (sentence, KINDS.get(name, "error"))
    app.config["SECURITY_PASSWORD_SALT"] = app.config["SECRET_KEY"]
    # Roles are per cohort, so there is no table of roles to give it.
    datastore = SQLAlchemyUserDatastore(db, User, cast("Any", None))
    security.init_app(app, datastore, login_form=sessions.SignInForm)
    # Nothing asks Flask-Principal who somebody is, but it would read the person for every request
    # before a view is reached: 27 times for a page with its styles, scripts and fonts.
    security.principal.identity_loaders.clear()
    sessions.init_app(app)
    security.pwd_context = BoundedHasher(security.pwd_context)
    # Set here because the object is created in a module below all features.
    security._mail_util = OutboxMail(app)  # noqa: SLF001  # no public way
    security._password_util = PasswordRules(app)  # noqa: SLF001
    throttle.init_app(app)
    user_logged_out.connect(note_signed_out)
    for change in (password_changed, password_reset):
        change.connect(note_password_changed)


def note_signed_out(_app: Flask, user: User, **_more: object) -> None:
    """Raise the revision on which every process checks the editors of who signed out."""
    acts.note(Act.ACCOUNT_SIGNED_OUT, user.id, by=user.id)


def note_password_changed(_app: Flask, user: User, **_more: object) -> None:
    """Raise the revision on which every process closes editors opened with the old password."""
    acts.note(Act.PASSWORD_CHANGED, user.id, by=user.id)
