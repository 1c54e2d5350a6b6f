"""Signing out ends the session on the server; nothing that was copied opens a page."""

import time
from datetime import timedelta

import pytest
from itsdangerous import SignatureExpired, TimestampSigner
from sqlalchemy import select

from tests import cast
from tests.live.editors import write_section
from workgroup import clock
from workgroup.accounts.browsers import browser_name
from workgroup.accounts.models import SignIn
from workgroup.database import db
from workgroup.live import queries
from workgroup.live.queries import SeatRequest
from workgroup.web import Signer

pytestmark = [pytest.mark.both_databases]
NEW = "another good one here"


@pytest.fixture
def section(app):
    with app.app_context():
        made = write_section()
        db.session.commit()
        return made


def signed_in(app, name="hana", **more):
    client = app.test_client()
    typed = {"email": cast.address(name), "password": cast.PASSWORD, **more}
    assert client.post("/account/sign-in", data=typed).status_code == 302
    return client


def thief_of(app, client):
    """Somebody with a copy of all cookies."""
    thief = app.test_client()
    thief.set_cookie("session", client.get_cookie("session").value)
    return thief


def opens(client):
    return client.get("/account/profile").status_code == 200


def key_of(client):
    with client.session_transaction() as cookie:
        return cookie["_user_id"]


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app):
    hana = signed_in(app)
    thief = thief_of(app, hana)
    assert opens(thief)

    hana.post("/account/sign-out")

    assert not opens(thief)
    assert not opens(hana)


def test_a_copied_cookie_opens_no_socket_after_signing_out(app, section):
    hana = signed_in(app)
    request = SeatRequest(key_of(hana), cast.SLUG, section.id)
    with app.app_context():
        assert queries.find_seat(request) is not None

    hana.post("/account/sign-out")

    with app.app_context():
        assert queries.find_seat(request) is None
        assert not queries.is_signed_in(request.key)


def test_signing_out_here_leaves_the_other_browser_signed_in(app):
    office, home = signed_in(app), signed_in(app)

    office.post("/account/sign-out")

    assert opens(home)


def test_a_new_password_ends_all_sessions_but_this_one(app):
    office, home = signed_in(app), signed_in(app)
    changed = {
        "password": cast.PASSWORD,
        "new_password": NEW,
        "new_password_confirm": NEW,
    }

    office.post("/account/change", data=changed)

    assert opens(office)
    assert not opens(home)


def test_signing_in_again_ends_what_this_browser_had_before(app):
    hana = signed_in(app)
    thief = thief_of(app, hana)
    typed = {"email": cast.address("amy"), "password": cast.PASSWORD}

    hana.post("/account/sign-out")
    hana.post("/account/sign-in", data=typed)

    assert opens(hana)
    assert not opens(thief)


def test_a_session_ends_twelve_hours_after_the_password(app):
    hana = signed_in(app)
    began = clock.now()

    with clock.pretend(began + timedelta(hours=11, minutes=59)):
        assert opens(hana)
    with clock.pretend(began + timedelta(hours=12, minutes=1)):
        assert not opens(hana)


@pytest.fixture
def set_clock(monkeypatch):
    """Let the clock that cookies are signed by be late or early, by a number of seconds."""

    def write(seconds):
        at = int(time.time()) + seconds
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: at)

    return write


def test_a_sign_in_counts_although_the_clock_was_set_back_since(app, set_clock):
    hana = signed_in(app)

    set_clock(-3600)
    with clock.pretend(clock.now() - timedelta(hours=1)):
        assert opens(hana)


def test_a_cookie_that_is_too_old_is_refused(set_clock):
    set_clock(-100)
    signed = Signer("key").sign("words")

    set_clock(0)
    assert Signer("key").unsign(signed, max_age=200) == b"words"
    with pytest.raises(SignatureExpired):
        Signer("key").unsign(signed, max_age=50)


def test_the_table_holds_no_key_that_opens_anything(app):
    hana = signed_in(app)

    with app.app_context():
        stored = [
            str(value)
            for row in db.session.execute(select(SignIn.__table__)).all()
            for value in row
        ]

    assert key_of(hana) not in stored
    for value in stored:
        guesser = app.test_client()
        with guesser.session_transaction() as cookie:
            cookie["_user_id"] = value
        if not value.startswith("cast-"):
            assert not opens(guesser)


def test_nothing_is_remembered_beyond_the_session(app):
    hana = signed_in(app, remember="y")

    assert hana.get_cookie("remember_token") is None
    assert hana.get_cookie("session").expires is None


def test_a_cookie_from_elsewhere_does_not_make_a_new_password_remembered(app):
    """Flask-Security renews such a cookie, whatever it holds, and it would outlive the sign-in."""
    hana = signed_in(app)
    hana.set_cookie("remember_token", "of an older program")
    chosen = "another sentence nobody guesses"

    answer = hana.post(
        "/account/change",
        data={
            "password": cast.PASSWORD,
            "new_password": chosen,
            "new_password_confirm": chosen,
        },
    )

    assert answer.status_code == 302
    assert not any(
        "remember_token" in sent for sent in answer.headers.getlist("Set-Cookie")
    )


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"json": {"email": cast.address("hana"), "password": cast.PASSWORD}}, 415),
        ({"headers": {"Accept": "application/json"}}, 406),
    ],
)
def test_programs_get_no_session_and_no_token(app, options, status):
    client = app.test_client()

    answer = client.post("/account/sign-in?include_auth_token", **options)

    assert answer.status_code == status
    assert "Open this page in a browser" in answer.text
    assert not opens(client)


def test_a_token_of_flask_security_opens_nothing(app):
    with app.test_request_context():
        found = app.extensions["security"].datastore.find_user(
            email=cast.address("hana")
        )
        token = found.get_auth_token()
    client = app.test_client()

    by_header = client.get("/account/profile", headers={"Authentication-Token": token})
    by_address = client.get(f"/account/profile?auth_token={token}")

    assert by_header.status_code == by_address.status_code == 302


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Firefox/128.0", "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; …) Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux) Chrome/140 Safari/537", "Chrome on Linux"),
        ("Mozilla/5.0 (Macintosh; Mac OS X) Chrome/1 Edg/1", "Edge on Mac"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_without_its_version(sent, shown):
    assert browser_name(sent) == shown
