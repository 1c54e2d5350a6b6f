"""A file is written and deleted in parts; until the last one, and from the first, it is no file."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest

from tests.files.storing import PDF, put
from tests.waiting import PATIENT
from workgroup import clock, doctor
from workgroup.database import db
from workgroup.files import jobs, queries, services
from workgroup.files.models import FilePiece, FileReference, StoredFile
from workgroup.files.spool import PIECE_BYTES, spooled
from workgroup.findings import Grade

pytestmark = pytest.mark.both_databases

PIECES = 40
CONTENT = b"".join(bytes([number]) * PIECE_BYTES for number in range(PIECES))
LATER = services.KEPT_UNUSED + timedelta(minutes=1)


def read(file):
    return b"".join(queries.content(file))


def collect_after(time):
    db.session.commit()
    with clock.pretend(clock.now() + time):
        jobs.collect()


def begun():
    """Write the first part as a process that is killed after it; return the row."""
    db.session.commit()
    with spooled(BytesIO(CONTENT)) as spool:
        next(services.put(spool, PDF, None))
        db.session.commit()
    return db.session.query(StoredFile).one()


def what_the_doctor_finds():
    found = [one for one in doctor.database() if one.grade is Grade.BAD]
    db.session.rollback()
    return found


def test_what_was_left_unfinished_is_no_file_and_is_deleted_after_a_day(session):
    left = begun()

    assert 0 < session.query(FilePiece).count() < PIECES
    assert what_the_doctor_finds() == []
    with pytest.raises(services.FileGoneError):
        services.refer(left, "export", 1)
    collect_after(timedelta(hours=23))
    assert session.query(StoredFile).count() == 1
    collect_after(LATER)
    assert session.query(StoredFile).count() == 0
    assert session.query(FilePiece).count() == 0


def test_what_was_left_unfinished_does_not_stand_for_the_same_content(session):
    left = begun()

    file = put(CONTENT)
    services.refer(file, "export", 1)
    assert file.id != left.id
    assert queries.find_file("export", 1) is file
    collect_after(LATER)

    assert read(file) == CONTENT
    assert session.query(FilePiece).count() == PIECES


def test_a_file_is_gone_from_the_first_part_of_its_deletion_on(session):
    file = put(CONTENT)
    session.commit()
    with clock.pretend(clock.now() + LATER):
        services.delete_part(file.id)
        session.commit()

    assert 0 < session.query(FilePiece).count() < PIECES
    assert what_the_doctor_finds() == []
    with pytest.raises(services.FileGoneError):
        services.refer(file, "export", 1)
    again = put(CONTENT)
    assert again.id != file.id
    session.commit()
    jobs.collect()
    assert [one.id for one in session.query(StoredFile)] == [again.id]
    assert read(again) == CONTENT
    assert session.query(FilePiece).count() == PIECES


def test_a_writer_that_slept_for_a_day_does_not_finish_what_was_deleted(session):
    session.commit()
    with spooled(BytesIO(CONTENT)) as spool:
        parts = services.put(spool, PDF, None)
        next(parts)
        session.commit()
        file = session.query(StoredFile).one()
        session.commit()
        with clock.pretend(clock.now() + LATER):
            services.delete_part(file.id)
            session.commit()

        with pytest.raises(services.FileGoneError):
            next(parts)


@pytest.mark.parametrize("pieces", [3, PIECES])
def test_of_two_that_put_the_same_content_side_by_side_one_file_remains(app, pieces):
    content = CONTENT[: pieces * PIECE_BYTES]
    abreast, got = threading.Barrier(2), []

    def put_and_refer(number):
        with app.app_context():
            file = put(content, after_each=lambda: abreast.wait(timeout=PATIENT))
            services.refer(file, "export", number)
            db.session.commit()
            got.append(file.id)

    threads = [
        threading.Thread(target=put_and_refer, args=(number,)) for number in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENT)

    assert len(got) == 2
    assert len(set(got)) == 1
    with app.app_context():
        jobs.collect()
        [file] = db.session.query(StoredFile)
        assert read(file) == content
        assert db.session.query(FilePiece).count() == pieces
        assert db.session.query(FileReference).count() == 2


def test_a_file_is_put_outside_any_transaction_and_each_part_is_committed(session):
    session.query(StoredFile).count()
    with spooled(BytesIO(CONTENT)) as spool:
        with pytest.raises(RuntimeError, match="outside any transaction"):
            next(services.put(spool, PDF, None))
        session.rollback()

        parts = services.put(spool, PDF, None)
        next(parts)
        with pytest.raises(RuntimeError, match="commit each part"):
            next(parts)
