"""An invitation whose mail does not leave: the organizer sees it and can have it tried again."""

from datetime import timedelta

import pytest

from tests import cast
from workgroup import clock
from workgroup.cohorts import queries
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.jobs import services as jobs
from workgroup.jobs.models import Job, JobState
from workgroup.mail import KIND

PEOPLE = f"/c/{cast.SLUG}/people"


AGAIN = f"/c/{cast.SLUG}/invitations/1/mail"
SEND_AGAIN = "Send the e-mail again"


@pytest.fixture
def invited(app, as_):
    """Olivia has invited somebody; the page with the link was shown once."""
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"  # where mail leaves, later
    with app.app_context():
        cohort_id = db.session.get(Membership, 1).cohort_id
        delegation = queries.delegations(cohort_id)[0].id
    olivia = as_("olivia")
    form = {"email": "nao@new.example", "roles": ["member"], "delegation": delegation}
    assert olivia.post(f"{PEOPLE}/invite", data=form).status_code == 303
    olivia.get(PEOPLE)


def give_up(app):
    """Let the mail fail as often as it is tried."""
    with app.app_context():
        mail = the_mail()
        mail.attempts = 10
        jobs.fail(mail, "SMTPRecipientsRefused", KIND)
        db.session.commit()


def state_of_the_mail(app):
    with app.app_context():
        return the_mail().state


def the_mail():
    return db.session.query(Job).filter_by(kind="mail").one()


@pytest.mark.parametrize(
    ("tries", "sentence"),
    [
        (1, "The e-mail has not been sent yet"),
        (10, "could not deliver the e-mail"),
    ],
)
def test_the_organizer_sees_whose_invitation_was_not_delivered(
    app, as_, invited, tries, sentence
):
    before = as_("olivia").get(PEOPLE).text
    with app.app_context():
        mail = the_mail()
        mail.attempts = tries
        jobs.fail(mail, "SMTPRecipientsRefused", KIND)
        db.session.commit()

    after = as_("olivia").get(PEOPLE).text

    assert sentence not in before
    assert sentence in after
    assert sentence not in as_("amy").get(PEOPLE).text


def test_the_organizer_sends_an_undelivered_mail_again(app, as_, invited):
    olivia, address = as_("olivia"), f"/c/{cast.SLUG}/invitations/1/mail"
    too_early = olivia.post(address)
    with app.app_context():
        mail = the_mail()
        words, mail.attempts = mail.payload["body"], 10
        jobs.fail(mail, "SMTPRecipientsRefused", KIND)
        db.session.commit()
    assert f'action="{address}"' in olivia.get(PEOPLE).text

    answer = olivia.post(address)

    assert too_early.status_code == 409
    assert answer.status_code == 303
    assert f'action="{address}"' not in olivia.get(PEOPLE).text
    with app.app_context():
        mail = the_mail()
        assert (mail.state, mail.attempts) == (JobState.WAITING, 0)
        assert mail.payload["body"] == words


@pytest.mark.parametrize(
    ("meanwhile", "later"),
    [
        (lambda olivia: olivia.post(f"/c/{cast.SLUG}/invitations/1/withdraw"), 0),
        (lambda olivia: olivia.post(f"/c/{cast.SLUG}/invitations/1/again"), 0),
        (lambda _: None, 8),
    ],
    ids=["withdrawn", "replaced", "too old"],
)
def test_a_mail_whose_link_no_longer_works_is_not_sent_again(
    app, as_, invited, meanwhile, later
):
    give_up(app)
    olivia = as_("olivia")
    meanwhile(olivia)

    with clock.pretend(clock.now() + timedelta(days=later)):
        answer = as_("olivia").post(AGAIN)
        page = as_("olivia").get(PEOPLE)

    assert answer.status_code == 409
    assert "no longer works" in answer.text
    assert "Create a new link" in answer.text
    assert SEND_AGAIN not in page.text
    with app.app_context():
        old = db.session.query(Job).filter_by(key="mail:invitation-1").one()
        assert old.state is JobState.DEAD


def test_where_no_mail_leaves_a_new_link_is_offered_instead(app, as_, invited):
    give_up(app)
    app.config["SMTP_URL"] = ""
    olivia = as_("olivia")

    page = olivia.get(PEOPLE)
    answer = olivia.post(AGAIN)

    assert SEND_AGAIN not in page.text
    assert "this server does not send e-mail now" in page.text
    assert "New link" in page.text
    assert answer.status_code == 409
    assert "Create a new link and send it to nao@new.example yourself." in answer.text
    assert state_of_the_mail(app) is JobState.DEAD
