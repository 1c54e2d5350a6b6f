"""Each kind of section counts among its own."""

import pytest

from workgroup.drafting.numbering import numbers
from workgroup.drafting.states import SectionKind

KINDS = {kind.value[0]: kind for kind in SectionKind}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", []),
        ("f", [""]),
        ("ffcrcrra", ["", "", "1", "1", "2", "2", "3", "A"]),
        ("aca", ["A", "1", "B"]),
    ],
)
def test_kinds_are_numbered_among_themselves(order, expected):
    assert numbers(KINDS[letter] for letter in order) == expected


def test_appendices_go_on_after_z():
    last = numbers([SectionKind.APPENDIX] * 28)[-3:]

    assert last == ["Z", "AA", "AB"]
