"""The words for kinds, states and numbers of sections, in the reader's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from workgroup.drafting.inline import Labels
from workgroup.drafting.states import Move, SectionKind, SectionState

KINDS = {
    SectionKind.FRONT: _l("Front matter"),
    SectionKind.CHAPTER: _l("Chapter"),
    SectionKind.RECOMMENDATION: _l("Recommendation"),
    SectionKind.APPENDIX: _l("Appendix"),
}


def kind_label(kind: SectionKind) -> str:
    """Name a kind of section."""
    return str(KINDS[kind])


def numbered(kind: SectionKind, number: str) -> str:
    """Name a section by kind and number: Chapter 2, Appendix A; front matter has none."""
    patterns = {
        SectionKind.CHAPTER: _("Chapter %(number)s", number=number),
        SectionKind.RECOMMENDATION: _("Recommendation %(number)s", number=number),
        SectionKind.APPENDIX: _("Appendix %(number)s", number=number),
    }
    return patterns.get(kind) or kind_label(kind)


def short_number(kind: SectionKind, number: str) -> str:
    """Return the short form of a number, for narrow places: 2, R3, A."""
    if kind is SectionKind.RECOMMENDATION:
        return _("R%(number)s", number=number)
    return number


def state_label(state: SectionState) -> str:
    """Name a state, as on its tag."""
    return {
        SectionState.DRAFT: _("Draft"),
        SectionState.FROZEN: _("Frozen"),
        SectionState.IN_BALLOT: _("In ballot"),
        SectionState.ADOPTED: _("Adopted"),
        SectionState.REJECTED: _("Rejected"),
    }[state]


def wrong_state(move: Move, state: SectionState) -> str:
    """Return why a move is not possible in a state."""
    now = state_label(state)
    return {
        Move.FREEZE: _(
            "Only a draft can be frozen. This section’s state is “%(state)s”.",
            state=now,
        ),
        Move.OPEN: _(
            "A ballot can be opened only on a frozen section. This section’s state is “%(state)s”.",
            state=now,
        ),
        Move.ADOPT: _(
            "Only a section in ballot can be adopted. This section’s state is “%(state)s”.",
            state=now,
        ),
        Move.REJECT: _(
            "Only a section in ballot can be rejected. This section’s state is “%(state)s”.",
            state=now,
        ),
        Move.REOPEN: _("This section is already a draft and can be edited."),
    }[move]


def rendered_labels() -> Labels:
    """Return the words beside a rendered text."""
    return Labels(notes=_("Notes"), back=_("Back to the text"))
