"""The order in which this very run goes through its tests."""

from tests.order import LAST


def kind(item):
    marks = {mark.name for mark in item.iter_markers()}
    return max((LAST.index(one) + 1 for one in marks & set(LAST)), default=0)


def test_what_is_fast_comes_first_and_browsers_come_last(request):
    kinds = [kind(item) for item in request.session.items]

    assert kinds == sorted(kinds), "else a coroutine meets the loop of a browser"
