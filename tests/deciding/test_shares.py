"""A share as people write it into the form of a ballot, read without rounding."""

from fractions import Fraction

import pytest

from workgroup.deciding.rules import read_share


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("2/3", Fraction(2, 3)),
        (" 1 / 2 ", Fraction(1, 2)),
        ("0.5", Fraction(1, 2)),
        ("60 %", Fraction(3, 5)),
        ("66.7%", Fraction(667, 1000)),
        ("６０％", Fraction(3, 5)),  # noqa: RUF001 - as a Japanese keyboard writes it
        ("0", Fraction(0)),
        ("1", Fraction(1)),
        ("100 %", Fraction(1)),
    ],
)
def test_a_share_is_read_exactly(written, share):
    assert read_share(written) == share


@pytest.mark.parametrize(
    "written", ["", "%", "two thirds", "1/0", "1.01", "101 %", "-1/2", "1/2/3", "2"]
)
def test_what_is_no_share_from_nothing_to_all_is_refused(written):
    with pytest.raises(ValueError, match=r"no share|not from 0 to 1"):
        read_share(written)
