"""What a person may choose about mail: the shape alone."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from workgroup.notifications.kinds import Delivery, NoticeKind
from workgroup.notifications.labels import DELIVERIES, KINDS
from workgroup.sending.forms import KeyedForm

EACH = ""  # the choice for all: each kind as it is chosen below


class MailForm(KeyedForm):
    """One choice for each kind, and one that goes before them all."""

    every_kind = SelectField(
        _l("All notices"),
        choices=[
            SelectChoice(EACH, _l("As chosen below")),
            *(SelectChoice(*item) for item in DELIVERIES.items()),
        ],
    )

    @property
    def chosen(self) -> dict[NoticeKind, Delivery]:
        """Return how each kind is wanted."""
        return {
            kind: Delivery(self.every_kind.data or self[field_name(kind)].data)
            for kind in NoticeKind
        }


def field_name(kind: NoticeKind) -> str:
    """Return the name of a kind's field, which is a name of Python too."""
    return kind.value.replace("-", "_")


for _kind in NoticeKind:
    _field = SelectField(
        KINDS[_kind], choices=[SelectChoice(*item) for item in DELIVERIES.items()]
    )
    setattr(MailForm, field_name(_kind), _field)
