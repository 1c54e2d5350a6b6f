"""What a commenter may send; shape only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired

from workgroup.discussion.quotations import AROUND, Quotation
from workgroup.sending.forms import KeyedForm
from workgroup.sending.limits import AtMost, QuoteAtMost
from workgroup.text import clean_words, is_visible

LONGEST = 5000  # characters of a comment, and of the words it quotes


def as_quoted(text: str | None) -> str:
    """Return quoted words unchanged but for plain line ends and no null characters."""
    return (text or "").replace("\r\n", "\n").replace("\x00", "")


def before(text: str | None) -> str:
    """Return the end of what stood before quoted words, as much of it as is kept."""
    kept = (text or "")[-2 * AROUND :]  # a line end may be two characters
    return as_quoted(kept)[-AROUND:]


def after(text: str | None) -> str:
    """Return the beginning of what stood after quoted words, as much of it as is kept."""
    return as_quoted((text or "")[: 2 * AROUND])[:AROUND]


class CommentForm(KeyedForm):
    """One comment."""

    body = TextAreaField(
        _l("Comment"),
        filters=[clean_words],
        validators=[
            DataRequired(_l("Write your comment first.")),
            AtMost(LONGEST),
        ],
    )


class ThreadForm(CommentForm):
    """The first comment of a thread with the words it is about."""

    quote = StringField(
        _l("Words the comment is about"),
        id="new-thread-quote",
        filters=[as_quoted],
        validators=[QuoteAtMost(LONGEST)],
    )
    prefix = HiddenField(filters=[before])
    suffix = HiddenField(filters=[after])

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - WTForms' interface
        super().__init__(*arguments, **options)
        self.body.id = "new-thread-body"  # of all forms for comments on a page

    @property
    def quotation(self) -> Quotation:
        """The quoted words with their surroundings; what nobody can see does not count as words."""
        if not is_visible(self.quote.data):
            return Quotation()
        return Quotation(self.quote.data, self.prefix.data, self.suffix.data)
