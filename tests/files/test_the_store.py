"""A content is stored once and whole, as long as something refers to it, and a day more."""

import hashlib
import threading
from datetime import timedelta
from io import BytesIO, RawIOBase

import pytest

from tests.deciding.building import person
from workgroup import clock
from workgroup.database import db
from workgroup.files import jobs, queries, services
from workgroup.files.models import FilePiece, FileReference, StoredFile
from workgroup.files.spool import PIECE_BYTES, TooLargeError

pytestmark = pytest.mark.both_databases

PDF = "application/pdf"
LONG = bytes(range(256)) * (2 * PIECE_BYTES // 256) + b"the end"
LATER = services.KEPT_UNUSED + timedelta(minutes=1)


class Trickle(RawIOBase):
    """A source as a network gives it: no going back."""

    def __init__(self, content):
        super().__init__()
        self.rest = BytesIO(content)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.rest.readinto(memoryview(buffer)[:1000])


def read(file, *span):
    return b"".join(queries.content(file, *span))


def collect_after(time):
    db.session.commit()
    with clock.pretend(clock.now() + time):
        jobs.collect()


@pytest.mark.parametrize("content", [b"", b"x", LONG[:PIECE_BYTES], LONG])
def test_what_is_put_is_read_back_to_the_byte(session, content):
    amy = person("amy").user_id

    file = services.put(BytesIO(content), PDF, amy)

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
    assert read(services.put(LONG, PDF, None), start, stop) == LONG[start:stop]


def test_the_same_content_is_stored_once_and_by_its_type(session):
    first = services.put(LONG, PDF, None)
    again = services.put(BytesIO(LONG), PDF, person("amy").user_id)
    other = services.put(LONG, "image/png", None)

    assert again is first
    assert other.id != first.id
    assert session.query(FilePiece).filter_by(file_id=first.id).count() == 3


def test_what_is_too_large_is_refused_without_being_read_or_written(session):
    source = BytesIO(b"x" * 10 * PIECE_BYTES)

    with pytest.raises(TooLargeError, match="larger than 1 MB"):
        services.put(source, PDF, None, limit=PIECE_BYTES * 4)

    assert source.tell() <= 5 * PIECE_BYTES
    assert session.query(StoredFile).count() == 0


def test_a_slow_source_is_read_before_the_transaction_begins(app):
    with app.app_context():
        file = services.put(Trickle(LONG), PDF, None)
        db.session.commit()
        assert read(file) == LONG

        person("amy")
        with pytest.raises(RuntimeError, match="before the transaction"):
            services.put(Trickle(b"x"), PDF, None)


def test_of_two_identical_puts_at_once_both_get_the_one_file(app):
    both_ready, got = threading.Barrier(2), []

    def put(number):
        with app.app_context():
            both_ready.wait(timeout=10)
            file = services.put(LONG, PDF, None)
            services.refer(file, "export", number)
            db.session.commit()
            got.append(file.id)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert len(got) == 2
    assert len(set(got)) == 1
    with app.app_context():
        [file] = db.session.query(StoredFile)
        assert read(file) == LONG
        assert db.session.query(FileReference).count() == 2


def test_a_file_goes_a_day_after_its_last_reference(session):
    file = services.put(LONG, PDF, None)
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


def test_a_file_that_nothing_ever_referred_to_goes_in_a_day(session):
    services.put(LONG, PDF, None)

    collect_after(timedelta(hours=23))
    assert session.query(StoredFile).count() == 1
    collect_after(LATER)

    assert session.query(StoredFile).count() == 0


def test_a_file_that_is_put_again_is_kept_a_day_from_then(session):
    services.put(LONG, PDF, None)
    session.commit()

    with clock.pretend(clock.now() + LATER):
        again = services.put(LONG, PDF, None)
        session.commit()
        jobs.collect()

    assert read(again) == LONG


def test_a_reference_to_a_file_that_is_gone_is_refused(session):
    file = services.put(LONG, PDF, None)
    session.commit()
    session.expunge(file)
    collect_after(LATER)

    with pytest.raises(services.FileGoneError):
        services.refer(file, "export", 1)


def test_a_reference_that_comes_while_its_file_is_collected_keeps_it(app):
    """The collector has looked already; the reference is committed before it deletes."""
    with app.app_context():
        file = services.put(LONG, PDF, None)
        db.session.commit()
    with app.app_context(), clock.pretend(clock.now() + LATER):
        assert queries.unused_since(clock.now() - services.KEPT_UNUSED, 9) == [file.id]
        db.session.rollback()
        with app.app_context():
            services.refer(file, "export", 1)
            db.session.commit()

        assert not services.delete_unused(file.id)
        assert read(file) == LONG


@pytest.mark.parametrize("data", [b"sho", b"shoRt", b""])
def test_a_file_that_is_not_what_was_put_is_found(session, data):
    whole, damaged = services.put(LONG, PDF, None), services.put(b"short", PDF, None)
    services.put(b"", PDF, None)
    session.query(FilePiece).filter_by(file_id=damaged.id).update({"data": data})

    assert queries.damaged() == [damaged.id]
    assert read(whole) == LONG


def test_a_file_whose_pieces_changed_places_or_are_gone_is_found(session):
    content = b"a" * PIECE_BYTES + b"b" * PIECE_BYTES
    mixed, gone = services.put(content, PDF, None), services.put(LONG, PDF, None)
    for number, new in ((0, 9), (1, 0), (9, 1)):
        pieces = session.query(FilePiece).filter_by(file_id=mixed.id)
        pieces.filter_by(number=number).update({"number": new})
    session.query(FilePiece).filter_by(file_id=gone.id).delete()

    assert queries.damaged() == [mixed.id, gone.id]
