"""A content is stored once and whole, as long as something refers to it, and a day more."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest

from tests.deciding.building import person
from tests.files.storing import PDF, put
from workgroup import clock
from workgroup.database import db
from workgroup.files import jobs, queries, services
from workgroup.files.models import FilePiece, StoredFile
from workgroup.files.spool import PIECE_BYTES, TooLargeError, spooled

pytestmark = pytest.mark.both_databases

LONG = bytes(range(256)) * (2 * PIECE_BYTES // 256) + b"the end"
LATER = services.KEPT_UNUSED + timedelta(minutes=1)


def read(file, *span):
    return b"".join(queries.content(file, *span))


def collect_after(time):
    db.session.commit()
    with clock.pretend(clock.now() + time):
        jobs.collect()


@pytest.mark.parametrize("content", [b"", b"x", LONG[:PIECE_BYTES], LONG])
def test_what_is_put_is_read_back_to_the_byte(session, content):
    amy = person("amy").user_id

    file = put(content, by=amy)

    assert read(file) == content
    assert (file.size, file.media_type) == (len(content), PDF)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.created_by_id == amy
    sizes = [len(piece.data) for piece in session.query(FilePiece)]
    assert max(sizes, default=0) <= PIECE_BYTES
    assert len(sizes) == -(-len(content) // PIECE_BYTES)


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (0, 1),
        (PIECE_BYTES - 1, PIECE_BYTES + 1),
        (5, len(LONG) - 5),
        (9, 10**9),
        (7, 7),
    ],
)
def test_any_range_of_it_can_be_read(session, start, stop):
    assert read(put(LONG), start, stop) == LONG[start:stop]


def test_the_same_content_is_stored_once_and_by_its_type(session):
    first = put(LONG)
    again = put(LONG, by=person("amy").user_id)
    other = put(LONG, "image/png")

    assert again is first
    assert other.id != first.id
    assert session.query(FilePiece).filter_by(file_id=first.id).count() == 3


def test_what_is_too_large_is_refused_without_being_read_or_written(session):
    source = BytesIO(b"x" * 10 * PIECE_BYTES)

    with pytest.raises(TooLargeError, match="larger than 1 MB"):
        spooled(source, PIECE_BYTES * 4).__enter__()

    assert source.tell() <= 5 * PIECE_BYTES
    assert session.query(StoredFile).count() == 0


def test_a_file_goes_a_day_after_its_last_reference(session):
    file = put(LONG)
    services.refer(file, "export", 1)
    services.refer(file, "figure", 1)

    collect_after(LATER)
    services.release("export", 1)
    collect_after(LATER)
    assert queries.find_file("figure", 1) is file
    assert queries.find_file("export", 1) is None
    services.release("figure", 1)
    collect_after(LATER - timedelta(minutes=2))
    assert session.query(StoredFile).count() == 1
    collect_after(LATER)

    assert session.query(StoredFile).count() == 0
    assert session.query(FilePiece).count() == 0


def test_a_file_that_was_in_use_for_long_is_kept_a_day_from_its_release(session):
    services.refer(put(LONG), "export", 1)
    session.commit()

    with clock.pretend(clock.now() + timedelta(days=10)):
        services.release("export", 1)
        collect_after(timedelta(hours=23))
        kept = session.query(StoredFile).count()
        collect_after(LATER)

    assert kept == 1
    assert session.query(StoredFile).count() == 0


def test_a_file_that_nothing_ever_referred_to_goes_in_a_day(session):
    put(LONG)

    collect_after(timedelta(hours=23))
    assert session.query(StoredFile).count() == 1
    collect_after(LATER)

    assert session.query(StoredFile).count() == 0


def test_a_file_that_is_put_again_is_kept_a_day_from_then(session):
    put(LONG)
    session.commit()

    with clock.pretend(clock.now() + LATER):
        again = put(LONG)
        session.commit()
        jobs.collect()

    assert read(again) == LONG


def test_a_reference_to_a_file_that_is_gone_is_refused(session):
    file = put(LONG)
    session.commit()
    session.expunge(file)
    collect_after(LATER)

    with pytest.raises(services.FileGoneError):
        services.refer(file, "export", 1)


def test_a_reference_that_comes_while_its_file_is_collected_keeps_it(app):
    """The collector has looked already; the reference is committed before it deletes."""
    with app.app_context():
        file = put(LONG)
        db.session.commit()
    with app.app_context(), clock.pretend(clock.now() + LATER):
        assert queries.find_unused(clock.now() - services.KEPT_UNUSED) == file.id
        db.session.rollback()
        with app.app_context():
            services.refer(file, "export", 1)
            db.session.commit()

        services.delete_part(file.id)
        assert read(file) == LONG
        assert queries.find_file("export", 1).id == file.id


@pytest.mark.parametrize("data", [b"sho", b"shoRt", b""])
def test_a_file_that_is_not_what_was_put_is_found(session, data):
    whole, damaged = put(LONG), put(b"short")
    put(b"")
    session.query(FilePiece).filter_by(file_id=damaged.id).update({"data": data})

    assert queries.damaged() == [damaged.id]
    assert read(whole) == LONG


def test_a_file_whose_pieces_changed_places_or_are_gone_is_found(session):
    content = b"a" * PIECE_BYTES + b"b" * PIECE_BYTES
    mixed, gone = put(content), put(LONG)
    for number, new in ((0, 9), (1, 0), (9, 1)):
        pieces = session.query(FilePiece).filter_by(file_id=mixed.id)
        pieces.filter_by(number=number).update({"number": new})
    session.query(FilePiece).filter_by(file_id=gone.id).delete()

    assert queries.damaged() == [mixed.id, gone.id]
