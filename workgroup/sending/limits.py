"""How long a text may be. The browser is not told: it would cut what is pasted, without a word."""

from flask_babel import format_decimal
from flask_babel import gettext as _
from wtforms import Field, Form
from wtforms.validators import ValidationError


class AtMost:
    """Refuse a text that is too long with a sentence; it comes back whole, to be shortened.

    WTForms' own ``Length`` writes its limit into the page as well. With it, somebody who pastes
    the reason of a vote records one that ends in the middle of a sentence.
    """

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        """Compare the length with the limit, and name both."""
        length = len(field.data or "")
        if length > self.most:
            raise ValidationError(self.sentence(length))

    def sentence(self, length: int) -> str:
        """Return what to do about a text of this length."""
        return str(
            _(
                "Use at most %(most)s characters. You have used %(length)s.",
                most=format_decimal(self.most),
                length=format_decimal(length),
            )
        )


class QuoteAtMost(AtMost):
    """The same for the words that a comment is about."""

    def sentence(self, length: int) -> str:
        """Return what to do about a quotation of this length."""
        return str(
            _(
                "Quote at most %(most)s characters. You have quoted %(length)s.",
                most=format_decimal(self.most),
                length=format_decimal(length),
            )
        )
