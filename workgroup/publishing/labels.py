"""The fixed words of the printed report, and of its pages, in the reader's language."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exports.document import Furniture
from workgroup.drafting.labels import TOO_MUCH
from workgroup.publishing.states import ExportState


def furniture() -> Furniture:
    """Return all fixed words of the printed report."""
    return Furniture(
        contents=_("Contents"),
        chapter=_("Chapter"),
        appendix=_("Appendix"),
        recommendation=_("Recommendation"),
        recommendations=_("Recommendations"),
        at_a_glance=_("Recommendations at a glance"),
        addressees=_("Addressees"),
        horizon=_("Horizon"),
        draft=_("DRAFT"),
        draft_notice=_(
            "This is a draft: not every section has been decided. Do not quote it."
        ),
        final=_("Final report"),
        record_of_votes=_("Record of votes"),
        record_note=_(
            "Each ballot was on one frozen version of a section, named by its number and the first digits of its hash. “For” counts support, can live with it and join with reservation; “against” counts object and block. A rejected section is left out of the report and listed here."
        ),
        rule=_("Rule"),
        section=_("Section"),
        votes=_("for – against"),
        abstained_pattern=_("%(count)s abstained", count="{count}"),
        not_voted_pattern=_("%(count)s did not vote", count="{count}"),
        total=_("All"),
        outcome=_("Outcome"),
        members=_("The working group"),
        members_note=_(
            "Members took part in a personal capacity. Affiliations are for identification only."
        ),
        credit=_("Credit:"),
        page_pattern=_("%(page)s of %(pages)s", page="{page}", pages="{pages}"),
        version_pattern=_("Version %(number)s", number="{number}") + " · {hash}",
        figure_pattern=_("Figure %(number)s", number="{number}"),
    )


def imprint_labels() -> dict[str, str]:
    """Return the words before the imprint's lines, by the name of the report's field."""
    return {
        "convener": _("Convened by"),
        "funders": _("Funded by"),
        "mentors": _("Mentors"),
        "staff": _("Staff"),
        "disclaimer": _("Disclaimer"),
    }


def opinions_notice() -> str:
    """Return the notice that says whose opinions the report expresses."""
    return _(
        "The opinions expressed in this report are those of the individual authors and not of their institutions or governments."
    )


def export_state_label(state: ExportState) -> str:
    """Name the state of an export."""
    return {
        ExportState.WAITING: _("Waiting"),
        ExportState.RUNNING: _("Creating the PDF"),
        ExportState.DONE: _("Finished"),
        ExportState.FAILED: _("Failed"),
    }[state]


def failure(code: str, parameters: Mapping[str, Any]) -> str:
    """Return a sentence, in the reader's language, about why there is no PDF.

    Args:
        code: from the child's last line, from how it ended, or from the worker.
        parameters: values for the sentence; some are missing if the child did not know them.
    """
    if code == "other":  # a whole sentence, in rows older than the codes
        return str(parameters["text"])
    known = {"section": _("The report"), **parameters, "code": code}
    known["packages"] = " ".join(parameters.get("packages") or ())
    sentence = FAILURES.get(code, UNKNOWN)
    return str(sentence) % defaultdict(str, known)


UNKNOWN = _l("The PDF could not be created (%(code)s). Tell the operator.")


FAILURES = {
    **{f"too-much-{size}": sentence for size, sentence in TOO_MUCH.items()},
    "missing-glyph": _l(
        "“%(section)s” contains the character “%(character)s”, which no installed font can print. Replace it and export again. The draft is unchanged."
    ),
    "refused-character": _l(
        "“%(section)s” contains the character %(character)s, which can’t be printed. Remove it and export again. The draft is unchanged."
    ),
    "too-much": _l(
        "“%(section)s” is too long or too deeply nested for one PDF. Divide it and export again."
    ),
    "bad-text": _l("The text of “%(section)s” is damaged. Tell the operator."),
    "bad-link": _l(
        "“%(section)s” contains a link that is neither a web address nor an e-mail address. Correct it and export again."
    ),
    "missing-image": _l(
        "“%(section)s” has an image that is missing. Remove it and export again."
    ),
    "missing-alternative": _l(
        "“%(section)s” has an image without alternative text. Add it and export again."
    ),
    "broken-image": _l(
        "“%(section)s” has an image that can’t be read. Replace it and export again."
    ),
    "too-long": _l(
        "“%(section)s” is too long to be read, frozen or printed. Nothing is lost; contact your operator."
    ),
    "unreadable": _l("“%(section)s” can’t be read right now. Try again later."),
    "altered": _l(
        "The stored text of “%(section)s” is not the one that was frozen, so no PDF was created. Ask the operator to restore a backup."
    ),
    "missing-font": _l(
        "This server lacks fonts. Ask the operator to install: %(packages)s."
    ),
    "missing-library": _l(
        "This server lacks libraries. Ask the operator to install: %(packages)s."
    ),
    "cpu-limit": _l(
        "Creating the PDF took more computing time than allowed and was stopped. Ask the operator to raise the limit."
    ),
    "wall-limit": _l(
        "Creating the PDF took too long and was stopped. Export again; if it happens again, tell the operator."
    ),
    "memory-limit": _l(
        "Creating the PDF needs more memory than allowed. Ask the operator to raise the limit."
    ),
    "killed": _l(
        "The operating system stopped the export, most likely because memory ran out. Export again; if it happens again, tell the operator."
    ),
    "crashed": _l(
        "The program that creates the PDF failed (%(end)s). Export again; if it happens again, tell the operator."
    ),
    "worker-lost": _l(
        "Creating the PDF was interrupted several times. Export again; if it happens again, tell the operator."
    ),
    "internal": _l("Something went wrong on our side. Tell the operator."),
}
