"""What a voter may send. Shape only; the rules are in ``services``."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from workgroup.deciding.labels import position_label
from workgroup.deciding.rules import (
    Position,
)
from workgroup.sending.forms import KeyedForm
from workgroup.sending.limits import AtMost
from workgroup.text import clean_words

MAX_REASON = 2000  # characters


class VoteForm(KeyedForm):
    """One of six positions, none of them chosen beforehand."""

    position = RadioField(
        _l("Your position"),
        coerce=Position,
        validators=[InputRequired(_l("Choose a position."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        filters=[clean_words],
        validators=[AtMost(MAX_REASON)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the form's own
        super().__init__(*args, **kwargs)
        self.position.choices = [
            SelectChoice(position, position_label(position)) for position in Position
        ]
