"""The fixed words of the printed report, and of its pages, in the reader's language."""

from flask_babel import gettext as _

from exports.document import Furniture
from workgroup.publishing.states import ExportState


def furniture() -> Furniture:
    """Return every fixed word of the printed report."""
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
            "This is a draft: not every section is decided, and none of it is for quotation."
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
    """Return the words before the imprint's lines, by the report's own names."""
    return {
        "convener": _("Convened by"),
        "funders": _("Funded by"),
        "mentors": _("Mentors"),
        "staff": _("Staff"),
        "disclaimer": _("Disclaimer"),
    }


def opinions_notice() -> str:
    """Say whose opinions the report holds."""
    return _(
        "The opinions expressed in this report are those of the individual authors and not of their institutions or governments."
    )


def export_state_label(state: ExportState) -> str:
    """Name where an export stands."""
    return {
        ExportState.WAITING: _("Waiting"),
        ExportState.RUNNING: _("Being set"),
        ExportState.DONE: _("Finished"),
        ExportState.FAILED: _("Failed"),
    }[state]
