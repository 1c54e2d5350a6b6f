"""Refuses to freeze what could not be printed: a text beyond a bound, alone or with the others.

The bounds are those of ``exports/sizes.py``, and exports count here too, so that the two agree.
"""

from flask_babel import gettext as _

from exports import bounds
from exports.sizes import MOST
from workgroup.drafting import queries
from workgroup.drafting.canonical import Json
from workgroup.drafting.labels import TOO_MUCH
from workgroup.drafting.models import Section
from workgroup.errors import DomainError


class TooMuchError(DomainError):
    """The text contains more than can be printed, alone or with what is frozen already."""


def keep(section: Section, form: Json) -> None:
    """Refuse a form with which the report could not be printed.

    Reads the texts of all other sections that are frozen or adopted (one query): bounded, since
    together they are within the bounds. Expects the report's lock, so that two sections frozen
    at the same moment are counted together.

    Raises:
        TooMuchError: a bound is passed.
    """
    try:
        totals = bounds.measured(section.title, form["blocks"])
        others = queries.printed_forms(section.report_id, section.id)
        for other in others:
            totals += bounds.counted(other["blocks"])
        bounds.keep_totals(totals, section.title)
    except bounds.TooMuchError as error:
        raise TooMuchError(_sentence(error, section)) from error


def _sentence(error: bounds.TooMuchError, section: Section) -> str:
    figures = {"count": error.count, "most": MOST[error.size]}
    sentences = [str(TOO_MUCH[error.size]) % {"section": section.title, **figures}]
    if error.begins:
        sentences.append(_("It begins with “%(words)s”.", words=error.begins))
    sentences.append(_("Nothing was frozen, and the text can still be edited."))
    return " ".join(sentences)
