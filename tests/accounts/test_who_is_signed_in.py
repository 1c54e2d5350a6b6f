"""The request of an open page whose text is not live: who is signed in, and nothing more."""

import pytest

from tests import cast
from workgroup.accounts import services
from workgroup.database import db

ASKED = "/account/who"


@pytest.mark.both_databases
def test_the_answer_is_small_and_costs_one_query(app, as_, counted_queries):
    hana = as_("hana")
    with app.app_context():
        number = cast.user_id("hana")

    with counted_queries() as seen:
        answer = hana.get(ASKED)

    assert answer.json["person"] == str(number)
    assert len(answer.data) < 200
    assert len(seen) == 1, seen  # who is signed in
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_signed_out_person_learns_nothing_and_gets_no_cookie(app):
    answer = app.test_client().get(ASKED)

    assert (answer.status_code, answer.data) == (204, b"")
    assert "Set-Cookie" not in answer.headers


def test_a_session_that_has_ended_is_nobodys(app, as_):
    hana = as_("hana")
    with app.app_context():
        services.end_sign_in(cast.uniquifier("hana"))
        db.session.commit()

    assert hana.get(ASKED).status_code == 204


def test_the_token_is_the_one_that_forms_of_this_session_need(app, as_):
    app.config["WTF_CSRF_ENABLED"] = True
    hana = as_("hana")
    fields = {"every_kind": "daily"}

    refused = hana.post("/account/mail", data=fields)
    token = hana.get(ASKED).json["token"]
    taken = hana.post("/account/mail", data=fields, headers={"X-CSRFToken": token})

    assert refused.status_code in {303, 400}  # not read
    assert taken.status_code == 422  # read, and only then found incomplete
