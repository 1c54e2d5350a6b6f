"""What an organizer may send about the moves of a section, and about names; shape only."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import DateTimeLocalField, SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from workgroup.clock import NoSuchHourError, local_moment
from workgroup.cohorts.attribution import DECIDED, Mode, Surface
from workgroup.cohorts.labels import MODES, SURFACES, SURFACES_IN_FULL
from workgroup.deciding.labels import preset_label
from workgroup.deciding.rules import (
    NOTHING,
    PRESETS,
    Preset,
    Rule,
    Threshold,
    read_share,
)
from workgroup.sending.forms import KeyedForm, SharedForm
from workgroup.sending.limits import AtMost
from workgroup.text import clean_words

MAX_BLOCKS = 99
# At either end of the calendar a time can't be converted to another zone.
EARLIEST_YEAR, LATEST_YEAR = 2000, 2999
OWN = "own"  # beside the presets
AT_LEAST, MORE_THAN = "at-least", "more-than"


class ReopenForm(KeyedForm):
    """Why a section goes back to draft, and where it stood when the page was shown."""

    seen = HiddenField()
    reason = TextAreaField(
        _l("Reason"),
        filters=[clean_words],
        validators=[
            DataRequired(_l("Give a reason, so that the others understand why.")),
            AtMost(500),
        ],
    )


class ShareField(StringField):
    """A share as people write it, stored exactly; a refused one is shown again as typed."""

    data: Fraction | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read "2/3" or "60%"; an empty field is no share."""
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = read_share(valuelist[0])
            except ValueError:
                raise ValueError(
                    _(
                        "Enter a share from 0 to 1, such as %(fraction)s or %(percent)s.",
                        fraction="2/3",
                        percent="60%",
                    )
                ) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


def _kind_field(label: str, default: str = AT_LEAST) -> SelectField:
    return SelectField(
        label,
        choices=[
            SelectChoice(AT_LEAST, _l("at least")),
            SelectChoice(MORE_THAN, _l("more than")),
        ],
        default=default,
    )


class OpenForm(KeyedForm):
    """The deadline and the rule of a ballot, and the version that the page showed frozen."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    closes_at = DateTimeLocalField(
        _l("Closes"),
        format="%Y-%m-%dT%H:%M",
        validators=[
            InputRequired(_l("Enter the date and time when the ballot closes."))
        ],
    )
    preset = RadioField(
        _l("Rule"),
        default=next(iter(PRESETS)).value,
        validators=[InputRequired(_l("Choose a rule."))],
    )
    quorum_kind = _kind_field(_l("Overall quorum"))
    quorum = ShareField(
        _l("Share of all electors who must vote"), default=Fraction(1, 2)
    )
    threshold_kind = _kind_field(_l("Overall threshold"))
    threshold = ShareField(
        _l("Share of votes for or against that must be in favor"),
        default=Fraction(2, 3),
    )
    delegation_quorum_kind = _kind_field(_l("Quorum in each delegation"))
    delegation_quorum = ShareField(
        _l("Share of its electors who must vote"), default=Fraction(1, 2)
    )
    delegation_threshold_kind = _kind_field(
        _l("Threshold in each delegation"), MORE_THAN
    )
    delegation_threshold = ShareField(
        _l("Share of its votes for or against that must be in favor"),
        default=Fraction(1, 2),
    )
    max_blocks = IntegerField(
        _l("Blocks allowed"),
        default=0,
        validators=[
            Optional(),
            NumberRange(
                0, MAX_BLOCKS, _l("Enter a number from 0 to 99, or leave this empty.")
            ),
        ],
    )

    def __init__(self, zone: ZoneInfo, **kwargs: Any) -> None:  # noqa: ANN401 - the form's own
        super().__init__(**kwargs)
        self.zone = zone
        self.preset.choices = [
            *(SelectChoice(preset.value, preset_label(preset)) for preset in PRESETS),
            SelectChoice(OWN, _("Custom numbers")),
        ]

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        """Refuse a time that no clock of the organizer's zone will show."""
        if field.data is None:  # not a valid time, which is an error already
            return
        if not EARLIEST_YEAR <= field.data.year <= LATEST_YEAR:
            raise ValidationError(
                _(
                    "Enter a year from %(first)s to %(last)s.",
                    first=EARLIEST_YEAR,
                    last=LATEST_YEAR,
                )
            )
        try:
            local_moment(field.data, self.zone)
        except NoSuchHourError:
            raise ValidationError(
                _(
                    "This time does not exist in %(zone)s: clocks go forward and skip it. Choose another time.",
                    zone=self.zone.key,
                )
            ) from None

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms's own
        """Check the custom numbers only where they were chosen."""
        valid = super().validate(extra_validators)
        if self.preset.data == OWN:
            self._check(self.quorum, required=True)
            self._check(self.threshold, required=True)
            self._check(self.delegation_quorum)
            self._check(self.delegation_threshold)
        return bool(valid and not self.errors)

    def _check(self, share: ShareField, *, required: bool = False) -> None:
        if share.errors:
            return
        if share.data is None and required:
            share.errors = [_("Enter a share, such as 1/2.")]
        if share.data == 1 and self._kind(share) == MORE_THAN:
            share.errors = [
                _("“More than all” can never be met. Enter a smaller share.")
            ]
        always = share.data == 0 and self._kind(share) == AT_LEAST
        if always and share in {self.threshold, self.delegation_threshold}:
            share.errors = [_("“At least 0” is always met. Enter a larger share.")]

    def _kind(self, share: ShareField) -> str:
        return str(self[f"{share.name}_kind"].data)

    def _threshold(self, share: ShareField) -> Threshold | None:
        if share.data is None:
            return None
        return Threshold(share.data, strict=self._kind(share) == MORE_THAN)

    def closing(self) -> datetime:
        """Return the deadline; call only on a valid form."""
        return local_moment(self.closes_at.data, self.zone)

    def rule(self) -> Rule:
        """Return the rule that was chosen or entered; call only on a valid form."""
        if self.preset.data != OWN:
            return PRESETS[Preset(self.preset.data)]
        return Rule(
            quorum=self._threshold(self.quorum) or NOTHING,
            threshold=self._threshold(self.threshold) or NOTHING,
            delegation_quorum=self._threshold(self.delegation_quorum) or NOTHING,
            delegation_threshold=self._threshold(self.delegation_threshold),
            max_blocks=self.max_blocks.data,
        )


def _of(surface: Surface) -> SelectField:
    return SelectField(
        SURFACES[surface],
        description=SURFACES_IN_FULL[surface],
        choices=[SelectChoice(mode, label) for mode, label in MODES.items()],
        coerce=Mode,
    )


class NamesForm(SharedForm):
    """How each surface names people."""

    names_live = _of(Surface.LIVE)
    names_comments = _of(Surface.COMMENTS)
    names_history = _of(Surface.HISTORY)
    names_votes = _of(Surface.VOTES)
    names_print = _of(Surface.PRINT)

    @property
    def chosen(self) -> dict[Surface, Mode]:
        """The mode of each surface."""
        return {one: self[f"names_{one.value}"].data for one in DECIDED}
