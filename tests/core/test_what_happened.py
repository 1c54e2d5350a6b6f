"""Each act is recorded once, at the commit, however the transaction got there."""

import threading

import pytest
from sqlalchemy import text

from tests import cast
from tests.waiting import PATIENT
from workgroup import bus
from workgroup.acts import queries, services
from workgroup.acts.kinds import Act, changes
from workgroup.bus import Aspect
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.errors import DomainError
from workgroup.web import refusals_shown_in

pytestmark = pytest.mark.both_databases

THREADS = bus.topic(Aspect.THREADS, 7)
BALLOT = bus.topic(Aspect.BALLOT, 7)


class Form:
    """As much of a form as a refusal needs."""

    def __init__(self):
        self.form_errors = []


def comment(number=1, stream_id=7):
    services.note(Act.COMMENT_ADDED, number, by=1, cohort_id=1, stream_id=stream_id)


def log():
    return [
        (record.number, record.action, record.subject, record.actor)
        for record in queries.records_after(0, 100)
    ]


@pytest.fixture
def called():
    """The topics that listeners of this process were called with."""
    called = []
    bus.listen(called.append)
    yield called
    bus.unlisten(called.append)


def test_an_act_is_written_with_its_revision_and_calls_listeners_after_the_commit(
    session, called
):
    comment()
    comment(2)
    before = list(called)

    session.commit()

    assert before == []
    assert log() == [
        (1, "comment.added", "comment:1", "person:1"),
        (2, "comment.added", "comment:2", "person:1"),
    ]
    assert called == [THREADS]
    assert bus.revisions([THREADS, BALLOT]) == {THREADS: 1}


def test_what_is_rolled_back_has_not_happened(session, called):
    comment()
    session.rollback()
    session.commit()

    assert log() == []
    assert called == []
    assert bus.revisions([THREADS]) == {}


def test_no_listener_is_called_when_only_a_savepoint_is_released(session, called):
    with session.begin_nested():
        comment()
    released = list(called)
    session.rollback()

    assert released == []
    assert called == []
    assert log() == []


def test_a_released_savepoint_calls_listeners_at_the_commit(session, called):
    with session.begin_nested():
        comment()
    session.commit()

    assert called == [THREADS]
    assert len(log()) == 1


def test_an_act_inside_a_savepoint_that_was_undone_is_left_out(session):
    comment(1)
    undone = session.begin_nested()
    comment(2)
    with session.begin_nested():
        comment(3)
    undone.rollback()
    comment(4)

    session.commit()

    assert [subject for _, _, subject, _ in log()] == ["comment:1", "comment:4"]


def test_a_refusal_on_a_page_leaves_no_act(session, called):
    comment(1)
    form = Form()
    with refusals_shown_in(form) as refused:
        comment(2)
        raise DomainError("No.")
    session.commit()

    assert [str(error) for error in refused] == ["No."]
    assert [subject for _, _, subject, _ in log()] == ["comment:1"]
    assert called == [THREADS]


def test_a_page_that_writes_inside_a_savepoint_calls_listeners_once(app, as_, called):
    """The view runs its service under ``refusals_shown_in`` and commits after it."""
    people = bus.topic(Aspect.PEOPLE, 1)
    with app.app_context():
        amy = db.session.query(Membership).filter_by(id=2).one()
        page = f"/c/{cast.SLUG}/people/{amy.id}"
        place = {"delegation": amy.delegation_id, "roles": ["member", "organizer"]}

    answer = as_("olivia").post(page, data=place)

    assert answer.status_code == 303
    assert called == [people]
    with app.app_context():
        assert [act for _, act, _, _ in log()] == ["membership.changed"]


def test_what_the_worker_commits_calls_listeners(app, called):
    with app.app_context():
        comment()
        db.session.commit()

    assert called == [THREADS]


def test_a_commit_inside_a_savepoint_is_a_mistake_and_writes_nothing(session):
    session.begin_nested()
    comment()

    with pytest.raises(RuntimeError, match="savepoint"):
        session.commit()
    session.rollback()

    assert log() == []


def test_a_session_that_is_thrown_away_takes_its_acts_along(app):
    with app.app_context():
        comment()
    with app.app_context():
        db.session.commit()

        assert log() == []


def test_an_act_on_a_text_names_its_stream(session):
    with pytest.raises(ValueError, match="not named"):
        services.note(Act.VOTE_CAST, 1, by=1, cohort_id=1)


def test_every_act_that_changes_a_page_names_the_part(session):
    quiet = {
        Act.ACCOUNT_CREATED,
        Act.COHORT_FOUNDED,
        Act.COHORT_RENAMED,
        Act.AUDIT_LOG_VIEWED,
        Act.DELEGATION_ADDED,
        Act.DELEGATION_REMOVED,
        Act.SUBGROUP_ADDED,
        Act.SUBGROUP_CHANGED,
        Act.SUBGROUP_REMOVED,
        Act.INVITATION_SENT,
        Act.INVITATION_WITHDRAWN,
        Act.REPORT_CREATED,
        Act.TITLE_PAGE_CHANGED,
        Act.SECTION_ADDED,
        Act.SECTION_SHIFTED,
        Act.EXPORT_REQUESTED,
        Act.TEXT_UNREADABLE,  # the page itself notices when it reads the text
        Act.TEXT_READABLE,  # likewise
    }

    assert {act for act in Act if not changes(act)} == quiet


def test_a_cursor_reads_each_record_once(session):
    for number in range(1, 6):
        comment(number)
    session.commit()

    first = queries.records_after(0, 2)
    rest = queries.records_after(first[-1].number, 10)

    assert [record.number for record in [*first, *rest]] == [1, 2, 3, 4, 5]


def test_two_transactions_that_cross_both_end_and_fork_no_chain(app):
    """Each notes two acts on both texts, in opposite order, and commits together."""
    together = threading.Barrier(2, timeout=PATIENT)
    failed = []

    def work(*streams):
        with app.app_context():
            try:
                if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
                    db.session.execute(text("SET LOCAL deadlock_timeout = '100ms'"))
                for stream in streams:
                    comment(stream, stream)
                    services.note(
                        Act.VOTE_CAST, stream, by=1, cohort_id=1, stream_id=stream
                    )
                together.wait()
                db.session.commit()
            except Exception as error:  # noqa: BLE001 - reported by the assertion
                failed.append(error)
                db.session.rollback()

    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        together = threading.Barrier(1)  # SQLite has one writer: they cannot cross
    threads = [threading.Thread(target=work, args=order) for order in ((7, 8), (8, 7))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    with app.app_context():
        assert queries.first_altered() is None
        assert [record.number for record in queries.records_after(0, 100)] == list(
            range(1, 9)
        )
        topics = [
            bus.topic(aspect, s) for s in (7, 8) for aspect in ("threads", "ballot")
        ]
        assert bus.revisions(topics) == dict.fromkeys(topics, 2)


@pytest.mark.on_postgresql  # SQLite's writers are alone by nature: this is the chain's own lock
def test_the_chain_is_not_held_while_a_request_goes_on(app):
    """A slow request that has noted something keeps nobody else from committing."""
    noted, others_done = threading.Event(), threading.Event()

    def slow():
        with app.app_context():
            comment(1)
            db.session.flush()
            noted.set()
            others_done.wait(PATIENT)
            db.session.commit()

    thread = threading.Thread(target=slow)
    thread.start()
    noted.wait(PATIENT)
    with app.app_context():
        db.session.execute(text("SET LOCAL lock_timeout = '5s'"))
        comment(2, 8)
        db.session.commit()
        others_done.set()
        thread.join()

        assert [record.subject for record in queries.records_after(0, 9)] == [
            "comment:2",
            "comment:1",
        ]


def test_services_of_people_record_their_acts(session):
    olivia = session.query(Membership).filter_by(id=1).one()
    cohorts.add_subgroup(olivia, "Economic security")
    session.commit()

    [(_, action, subject, actor)] = log()
    assert (action, actor) == ("subgroup.added", f"person:{olivia.user_id}")
    assert subject.startswith("subgroup:")
