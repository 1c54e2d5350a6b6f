"""What a form says where a field has no sentence of its own: ours instead of WTForms'.

WTForms asks these "translations" for each of its own messages, which are terse, English in
every language that it has no catalog for, and written for programmers.
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

SENTENCES = {
    "This field is required.": _l("Fill in this field."),
    "Not a valid choice.": _l("Choose one of the options."),
    "'%(value)s' is not a valid choice for this field.": _l("Choose from the options."),
    "Invalid Choice: could not coerce.": _l("Choose one of the options."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l(
        "Choose from the options."
    ),
    "Not a valid integer value.": _l("Enter a whole number."),
    "Not a valid date value.": _l("Enter a date."),
    "Not a valid datetime value.": _l("Enter a date and a time."),
}


class OurSentences:
    """WTForms' interface for translations, answered from the table."""

    def gettext(self, sentence: str) -> str:
        """Return our sentence for one of WTForms'."""
        return str(SENTENCES.get(sentence) or _("Check this field."))

    def ngettext(self, one: str, _many: str, _number: Any) -> str:  # noqa: ANN401 - WTForms' interface
        """Return the same, since ours do not count."""
        return self.gettext(one)
