"""Mail that could not be delivered for a day: what the rows say, and how it is tried again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast
from tests.deciding.building import person
from tests.notifications.given_up import a_ballot_whose_mails_fail, vote, work
from tests.notifications.work import HANA
from workgroup import doctor
from workgroup.database import db
from workgroup.jobs.models import Job, JobState
from workgroup.jobs.schedule import OUTDATED
from workgroup.notifications import queries
from workgroup.notifications.kinds import MailState
from workgroup.notifications.models import Notice

AMY = cast.address("amy")


@pytest.fixture
def given_up(app, post, deliver):
    """The moment at which the mails about a ballot were given up; the server is back since."""
    return a_ballot_whose_mails_fail(app, post, deliver)


def mails(app):
    """Return how each person's notice of the ballot was mailed."""
    with app.app_context():
        return set(db.session.scalars(select(Notice.mail)))


def revive_all(app, at):
    revived = app.test_cli_runner().invoke(args=["jobs", "revive", "--mail"])
    work(app, at)
    return revived.output


def ends(app):
    with app.app_context():
        jobs = db.session.scalars(select(Job))
        return {job.payload["to"]: (job.state, job.error) for job in jobs}


@pytest.mark.both_databases
def test_notices_whose_mail_was_given_up_are_unread_and_not_marked_as_sent(
    app, given_up
):
    assert mails(app) == {MailState.NONE}
    with app.app_context():
        assert {job.state for job in db.session.scalars(select(Job))} == {JobState.DEAD}
        hana = person("hana").user_id
        assert queries.bell(hana, queries.Here()).unread == 1


@pytest.mark.both_databases
def test_the_operator_has_all_mail_tried_again_that_is_still_true(app, post, given_up):
    with app.app_context():
        vote("hana")
        db.session.commit()

    output = revive_all(app, given_up)

    assert "if still true: 3" in output
    assert post.to(HANA) == []
    assert len(post.to(AMY)) == 1
    assert ends(app)[HANA] == (JobState.DONE, OUTDATED)
    assert ends(app)[AMY] == (JobState.DONE, "")
    assert mails(app) == {MailState.NONE, MailState.SENT}


def test_mail_that_was_given_up_long_ago_does_not_leave(app, post, given_up):
    revive_all(app, given_up + timedelta(days=2))

    assert post.messages == []
    assert set(ends(app).values()) == {(JobState.DONE, OUTDATED)}


def test_the_doctor_names_the_command_until_nothing_is_given_up(app, given_up):
    def advised():
        with app.app_context():
            found = [one.sentence for one in doctor.examine()]
            db.session.rollback()
            return any("`flask jobs revive --mail`" in one for one in found)

    before = advised()
    revive_all(app, given_up)

    assert before
    assert not advised()


@pytest.mark.parametrize("arguments", [[], ["1", "--mail"]])
def test_reviving_takes_one_job_or_all_mail(app, arguments):
    refused = app.test_cli_runner().invoke(args=["jobs", "revive", *arguments])

    assert refused.exit_code == 2
    assert "Name one job, or use --mail" in refused.output
