"""The words for kinds, states and numbers of sections, in the reader's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exports.sizes import Size
from workgroup.drafting.inline import Labels
from workgroup.drafting.states import Move, SectionKind, SectionState

KINDS = {
    SectionKind.FRONT: _l("Front matter"),
    SectionKind.CHAPTER: _l("Chapter"),
    SectionKind.RECOMMENDATION: _l("Recommendation"),
    SectionKind.APPENDIX: _l("Appendix"),
}

# What is too much to be printed; for a freeze and for an export that failed.
TOO_MUCH = {
    Size.NESTING: _l(
        "“%(section)s” has lists, quotations or tables nested %(count)s deep; at most %(most)s levels can be printed. Move the innermost ones out."
    ),
    Size.FOOTNOTES_IN_A_PARAGRAPH: _l(
        "“%(section)s” has a paragraph with %(count)s footnotes; at most %(most)s can be printed. Divide the paragraph or combine footnotes."
    ),
    Size.CHARACTERS_IN_A_PARAGRAPH: _l(
        "“%(section)s” has a paragraph of %(count)s characters; at most %(most)s can be printed. Divide the paragraph."
    ),
    Size.CELLS_IN_A_TABLE: _l(
        "“%(section)s” has a table with %(count)s cells; at most %(most)s can be printed. Divide the table."
    ),
    Size.SPAN: _l(
        "“%(section)s” has a table cell that spans %(count)s rows or columns; at most %(most)s can be printed. Split the cell."
    ),
    Size.FOOTNOTES: _l(
        "With “%(section)s”, the report has %(count)s footnotes; at most %(most)s can be printed. Remove footnotes here, or reopen another section and remove some there."
    ),
    Size.CHARACTERS: _l(
        "With “%(section)s”, the report has %(count)s characters, footnotes included; at most %(most)s can be printed. Shorten this section, or reopen another and shorten that."
    ),
    Size.BLOCKS: _l(
        "With “%(section)s”, the report has %(count)s paragraphs, headings and table cells; at most %(most)s can be printed. Shorten this section, or reopen another and shorten that."
    ),
    Size.SECTIONS: _l(
        "The report has %(count)s sections; at most %(most)s can be printed. Remove or combine some."
    ),
    Size.MEMBERS: _l(
        "The list of members has %(count)s people; at most %(most)s can be printed. Print the delegations only, or no list."
    ),
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
            "A ballot can be opened only on a draft or a frozen section. This section’s state is “%(state)s”.",
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
