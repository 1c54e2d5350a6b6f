"""The tables of people who can sign in, and of their sign-ins."""

from datetime import datetime, timedelta
from enum import StrEnum

from flask_security import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from workgroup.database import Model
from workgroup.text import is_visible

SIGN_IN_LASTS = timedelta(hours=12)  # a long day; then the password is asked again


class NameOrder(StrEnum):
    """Which part of the native-script name stands first."""

    FAMILY_FIRST = "family-first"
    GIVEN_FIRST = "given-first"


class Sector(StrEnum):
    """Where a person works, so that balance shows at a glance."""

    ACADEMIA = "academia"
    THINK_TANK = "think-tank"
    GOVERNMENT = "government"
    CIVIL_SOCIETY = "civil-society"
    BUSINESS = "business"


class User(Model, UserMixin):
    """A person with an address and a password; what they may do is per cohort."""

    __tablename__ = "users"
    # An address in capitals would never be found: it is looked up in its normal form.
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str] = mapped_column(String(255))  # argon2id
    active: Mapped[bool] = mapped_column(default=True)
    # Changed to end every session of the person (the name is Flask-Security's).
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    may_found: Mapped[bool] = mapped_column(default=False)  # may create cohorts
    created_at: Mapped[datetime]

    printed_name: Mapped[str] = mapped_column(String(120), default="")
    native_name: Mapped[str] = mapped_column(String(120), default="")
    native_language: Mapped[str] = mapped_column(String(8), default="")  # "ja", "ko"
    name_order: Mapped[NameOrder] = mapped_column(default=NameOrder.GIVEN_FIRST)
    affiliation: Mapped[str] = mapped_column(String(200), default="")
    sector: Mapped[Sector | None]
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    language: Mapped[str] = mapped_column(String(8), default="en")  # of pages and mail

    # Roles belong to a cohort here, but Flask-Security requires the attribute.
    roles: list[RoleMixin] = []  # noqa: RUF012 - never filled

    @property
    def has_name(self) -> bool:
        """Return whether the person has given a name; an e-mail address does not count as one."""
        return is_visible(self.printed_name) or is_visible(self.native_name)


class SignIn(Model):
    """One browser of a person, from the password to its end.

    The browser's cookie holds the key, the table only its digest, so nobody can sign in from
    a backup; and a copied cookie is worthless once its owner has signed out.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hex
    # The person's ``fs_uniquifier`` at that time. A new password changes it, which ends all
    # older sign-ins in the same statement, on every device.
    uniquifier: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(40))  # "Firefox on Windows"
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
