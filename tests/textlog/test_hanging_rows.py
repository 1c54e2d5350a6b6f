"""A row that the reader never comes to the end of is found by the clock, and set aside.

On one database: what is slow are the children, to which it is all the same where rows come from.
"""

import pytest

from tests.pace import measured
from tests.textlog.test_documents import texts
from tests.textlog.test_quarantine import no_cohort, stream, write
from tests.textlog.test_worst_texts import comment
from tests.textlog.wire import ANN, BEN, mark, opening, string, typed, update
from workgroup.textlog import documents, jobs, probing, queries

pytestmark = pytest.mark.real
__all__ = ["stream"]


def hanging(comments):
    """Comments on one letter, far more than the intake takes."""
    marks = [comment(thread) for thread in range(comments)]
    structs = [
        mark(*one, origin=(BEN, at - 1) if at else (ANN, 6))
        for at, one in enumerate(marks)
    ]
    for at, (name, _) in enumerate(marks):
        last = len(marks) + 2 * at - 1
        structs.append(string("x", origin=(BEN, last)))
        structs.append(mark(name, None, origin=(BEN, last + 1)))
    return update(BEN, 0, *structs)


# The first computes without an end; the second runs out of memory inside a lock, and
# sleeps forever.
@pytest.mark.parametrize(
    ("comments", "new", "children"),
    [(2500, 400, 3), (3000, 40, 2)],
    ids=["many new rows", "few"],
)
def test_a_row_that_hangs_the_reader_is_set_aside_within_ten_seconds(
    session, stream, amy, monkeypatch, comments, new, children
):
    letters = [(ANN, typed(ANN, 7 + at, "x")) for at in range(99 + new)]
    rows = [(ANN, opening()), *letters[:-1], (BEN, hanging(comments)), letters[-1]]
    probe = jobs.Probe(no_cohort)
    write(session, stream, amy, rows[:100])
    probe.run()
    write(session, stream, amy, rows[100:], since=rows[:100])
    hung, hangs = [], probing._hangs  # noqa: SLF001 - which of its children slept
    monkeypatch.setattr(
        probing, "_hangs", lambda child: hung.append(hangs(child)) or hung[-1]
    )

    with measured() as spent:
        probe.run()

    session.expire_all()
    assert [one.seq for one in queries.set_aside(stream.id)] == [99 + new + 1]
    whole = "Hello" + (99 + new) * "x"
    assert texts(documents.read_document(stream, wait=60)) == [whole]
    # Of the processor: by the clock it would say how busy the machine is.
    asleep = sum(hung) * probing.STALL_SECONDS
    assert len(hung) - children in (0, 1)  # one more reads what is left
    assert jobs.PROBED_EVERY.total_seconds() + spent.by_children + asleep < 10
