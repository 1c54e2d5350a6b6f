"""The log on both databases: contiguous, once, and never after a freeze."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests import cast
from tests.textlog.wire import ANN, BEN
from tests.waiting import PATIENT
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.textlog import queries, services
from workgroup.textlog.services import Batch, Entry

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stream(session):
    made = services.create_stream()
    session.commit()
    return made


def batch(stream, *entries, writers=None):
    return Batch(
        stream.id, stream.epoch, [Entry(*entry) for entry in entries], writers or {}
    )


def test_rows_are_numbered_after_the_seed_without_a_gap(session, stream, amy):
    services.append([batch(stream, (ANN, 1, b"a"), writers={ANN: amy.id})])
    session.commit()
    appended = services.append([batch(stream, (ANN, 2, b"b"), (ANN, 3, b"c"))])
    session.commit()

    assert appended[stream.id].first == 3
    rows = queries.rows_after(stream.id, 1)
    assert [(row.client_id, row.n, row.data) for row in rows] == [
        (ANN, 1, b"a"),
        (ANN, 2, b"b"),
        (ANN, 3, b"c"),
    ]
    assert queries.standing(stream.id).last_seq == 4
    assert queries.tag_at(stream.id, 4) == appended[stream.id].tag
    assert queries.last_numbers(stream.id, {ANN, BEN}) == {ANN: 3}
    assert queries.writers(stream.id)[ANN] == amy.id


def test_a_frozen_stream_accepts_nothing_and_its_neighbor_goes_on(session, stream, amy):
    other = services.create_stream()
    last = services.freeze(stream, by=cast.user_id("olivia"))
    session.commit()

    appended = services.append(
        [
            batch(stream, (ANN, 1, b"late"), writers={ANN: amy.id}),
            batch(other, (ANN, 1, b"in time"), writers={ANN: amy.id}),
        ]
    )
    session.commit()

    assert appended.keys() == {other.id}
    assert queries.rows_after(stream.id, last) == []
    assert queries.writers(stream.id).keys().isdisjoint({ANN})
    standing = queries.standing(stream.id)
    assert (standing.frozen, standing.frozen_by_id) == (True, cast.user_id("olivia"))


def test_a_second_freeze_is_refused_and_a_thawed_stream_accepts_words(
    session, stream, amy
):
    services.freeze(stream)
    with pytest.raises(services.AlreadyFrozenError, match="already frozen"):
        services.freeze(stream)
    services.thaw(stream)

    assert services.append([batch(stream, (ANN, 1, b"a"), writers={ANN: amy.id})])
    session.commit()


def test_another_epoch_accepts_nothing(session, stream, amy):
    other = Batch(stream.id, stream.epoch ^ 1, [Entry(ANN, 1, b"a")], {ANN: amy.id})

    assert services.append([other]) == {}


def test_what_another_process_stored_is_dropped_and_the_rest_kept(session, stream, amy):
    services.append(
        [batch(stream, (ANN, 1, b"a"), (ANN, 2, b"b"), writers={ANN: amy.id})]
    )
    session.commit()
    again = [
        batch(
            stream,
            *((ANN, n, data) for n, data in enumerate([b"a", b"b", b"c"], 1)),
            (BEN, 1, b"x"),
            writers={ANN: amy.id, BEN: amy.id},
        )
    ]

    with pytest.raises(IntegrityError):
        services.append(again)
    session.rollback()
    services.append(services.drop_already_stored(again))
    session.commit()

    rows = queries.rows_after(stream.id, 1)
    assert [row.data for row in rows] == [b"a", b"b", b"c", b"x"]


def test_a_client_id_that_somebody_else_took_loses_what_it_sent(session, stream, amy):
    others = session.scalars(select(User).where(User.id != amy.id)).first()
    services.append([batch(stream, (ANN, 1, b"a"), writers={ANN: others.id})])
    session.commit()

    kept = services.drop_already_stored(
        [batch(stream, (ANN, 1, b"b"), (BEN, 1, b"x"), writers={ANN: amy.id})]
    )

    assert [entry.data for entry in kept[0].entries] == [b"x"]


def test_keystrokes_and_a_freeze_never_cross(app, session, stream, amy):
    services.append([batch(stream, (ANN, 1, b"0"), writers={ANN: amy.id})])
    session.commit()
    stream_id, epoch = stream.id, stream.epoch
    session.rollback()
    stored, started = [], threading.Event()

    def type_on():
        for n in range(2, 400):
            with app.app_context():
                entry = Batch(stream_id, epoch, [Entry(ANN, n, b"x")])
                appended = services.append([entry])
                db.session.commit()
            if not appended:
                return
            stored.append(appended[stream_id].first)
            if n == 10:
                started.set()

    typist = threading.Thread(target=type_on)
    typist.start()
    started.wait(PATIENT)
    with app.app_context():
        last = services.freeze(db.session.get(type(stream), stream_id))
        db.session.commit()
    typist.join(PATIENT)

    assert max(stored) == last
    assert queries.standing(stream_id).last_seq == last
    assert len(queries.rows_after(stream_id, 0)) == last
