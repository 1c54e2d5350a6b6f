"""The order in which this very run goes through its tests."""

from tests.order import LAST, group


def kind(item):
    marks = {mark.name for mark in item.iter_markers()}
    return max((LAST.index(one) + 1 for one in marks & set(LAST)), default=0)


def test_what_is_fast_comes_first_and_browsers_come_last(request):
    kinds = [kind(item) for item in request.session.items]

    assert kinds == sorted(kinds), "else a coroutine meets the loop of a browser"


def test_tests_on_postgresql_share_one_server_and_are_not_among_the_fast(request):
    cases = [item for item in request.session.items if hasattr(item, "callspec")]
    on_postgresql = [
        item for item in cases if item.callspec.params.get("database") == "postgresql"
    ]

    assert {group(item.nodeid) for item in on_postgresql} <= {"postgresql"}
    assert all(item.get_closest_marker("real") for item in on_postgresql)
