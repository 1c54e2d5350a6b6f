"""A page for everybody that was left open overnight is shown once more, filled, and never acts."""

import html
import re
from datetime import timedelta

import pytest
from itsdangerous.timed import TimestampSigner
from sqlalchemy import func, select

from tests import cast
from tests.core.test_coming_back import REASON, SIGN_IN, VOTE, form_of
from tests.furniture import furnish
from tests.test_authorization import ONE_CLICK
from workgroup.accounts.models import SignIn, User
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.jobs.models import Job

HOME = f"/c/{cast.SLUG}/"
TOO_OLD = "This page was open for a long time. Please send it again."
OVERNIGHT = timedelta(hours=13)  # a session's cookie counts for twelve


@pytest.fixture
def visitor(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", 1)
    return app.test_client()


@pytest.fixture
def overnight(monkeypatch):
    """Let the night pass for the signatures of cookies."""
    now = TimestampSigner.get_timestamp

    def pass_by():
        monkeypatch.setattr(
            TimestampSigner,
            "get_timestamp",
            lambda signer: now(signer) + int(OVERNIGHT.total_seconds()),
        )

    return pass_by


@pytest.fixture
def rows(app):
    """Count what a form could have made."""

    def count():
        with app.app_context():
            return [
                db.session.scalar(select(func.count()).select_from(table))
                for table in (SignIn, Job, Membership)
            ]

    return count


def hidden(page):
    """Return what the hidden fields of a page's forms hold."""
    fields = {}
    for field in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
        name, value = (
            re.search(rf'\s{one}="([^"]*)"', field) for one in ("name", "value")
        )
        fields[name[1]] = html.unescape(value[1]) if value else ""
    return fields


def credentials(name):
    return {"email": cast.address(name), "password": cast.PASSWORD}


def test_signing_in_from_a_page_of_yesterday(visitor, overnight, rows):
    address = f"{SIGN_IN}?next={HOME}report"
    page, before = visitor.get(address).text, rows()
    overnight()

    refused = visitor.post(address, data=hidden(page) | credentials("hana"))

    assert refused.status_code == 400
    assert TOO_OLD in refused.text
    assert f'value="{cast.address("hana")}"' in refused.text
    assert cast.PASSWORD not in refused.text
    assert rows() == before

    again = visitor.post(address, data=hidden(refused.text) | credentials("hana"))

    assert again.location == f"{HOME}report"


def test_an_invitation_accepted_on_a_page_of_yesterday(app, visitor, overnight, rows):
    with app.app_context():
        furnish(cast.SLUG, "OURS")
    address = f"/invitations/token-of-{cast.SLUG}"
    page, before = visitor.get(address).text, rows()
    typed = {
        "printed_name": "Nao Nakano",
        "time_zone": "Asia/Tokyo",
        "password": "a sentence nobody guesses",
    }
    overnight()

    refused = visitor.post(address, data=hidden(page) | typed)

    assert refused.status_code == 400
    assert TOO_OLD in refused.text
    assert 'value="Nao Nakano"' in refused.text
    assert re.search(r'<option selected[^>]*value="Asia/Tokyo"', refused.text)
    assert typed["password"] not in refused.text
    assert rows() == before

    again = visitor.post(address, data=hidden(refused.text) | typed)

    assert again.location == HOME
    with app.app_context():
        assert db.session.query(User).filter_by(printed_name="Nao Nakano").one()


def test_an_invitation_that_was_withdrawn_overnight(visitor):
    answer = visitor.post("/invitations/withdrawn", data={"csrf_token": "old"})

    assert answer.status_code == 410


def test_a_password_forgotten_on_a_page_of_yesterday(
    app, visitor, overnight, rows, monkeypatch
):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:1")
    address = "/account/reset"
    page, before = visitor.get(address).text, rows()
    typed = {"email": cast.address("hana")}
    overnight()

    refused = visitor.post(address, data=hidden(page) | typed)

    assert refused.status_code == 400
    assert TOO_OLD in refused.text
    assert f'value="{cast.address("hana")}"' in refused.text
    assert rows() == before

    visitor.post(address, data=hidden(refused.text) | typed)

    assert rows() != before


def test_a_new_password_set_on_a_page_of_yesterday(app, visitor):
    with app.app_context():
        token = furnish(cast.SLUG, "OURS").ids["reset_token"]
    address = f"/account/reset/{token}"
    visitor.get(address)
    typed = {"password": "a new sentence", "password_confirm": "a new sentence"}

    refused = visitor.post(address, data=typed | {"csrf_token": "old"})
    page = visitor.get(refused.location).text

    assert (refused.status_code, refused.location) == (303, address)
    assert TOO_OLD in page
    done = visitor.post(address, data=typed | hidden(page))
    assert done.location == "/account/sign-in"


def test_signing_out_after_the_session_has_ended_anyway(visitor):
    answer = visitor.post("/account/sign-out", data={"csrf_token": "old"})

    assert (answer.status_code, answer.location) == (303, SIGN_IN)


def test_signing_out_on_a_page_of_an_earlier_session_asks_to_press_again(visitor, as_):
    hana = as_("hana")

    answer = hana.post("/account/sign-out", data={"csrf_token": "old"})

    assert answer.location == "/"
    assert "Nothing was changed" in hana.get(HOME).text
    assert hana.get("/account/profile").status_code == 200


def test_a_vote_survives_two_nights(visitor, ballot, overnight, rows):
    """The session ended before the vote was sent, and again on the sign-in page."""
    ended = visitor.post(f"{HOME}ballots/{ballot}/vote", data=VOTE)
    address, carried = form_of(ended.text)
    before = rows()
    overnight()

    refused = visitor.post(address, data=carried | credentials("hana"))

    assert refused.status_code == 400
    assert TOO_OLD in refused.text
    assert html.escape(REASON, quote=False) in refused.text.replace("&#34;", '"')
    assert f'value="{cast.address("hana")}"' in refused.text
    assert rows() == before

    address, fields = form_of(refused.text)
    assert fields["returning_fields"] == carried["returning_fields"]
    back = visitor.post(address, data=fields | credentials("hana"))

    assert "Your form has not been sent yet" in back.text
    address, fields = form_of(back.text)
    shown = visitor.post(address, data=fields)
    assert re.search(r'<input[^>]*checked[^>]*value="object"', shown.text)


def test_a_vote_whose_sign_in_page_was_left_for_another_tab(visitor, ballot):
    """Signing in there and out again takes the token away."""
    ended = visitor.post(f"{HOME}ballots/{ballot}/vote", data=VOTE)
    address, carried = form_of(ended.text)
    other = visitor.get(SIGN_IN).text
    visitor.post(SIGN_IN, data=hidden(other) | credentials("hana"))
    visitor.post("/account/sign-out", data=hidden(visitor.get(HOME).text))

    refused = visitor.post(address, data=carried | credentials("hana"))

    assert hidden(refused.text)["returning_fields"] == carried["returning_fields"]


def test_a_vote_after_signing_in_in_another_tab(visitor, as_, ballot):
    ended = visitor.post(f"{HOME}ballots/{ballot}/vote", data=VOTE)
    address, carried = form_of(ended.text)

    back = as_("hana").post(address, data=carried | credentials("hana"))

    assert "Your form has not been sent yet" in back.text
    assert form_of(back.text)[0] == f"{HOME}ballots/{ballot}/vote"


def test_a_reason_that_is_carried_can_be_copied_from_a_refusal(visitor, ballot):
    """As when a password was tried too often."""
    ended = visitor.post(f"{HOME}ballots/{ballot}/vote", data=VOTE)
    address, carried = form_of(ended.text)
    wrong = credentials("hana") | {"password": "not the password"}

    for _ in range(6):
        refused = visitor.post(address, data=carried | wrong)

    assert refused.status_code == 429
    assert html.escape(REASON, quote=False) in refused.text.replace("&#34;", '"')


def test_every_public_form_knows_how_its_page_is_shown_again(app):
    policies = app.extensions["policies"]
    public = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and policies[rule.endpoint] == "public"
    }

    assert set(app.extensions["shown_again"]) == public - ONE_CLICK
