"""What people may enter about themselves; shape only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Regexp

from workgroup.accounts.labels import NAME_ORDERS, NATIVE_LANGUAGES, SECTORS
from workgroup.accounts.models import Sector
from workgroup.i18n import TIME_ZONES
from workgroup.sending.forms import KeyedForm, OwnForm
from workgroup.sending.limits import AtMost
from workgroup.text import clean_line


def zone_choices() -> list[SelectChoice]:
    """Return the time zones that are offered, grouped by their region."""
    choices = []
    for zone in TIME_ZONES:
        region, _, place = zone.partition("/")
        label = (place or region).replace("_", " ")
        choices.append(SelectChoice(zone, label, optgroup=region if place else "UTC"))
    return sorted(choices, key=lambda choice: (choice.optgroup or "", choice.label))


class ZoneField(SelectField):
    """The zones by region, and the person's own if it is not among them any more."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - WTForms' interface
        super().__init__(_l("Time zone"), choices=zone_choices(), **options)

    def process(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        """Read what is stored or sent, then offer what is stored."""
        super().process(*arguments, **options)
        own = self.object_data
        if own and own not in TIME_ZONES:
            self.choices = [SelectChoice(own, own, optgroup="UTC"), *zone_choices()]


NAME_REQUIRED = DataRequired(_l("Enter your name as it should be printed."))
NAME = (
    AtMost(120),
    # Names are shown to all; an address is for signing in, and never shown.
    Regexp(r"^[^@\uff20]*$", message=_l("Enter your name, not an e-mail address.")),
)


class WelcomeForm(KeyedForm):
    """What the program must know about a person before anything else."""

    printed_name = StringField(
        _l("Your name as it should be printed"),
        filters=[clean_line],
        validators=[NAME_REQUIRED, *NAME],
    )
    time_zone = ZoneField()


class ProfileForm(OwnForm):
    """The page of one's own profile."""

    printed_name = StringField(
        _l("Name as printed"),
        filters=[clean_line],
        validators=[NAME_REQUIRED, *NAME],
    )
    native_name = StringField(
        _l("Name in your own script"),
        filters=[clean_line],
        validators=NAME,
    )
    native_language = SelectField(
        _l("Language of your name in your own script"),
        choices=[SelectChoice(*item) for item in NATIVE_LANGUAGES.items()],
    )
    name_order = RadioField(
        _l("Order of your name in your own script"),
        choices=[SelectChoice(*item) for item in NAME_ORDERS.items()],
    )
    affiliation = StringField(
        _l("Affiliation"),
        filters=[clean_line],
        validators=[AtMost(200)],
    )
    sector = SelectField(
        _l("Sector"),
        choices=[
            SelectChoice("", _l("Not given")),
            *(SelectChoice(*item) for item in SECTORS.items()),
        ],
        coerce=lambda value: Sector(value) if value else None,
    )
    time_zone = ZoneField()
