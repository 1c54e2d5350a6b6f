"""What a person may choose about mail; shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields import SelectChoice

from workgroup.notifications.kinds import Delivery, NoticeKind
from workgroup.notifications.labels import DELIVERIES, KINDS
from workgroup.sending.forms import KeyedForm

EACH = ""  # of the choice for all kinds: each as chosen below it


class MailForm(KeyedForm):
    """One choice for each kind, and one that overrides them all."""

    every_kind = SelectField(
        _l("All notices"),
        choices=[
            SelectChoice(EACH, _l("As chosen below")),
            *(SelectChoice(*item) for item in DELIVERIES.items()),
        ],
    )

    @property
    def chosen(self) -> dict[NoticeKind, Delivery]:
        """Return how the person wants each kind that was changed on the page.

        The others stay as they are now: one may have been turned off since, by the link in a
        mail, and must not be turned on again by a page that is older.
        """
        if self.every_kind.data:
            return dict.fromkeys(NoticeKind, Delivery(self.every_kind.data))
        return {
            kind: Delivery(self[field_name(kind)].data)
            for kind in NoticeKind
            if self[field_name(kind)].data != self[filled_name(kind)].data
        }


def field_name(kind: NoticeKind) -> str:
    """Return the name of a kind's field, which must be a valid name in Python."""
    return kind.value.replace("-", "_")


def filled_name(kind: NoticeKind) -> str:
    """Return the name of the field that carries what a kind's field was filled with."""
    return f"was_{field_name(kind)}"


for _kind in NoticeKind:
    _field = SelectField(
        KINDS[_kind], choices=[SelectChoice(*item) for item in DELIVERIES.items()]
    )
    setattr(MailForm, field_name(_kind), _field)
    setattr(MailForm, filled_name(_kind), HiddenField())
