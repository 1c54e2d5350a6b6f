"""An organizer sees how many mails about notices could not be delivered, and has them tried again."""

from datetime import timedelta

import pytest

from tests import cast
from tests.deciding.building import person
from tests.notifications.given_up import a_ballot_whose_mails_fail, vote, work
from workgroup import clock
from workgroup.cohorts import services as cohorts
from workgroup.database import db

PEOPLE = f"/c/{cast.SLUG}/people"
AGAIN = f"{PEOPLE}/mail"
BUTTON = "Send what is still current"
THREE = "3 e-mails about notices could not be delivered"
HANA, AMY = cast.address("hana"), cast.address("amy")


@pytest.fixture
def given_up(app, post, deliver):
    """The moment at which three mails were given up; the server is back since."""
    return a_ballot_whose_mails_fail(app, post, deliver)


def test_only_an_organizer_of_the_cohort_sees_how_many_and_not_whose(
    app, as_, given_up
):
    with clock.pretend(given_up):
        page = as_("olivia").get(PEOPLE).text
        members = as_("amy").get(PEOPLE).text
        elsewhere = as_("sam").get(f"/c/{cast.OTHER_SLUG}/people").text

    panel = page.partition('id="given-up"')[2].partition("</section>")[0]
    assert THREE in panel
    assert BUTTON in panel
    assert not any(one.printed in panel for one in cast.PEOPLE)
    assert 'id="given-up"' not in members + elsewhere


def test_the_organizer_has_them_sent_again(app, as_, post, given_up):
    with clock.pretend(given_up):
        answer = as_("olivia").post(AGAIN, follow_redirects=True)
        work(app, given_up)
        after = as_("olivia").get(PEOPLE).text

    assert "3 e-mails are being sent again." in answer.text
    assert len(post.to(HANA)) == len(post.to(AMY)) == 1
    assert 'id="given-up"' not in answer.text + after


def test_only_what_is_still_true_is_sent_again(app, as_, post, given_up):
    with app.app_context(), clock.pretend(given_up):
        vote("hana")
        cohorts.remove(person("olivia"), person("minjun"))
        db.session.commit()

    with clock.pretend(given_up):
        answer = as_("olivia").post(AGAIN, follow_redirects=True)
        work(app, given_up)

    assert "One e-mail is being sent again." in answer.text
    assert {mail["To"] for mail in post.messages} == {AMY}


@pytest.mark.parametrize(
    ("days", "shown"), [(2, True), (8, False)], ids=["lately", "long ago"]
)
def test_what_is_too_old_to_be_sent_has_no_button(app, as_, given_up, days, shown):
    with clock.pretend(given_up + timedelta(days=days)):
        page = as_("olivia").get(PEOPLE).text
        answer = as_("olivia").post(AGAIN)

    assert (THREE in page) == shown
    assert BUTTON not in page
    assert answer.status_code == 409
    assert "There is no e-mail left to send again." in answer.text


def test_where_no_mail_leaves_nobody_is_promised_any(app, as_, given_up):
    app.config["SMTP_URL"] = ""

    with clock.pretend(given_up):
        page = as_("olivia").get(PEOPLE).text
        answer = as_("olivia").post(AGAIN)

    assert THREE in page
    assert BUTTON not in page
    assert answer.status_code == 409
    assert "This server does not send e-mail now." in answer.text
