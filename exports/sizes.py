"""How much a report may contain: the one table that editor, intake, freeze and exports share."""

from enum import StrEnum


class Size(StrEnum):
    """What is counted in a report; beyond a bound a layout takes minutes or never ends."""

    # In each section alone.
    NESTING = "nesting"  # elements inside one another
    FOOTNOTES_IN_A_PARAGRAPH = "footnotes-in-a-paragraph"
    CHARACTERS_IN_A_PARAGRAPH = "characters-in-a-paragraph"
    CELLS_IN_A_TABLE = "cells-in-a-table"
    SPAN = "span"  # rows or columns of one cell
    # In all sections of a report together.
    FOOTNOTES = "footnotes"
    CHARACTERS = "characters"  # of paragraphs, headings and footnotes
    BLOCKS = "blocks"  # paragraphs and headings, those in lists and cells too
    SECTIONS = "sections"
    MEMBERS = "members"


# docs/adr/0011 has the processor time that a report at each of these takes.
MOST = {
    Size.NESTING: 20,
    Size.FOOTNOTES_IN_A_PARAGRAPH: 20,
    Size.CHARACTERS_IN_A_PARAGRAPH: 100_000,
    Size.CELLS_IN_A_TABLE: 5000,
    Size.SPAN: 20,
    Size.FOOTNOTES: 2000,
    Size.CHARACTERS: 3_000_000,
    Size.BLOCKS: 20_000,
    Size.SECTIONS: 300,
    Size.MEMBERS: 1000,
}
