"""What a person may choose about mail; shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
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
        """Return how the person wants each kind."""
        return {
            kind: Delivery(self.every_kind.data or self[field_name(kind)].data)
            for kind in NoticeKind
        }


def field_name(kind: NoticeKind) -> str:
    """Return the name of a kind's field, which must be a valid name in Python."""
    return kind.value.replace("-", "_")


for _kind in NoticeKind:
    _field = SelectField(
        KINDS[_kind], choices=[SelectChoice(*item) for item in DELIVERIES.items()]
    )
    setattr(MailForm, field_name(_kind), _field)
