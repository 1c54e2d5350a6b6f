"""What may be sent about the report and its sections. Shape only; the rules are in services."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from workgroup.drafting.labels import KINDS
from workgroup.drafting.states import SectionKind
from workgroup.sending.forms import SharedForm
from workgroup.sending.limits import AtMost
from workgroup.text import clean_line, clean_words


def _line(label: str, most: int) -> StringField:
    return StringField(
        label,
        filters=[clean_line],
        validators=[AtMost(most)],
    )


def _title(sentence: str) -> StringField:
    return StringField(
        _l("Title"),
        filters=[clean_line],
        validators=[
            DataRequired(sentence),
            AtMost(200),
        ],
    )


def _lines(label: str) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[clean_words],
        validators=[AtMost(4000)],
    )


class TitlePageForm(SharedForm):
    """The title page and the lines of the imprint."""

    title = _title(_l("Enter the report’s title."))
    subtitle = _line(_l("Subtitle"), 300)
    convener = _lines(_l("Convened by"))
    funders = _lines(_l("Funders"))
    mentors = _lines(_l("Mentors"))
    staff = _lines(_l("Staff"))
    disclaimer = _lines(_l("Disclaimer"))


class SectionForm(SharedForm):
    """The fields above a section's text."""

    title = _title(_l("Enter the section’s title."))
    kind = RadioField(
        _l("Kind"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        coerce=SectionKind,
        validators=[InputRequired(_l("Choose the kind of section."))],
    )
    subgroup_id = SelectField(
        _l("Subgroup"), coerce=lambda value: int(value) if value else None
    )
    addressees = _line(_l("Addressees"), 300)
    horizon = _line(_l("Horizon"), 120)
