"""What an organizer and an invited person may send; shape only."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    Form,
    FormField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from workgroup.accounts.forms import NAME, ZoneField
from workgroup.accounts.mailbox import normal_address
from workgroup.cohorts import labels
from workgroup.cohorts.models import Delegation, Subgroup
from workgroup.cohorts.roles import Assignment, Role
from workgroup.extensions import security
from workgroup.sending.forms import KeyedForm, PlainForm, SharedForm
from workgroup.sending.limits import AtMost
from workgroup.text import clean_line

ROWS_OF_DELEGATIONS = 6
LONGEST_LIST = 10_000  # characters of a list of names, its empty lines included
CODE = r"[A-Z]{2,3}"


def upper(text: str | None) -> str:
    """Write a code as it is stored."""
    return (text or "").strip().upper()


def lower(text: str | None) -> str:
    """Write a slug as it is stored."""
    return (text or "").strip().lower()


class DelegationRow(Form):
    """A delegation as one row among several; an empty row is none."""

    code = StringField(_l("Code"), filters=[upper])
    name = StringField(_l("Name"), filters=[clean_line])


class DelegationRows(FieldList):
    """Several delegations; each error is a sentence that names its row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """Yield the rows' numbers in the names of fields; WTForms fails at digits such as "²"."""
        ours = re.compile(re.escape(prefix) + "-[0-9]{1,3}-")
        yield from super()._extract_indices(prefix, filter(ours.match, formdata))

    def validate(self, form: Any, extra_validators: Sequence[Any] = ()) -> bool:  # noqa: ANN401 - WTForms' interface
        """Require a code and a name in each row that is not empty."""
        super().validate(form, extra_validators)
        problems = [self.problem(row.form) for row in self.entries]
        self.errors = [
            _("Row %(row)s: %(problem)s", row=row, problem=problem)
            for row, problem in enumerate(problems, 1)
            if problem
        ]
        codes = [code for code, _name in self.filled]
        repeated = sorted({code for code in codes if codes.count(code) > 1})
        self.errors += [
            _(
                "%(code)s is there more than once. Give each delegation its own code.",
                code=code,
            )
            for code in repeated
        ]
        return not self.errors

    @staticmethod
    def problem(row: DelegationRow) -> str:
        """Return what is wrong with a row, as a sentence; empty if nothing is."""
        if not row.code.data and not row.name.data:
            return ""
        if not row.code.data or not row.name.data:
            return str(_("enter both the code and the name."))
        if not Regexp(CODE).regex.fullmatch(row.code.data):
            return str(_("the code must be two or three Latin letters."))
        return str(_("the name is too long.")) if len(row.name.data) > 80 else ""  # noqa: PLR2004 - the column's length

    @property
    def filled(self) -> list[tuple[str, str]]:
        """The rows that name a delegation."""
        rows = [(row.form.code.data, row.form.name.data) for row in self.entries]
        return [(code, name) for code, name in rows if code and name]


class FoundForm(KeyedForm):
    """What a new cohort begins with."""

    name = StringField(
        _l("Name of the cohort"),
        filters=[clean_line],
        validators=[DataRequired(_l("Enter the cohort’s name.")), AtMost(200)],
    )
    slug = StringField(
        _l("Short name in addresses"), filters=[lower], validators=[AtMost(48)]
    )
    title = StringField(
        _l("Title of the report"),
        filters=[clean_line],
        validators=[DataRequired(_l("Enter the report’s title.")), AtMost(200)],
    )
    delegations = DelegationRows(
        FormField(DelegationRow),
        _l("Delegations"),
        min_entries=ROWS_OF_DELEGATIONS,
        max_entries=20,
    )
    subgroups = TextAreaField(_l("Subgroups"))

    @property
    def subgroup_names(self) -> list[str]:
        """One name for each line that is not empty, each once."""
        lines = [clean_line(line) for line in (self.subgroups.data or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def validate_subgroups(self, _field: TextAreaField) -> None:
        """Refuse a name that is too long, and a list that is too long to read."""
        written = self.subgroups.data or ""
        names = self.subgroup_names if len(written) <= LONGEST_LIST else [written]
        if any(len(name) > 120 for name in names) or len(names) > 20:  # noqa: PLR2004 - the column's length
            raise ValidationError(
                _("Use at most 20 subgroups with names of at most 120 characters.")
            )


class NameForm(SharedForm):
    """A name alone: the cohort's or a subgroup's."""

    name = StringField(
        _l("Name"),
        filters=[clean_line],
        validators=[DataRequired(_l("Enter a name.")), AtMost(120)],
    )


class DelegationForm(SharedForm):
    """One delegation."""

    code = StringField(
        _l("Code"),
        filters=[upper],
        validators=[
            DataRequired(_l("Enter two or three Latin letters, for example JP.")),
            Regexp(
                CODE + "$",
                message=_l("Use two or three Latin letters, for example JP."),
            ),
        ],
    )
    name = StringField(
        _l("Name"),
        filters=[clean_line],
        validators=[DataRequired(_l("Enter the delegation’s name.")), AtMost(80)],
    )


def chosen_id(value: str | None) -> int | None:
    """Read the value of a select list whose first choice is none.

    Raises:
        ValueError: it is no number.
    """
    return int(value) if value not in {None, "", "None"} else None


class AssignmentForm(SharedForm):
    """Roles, delegation and subgroup of one person; the choices are the cohort's."""

    attributes: ClassVar[Mapping[str, str]] = {
        "delegation": "delegation_id",
        "subgroup": "subgroup_id",
    }

    roles = SelectMultipleField(
        _l("Roles"),
        coerce=Role,
        choices=[SelectChoice(role, label) for role, label in labels.ROLES.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Choose at least one role."))],
    )
    delegation = SelectField(
        _l("Delegation"), coerce=chosen_id, validators=[Optional()]
    )
    subgroup = SelectField(_l("Subgroup"), coerce=chosen_id, validators=[Optional()])

    def offer(
        self, delegations: Sequence[Delegation], subgroups: Sequence[Subgroup]
    ) -> None:
        """Fill the two lists with what the cohort has."""
        none = SelectChoice("", _("None"))
        self.delegation.choices = [none] + [
            SelectChoice(str(one.id), f"{one.name} ({one.code})") for one in delegations
        ]
        self.subgroup.choices = [none] + [
            SelectChoice(str(one.id), one.name) for one in subgroups
        ]

    @property
    def assignment(self) -> Assignment:
        """What was chosen."""
        return Assignment(
            frozenset(self.roles.data), self.delegation.data, self.subgroup.data
        )


class InviteForm(AssignmentForm):
    """An assignment offered to an address."""

    email = StringField(
        _l("E-mail address"),
        filters=[lambda text: normal_address(text or "")],
        validators=[
            DataRequired(_l("Enter the person’s e-mail address.")),
            Email(
                _l("Enter the full e-mail address, for example name@example.org."),
                allow_smtputf8=False,
            ),
            AtMost(255),
        ],
    )


class ArrivalForm(PlainForm):
    """What a newcomer sets on accepting: the name as printed, the zone, a password."""

    printed_name = StringField(
        _l("Your name as it should be printed"),
        filters=[clean_line],
        validators=[DataRequired(_l("Enter your name.")), *NAME],
    )
    time_zone = ZoneField(default="UTC")
    password = PasswordField(
        _l("Password"), validators=[DataRequired(_l("Choose a password."))]
    )

    def validate_password(self, field: PasswordField) -> None:
        """Apply Flask-Security's rules."""
        problems, field.data = security.password_util.validate(
            field.data or "", is_register=True
        )
        if problems:
            raise ValidationError(" ".join(problems))
