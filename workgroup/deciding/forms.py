"""What a voter may send. Shape only; the rules are in ``services``."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from workgroup.deciding.labels import position_label
from workgroup.deciding.models import Vote
from workgroup.deciding.rules import Position
from workgroup.sending.forms import OwnForm
from workgroup.sending.limits import AtMost
from workgroup.text import clean_words

MAX_REASON = 2000  # characters


class NoVote:
    """What the page of somebody who has not voted is filled from."""

    position = None
    reason = ""


class VoteForm(OwnForm):
    """One of six positions, none of them chosen beforehand.

    A request that the network delayed must not replace the vote that its person has cast
    since on another connection, so the form carries the vote that its page showed.
    """

    changed = _l(
        "You have voted on another page since you opened this one. That vote counts, and is "
        "shown below. To replace it with what is chosen here, send this form again."
    )

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

    def __init__(self, own: Vote | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - the form's own
        super().__init__(obj=own, shared=own or NoVote(), **kwargs)
        self.position.choices = [
            SelectChoice(position, position_label(position)) for position in Position
        ]

    def refuse_unseen(self, own: Vote | None) -> None:
        """Refuse to replace a vote that the page did not show.

        Raises:
            ChangedMeanwhileError: its person has voted on another page since.
        """
        self.refuse_changed(own or NoVote())
