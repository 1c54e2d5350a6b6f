"""The progress of a report's sections: counts, and the segments of a bar."""

from workgroup.drafting.states import SectionState
from workgroup.lifecycle.progress import Piece, Progress, together

ADOPTED, REJECTED, DRAFT = (
    SectionState.ADOPTED,
    SectionState.REJECTED,
    SectionState.DRAFT,
)


def test_the_pieces_fill_the_bar_and_what_is_done_comes_first():
    assert Progress({DRAFT: 2, ADOPTED: 1}).pieces == [
        Piece(ADOPTED, 0.0, 33.33),
        Piece(DRAFT, 33.33, 66.67),
    ]


def test_a_report_without_sections_has_an_empty_bar():
    nothing = Progress({})

    assert (nothing.whole, nothing.adopted, nothing.others) == (0, 0, [])
    assert nothing.pieces == []


def test_sections_not_yet_adopted_are_counted_by_state():
    progress = Progress({DRAFT: 2, REJECTED: 1, ADOPTED: 4})

    assert progress.others == [(REJECTED, 1), (DRAFT, 2)]
    assert (progress.whole, progress.adopted) == (7, 4)


def test_the_counts_of_subgroups_add_up():
    assert together([{DRAFT: 2}, {DRAFT: 1, ADOPTED: 4}]).counts == {
        DRAFT: 3,
        ADOPTED: 4,
    }
