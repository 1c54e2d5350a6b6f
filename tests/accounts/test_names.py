import pytest

from workgroup.accounts.names import clean_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hana   Hoshino ", "Hana Hoshino"),
        ("Hana\nHoshino\t", "Hana Hoshino"),
        ("Han\u202ea\u202c Hoshino", "Hana Hoshino"),
        ("\u2066Hana\u2069\ufeff", "Hana"),
        ("\u1112\u1161\u11ab", "\ud55c"),  # decomposed Korean is composed
        ("星野　花", "星野 花"),
        ("마민준", "마민준"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # escaped where it shows
        ("\x00\x07", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_name_is_one_visible_line(typed, kept):
    assert clean_name(typed) == kept
