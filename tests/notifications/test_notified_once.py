"""Each act makes its notices exactly once, wherever the reading of the log breaks off."""

import pytest
from sqlalchemy import func, select, update

from tests.deciding.building import a_ballot, person
from tests.notifications.notices import notices, write_notices
from workgroup import doctor
from workgroup.acts.models import AuditRecord
from workgroup.database import db
from workgroup.jobs.models import Job
from workgroup.notifications import jobs, log_reader, queries, services
from workgroup.notifications.kinds import FORMAT, MailState
from workgroup.notifications.models import LogCursor, Notice

pytestmark = pytest.mark.both_databases


class PowerCutError(Exception):
    """The process ends here."""


def cut(*_):
    raise PowerCutError


def cursor():
    return db.session.scalar(select(LogCursor.number))


def newest():
    return db.session.scalar(select(func.max(AuditRecord.number)))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (log_reader, "_write"),  # the cursor is locked, nothing is written
        (log_reader, "_settle"),  # the notices of one act are written
        (services, "refresh_pages"),  # all is written, the cursor has moved
    ],
)
def test_work_that_was_cut_off_leaves_nothing_and_notifies_once_later(
    session, monkeypatch, module, name
):
    a_ballot()
    session.commit()

    with monkeypatch.context() as broken:
        broken.setattr(module, name, cut)
        with pytest.raises(PowerCutError):
            jobs.write_notices()
    session.rollback()
    left = session.scalar(select(func.count(Notice.id)))
    jobs.write_notices()

    assert left == 0
    assert notices() == {(name, "ballot-opened") for name in ("amy", "hana", "minjun")}
    assert session.scalar(select(func.count(Notice.id))) == 3
    assert cursor() == newest()


def test_a_log_that_is_read_again_from_its_beginning_notifies_nobody_twice(session):
    a_ballot()
    session.commit()
    write_notices()

    session.get(LogCursor, log_reader.READER).number = 0
    session.commit()
    write_notices()

    assert session.scalar(select(func.count(Notice.id))) == 3


def test_the_log_is_read_in_parts_and_none_is_left_out(session, monkeypatch):
    monkeypatch.setattr(log_reader, "AT_ONCE", 2)
    for number in range(4):
        a_ballot(f"Section {number}")
    session.commit()

    jobs.write_notices()

    assert session.scalar(select(func.count(Notice.id))) == 4 * 3
    assert queries.lag(log_reader.READER) is None


def test_the_doctor_reports_a_log_that_nobody_reads(session, monkeypatch):
    a_ballot()
    session.commit()
    fresh = [one.sentence for one in doctor.examine() if "No notices" in one.sentence]
    session.rollback()

    monkeypatch.setattr(doctor, "MAX_LAG", -doctor.MAX_LAG)
    stale = [one.sentence for one in doctor.examine() if "No notices" in one.sentence]
    session.rollback()

    assert fresh == []
    assert len(stale) == 1
    assert "No notices were written for the last" in stale[0]


def test_a_notice_of_a_later_program_is_neither_half_read_nor_mailed(app, session):
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    a_ballot()
    session.commit()
    write_notices()
    hana = person("hana").user_id
    assert (
        len(queries.notices(hana, 9)) == queries.bell(hana, queries.Here()).unread == 1
    )

    session.execute(update(Notice).values(format=FORMAT + 1))
    session.commit()
    jobs.mail_at_once()

    assert queries.notices(hana, 9) == []
    assert queries.bell(hana, queries.Here()).unread == 0
    assert set(session.scalars(select(Notice.mail))) == {MailState.WAITING}
    assert session.scalars(select(Job)).all() == []
