"""Which moves a section can make from each state, spelled by hand."""

import pytest

from workgroup.drafting.states import Move, SectionState, moves_from


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (SectionState.DRAFT, [Move.FREEZE]),
        (SectionState.FROZEN, [Move.OPEN, Move.REOPEN]),
        (SectionState.IN_BALLOT, [Move.ADOPT, Move.REJECT, Move.REOPEN]),
        (SectionState.ADOPTED, [Move.REOPEN]),
        (SectionState.REJECTED, [Move.REOPEN]),
    ],
)
def test_the_moves_from_a_state(state, moves):
    assert moves_from(state) == moves
