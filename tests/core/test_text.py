"""What people write keeps every letter, and text without a visible character counts as empty."""

# ruff: noqa: RUF001  # other scripts are what this is about

import ast

import pytest

from tests import cast
from tests.test_architecture import MODULES, ROOT
from workgroup.text import clean_line, clean_words, is_visible


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hana   Hoshino ", "Hana Hoshino"),
        ("Hana\nHoshino\t", "Hana Hoshino"),
        ("Han\u202ea\u202c Hoshino", "Hana Hoshino"),
        ("\u2066Hana\u2069\ufeff", "Hana"),
        ("\u1112\u1161\u11ab", "\ud55c"),  # decomposed Korean is composed
        ("星野\u3000花", "星野 花"),
        ("마민준", "마민준"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # escaped where it shows
        ("\x00\x07", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_name_is_one_visible_line(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("\u3000段落の始め", "\u3000段落の始め"),
        ("10\u00a0km", "10\u00a0km"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬 ❤\ufe0f", "👩\u200d🔬 ❤\ufe0f"),
        ("a\tb", "a\tb"),
        ("a\x00b\x07c\x85d", "abcd"),
        ("turn\u202eed", "turned"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_words_keep_what_is_spelled_and_lose_what_is_hidden(typed, kept):
    assert clean_words(typed) == kept


INVISIBLE = ["", " ", "\n\t", "\u200b", "\u200d\u200c", "\u3000", "\u00a0", "\u3164", "\u115f", "\u2800", "\ufe0f", "\U000e0041", "\u2066\u2069", "\u034f", "\u180b", "\U00016fe4", "\U0001d159"]  # fmt: skip


@pytest.mark.parametrize("typed", INVISIBLE)
def test_what_nobody_can_see_is_empty(typed):
    assert not is_visible(typed)
    assert clean_words(typed) == clean_line(typed) == ""


@pytest.mark.parametrize("typed", ["\u200b\u200b", "\u3164", "\u2800\u2800"])
def test_an_invisible_name_is_refused(as_, typed):
    answer = as_("hana").post("/account/profile", data={"printed_name": typed})

    assert answer.status_code == 422
    assert "Enter your name as it should be printed." in answer.text
    assert as_("olivia").get(f"/c/{cast.SLUG}/people").text.count("Hana Hoshino")


def asked(tree):
    """Yield each expression that something depends on being empty or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            yield node.test
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node.operand
        elif isinstance(node, ast.BoolOp):
            yield from node.values
        elif isinstance(node, ast.comprehension):
            yield from node.ifs


def is_stripped(node):
    node = node.value if isinstance(node, ast.NamedExpr) else node
    called = node.func if isinstance(node, ast.Call) and not node.args else None
    return isinstance(called, ast.Attribute) and called.attr == "strip"


def test_whether_words_are_empty_is_asked_in_one_way():
    """``strip`` takes away the spaces that Python knows, not all that nobody can see."""
    ours = [path for path in MODULES if path.is_relative_to(ROOT / "workgroup")]
    wrong = {
        str(path.relative_to(ROOT))
        for path in ours
        if any(map(is_stripped, asked(ast.parse(path.read_text()))))
    }

    # A share that nobody can see is refused as a wrong one, not taken for none.
    assert wrong == {"workgroup/lifecycle/forms.py"}
