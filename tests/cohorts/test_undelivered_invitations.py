"""An invitation whose mail does not leave: the organizer sees it and can have it tried again."""

import pytest

from tests import cast
from workgroup.cohorts import queries
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.jobs import services as jobs
from workgroup.jobs.models import Job, JobState
from workgroup.mail import KIND

PEOPLE = f"/c/{cast.SLUG}/people"


@pytest.fixture
def invited(app, as_):
    """Olivia has invited somebody; the page with the link was shown once."""
    with app.app_context():
        cohort_id = db.session.get(Membership, 1).cohort_id
        delegation = queries.delegations(cohort_id)[0].id
    olivia = as_("olivia")
    form = {"email": "nao@new.example", "roles": ["member"], "delegation": delegation}
    assert olivia.post(f"{PEOPLE}/invite", data=form).status_code == 303
    olivia.get(PEOPLE)


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
