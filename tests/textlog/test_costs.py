"""What an update may cost the intake in time and memory, and a text in its life."""

import tracemalloc

import pytest

from tests.textlog.wire import (
    ANN,
    IN_TEXT,
    attribute,
    element,
    mark,
    opening,
    string,
    typed,
    update,
)
from workgroup.textlog import schema
from workgroup.textlog.intake import RefusedError, StreamState, TooManyStepsError
from workgroup.textlog.packing import pack


@pytest.mark.parametrize(
    ("written", "steps"),
    [
        (string("x", **IN_TEXT), [0, 1, 2, 3]),
        (element("paragraph"), [1, 2, 3, 4]),
        (attribute("lang", "ja", parent=(ANN, 0)), [0, 2, 4, 6]),  # there and back
    ],
    ids=["words", "blocks", "values"],
)
def test_writing_where_others_did_costs_steps(written, steps):
    state = StreamState()
    state.admit(opening(), ANN)
    paid = []

    for writer in (30, 31, 32, 33):
        before = state.order.steps
        state.admit(update(writer, 0, written), writer)
        paid.append(state.order.steps - before)

    assert paid == steps


def crowd(writers):
    """A text at whose beginning this many people wrote, none knowing of the others."""
    state = StreamState()
    state.admit(opening(), ANN)
    for writer in range(30, 30 + writers):
        state.admit(update(writer, 0, string("x", **IN_TEXT)), writer)
    return state


@pytest.mark.parametrize(
    "written",
    [
        string("x", **IN_TEXT),  # among all the others
        string("x", **IN_TEXT, right=(29, 0)),  # all others stand between the two
        attribute("lang", "ja", parent=(ANN, 0)),
    ],
    ids=["among", "between", "values"],
)
def test_an_update_that_takes_too_many_steps_now_may_be_tried_again(written):
    state = crowd(20)
    state.admit(update(29, 0, string("x", origin=(ANN, 5))), 29)
    for writer in range(60, 80):
        state.admit(update(writer, 0, attribute("lang", "ko", parent=(ANN, 0))), writer)
    before = pack(state)

    with pytest.raises(TooManyStepsError):
        state.admit(update(99, 0, written), 99, 10)
    assert pack(state) == before

    state.admit(update(99, 0, written), 99)
    assert state.order.ends[state.order.writers[99]] == 1


def test_what_all_steps_of_a_text_may_cost_shows_before_it_is_used_up(monkeypatch):
    state = crowd(9)  # 0 + 1 + … + 8 steps
    monkeypatch.setitem(schema.MAX_STREAM, "steps", 40)
    assert state.size.share == pytest.approx(36 / 40)

    with pytest.raises(RefusedError, match="the text is too large"):
        state.admit(update(99, 0, string("x", **IN_TEXT)), 99)
    assert state.size.steps == state.order.steps == 36
    state.admit(typed(ANN, 7, "x"), ANN)


@pytest.mark.parametrize(
    "written",
    [
        lambda n: mark(f"{n:06}" * 20_000, {}, **IN_TEXT),
        lambda n: mark("link", {"href": f"{n:06}" * 1500}, **IN_TEXT),
        lambda n: attribute("lang", f"{n:06}" * 1500, parent=(ANN, 0)),
    ],
    ids=["a mark's name", "a mark's value", "an attribute's value"],
)
def test_nothing_long_is_remembered_of_what_is_refused(written):
    state = StreamState()
    state.admit(opening(), ANN)
    updates = [update(ANN, 7, written(n)) for n in range(200)]

    tracemalloc.start()
    for data in updates:
        with pytest.raises(RefusedError):
            state.admit(data, ANN)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept < 500_000
