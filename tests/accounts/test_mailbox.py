"""An address has one normal form: for counting tries, for looking it up, for storing it."""

# ruff: noqa: RUF001  # letters that look alike are what this is about

import pytest
from sqlalchemy import select

from tests import cast
from workgroup.accounts.mailbox import normal_address
from workgroup.accounts.models import User
from workgroup.accounts.services import AddressTakenError, create_user
from workgroup.database import db

WRITTEN = [
    "Hana@Cast.Example",
    "  hana@cast.example\n",
    "hana＠cast.example",
    "ｈａｎａ@cast.example",
    "hana@ｃａｓｔ．ｅｘａｍｐｌｅ",
    "hana@cast。example",
    "hana@ca\u00adst.example",
    "ha\u200bna@cast.example",
    "hana@cast\ufeff.example",
    "\u202ehana@cast.example",
    "hana@cast.example\u3000",
    "hana@cast.\U000e0065example",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_all_that_reads_alike_is_one_address(written):
    assert normal_address(written) == "hana@cast.example"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("not an address", "notanaddress"),
        ("hana@보고서.example", "hana@보고서.example"),
        ("hana@xn--299ax81ai7c.example", "hana@보고서.example"),
        ("a" * 2_000_000, "a" * 254),
        ("h.a+n_a@cast.example", "h.a+n_a@cast.example"),
    ],
)
def test_what_is_not_an_address_stays_close_to_what_was_written(written, kept):
    assert normal_address(written) == kept


@pytest.mark.parametrize("written", WRITTEN)
def test_the_normal_form_of_a_normal_form_is_the_same(written):
    once = normal_address(written)

    assert normal_address(once) == once


def test_another_spelling_gives_a_guesser_no_further_tries(app):
    client = app.test_client()

    codes = [
        client.post(
            "/account/sign-in", data={"email": written, "password": "wrong password"}
        ).status_code
        for written in WRITTEN[:6]
    ]

    assert codes == [200] * 5 + [429]


def test_every_spelling_signs_in(app):
    for written in WRITTEN[2:5]:
        client = app.test_client()
        client.post(
            "/account/sign-in", data={"email": written, "password": cast.PASSWORD}
        )
        assert client.get("/account/profile").status_code == 200


def test_no_second_account_is_made_for_another_spelling(session):
    with pytest.raises(AddressTakenError):
        create_user("ｈａｎａ＠cast.example", cast.PASSWORD)


def test_an_invitation_goes_to_the_normal_form(app, as_):
    sent = {"email": "ｎａｏ＠new.example", "roles": ["member"], "delegation": "1"}

    answer = as_("olivia").post(f"/c/{cast.SLUG}/people/invite", data=sent)

    assert answer.status_code == 303
    assert "nao@new.example" in as_("olivia").get(f"/c/{cast.SLUG}/people").text


def test_the_ipv6_addresses_of_a_home_count_as_one(app):
    codes = [
        app.test_client()
        .post(
            "/account/sign-in",
            data={"email": cast.address("hana"), "password": "wrong password"},
            environ_base={"REMOTE_ADDR": f"2001:db8::{number}"},
        )
        .status_code
        for number in range(6)
    ]

    assert codes == [200] * 5 + [429]


def test_the_memory_of_tries_is_bounded(app, monkeypatch):
    monkeypatch.setattr("workgroup.accounts.throttle.MOST_KEYS", 10)
    storage = app.extensions["throttle"].storage
    for number in range(30):
        app.test_client().post(
            "/account/sign-in",
            data={"email": "x" * 100_000 + str(number), "password": ""},
            environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
        )

    assert len(storage.events) <= 12
    assert max(map(len, storage.events)) < 200


def test_a_network_over_its_limit_creates_no_further_keys(app):
    storage = app.extensions["throttle"].storage
    for number in range(70):
        app.test_client().post(
            "/account/sign-in", data={"email": f"nobody{number}", "password": ""}
        )

    assert len(storage.events) == 61


def parts(count):
    """Return the body of a form with many small fields."""
    head = 'Content-Disposition: form-data; name="a"'
    return (f"--edge\r\n{head}\r\n\r\nx\r\n" * count + "--edge--\r\n").encode()


@pytest.mark.parametrize("address", ["/account/sign-in", "/account/reset"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"email=" + b"a" * 2_200_000, "application/x-www-form-urlencoded"),
        (parts(20_000), "multipart/form-data; boundary=edge"),
    ],
)
def test_too_large_a_form_is_413_with_our_page(app, address, body, kind):
    answer = app.test_client().post(address, data=body, content_type=kind)

    assert answer.status_code == 413
    assert "That is too large" in answer.text


def test_a_long_field_is_refused_like_any_wrong_one(app):
    answer = app.test_client().post(
        "/account/sign-in", data={"email": "a" * 1_900_000, "password": "b" * 50_000}
    )

    assert answer.status_code == 200
    with app.app_context():
        assert (
            db.session.scalar(select(User).where(User.email.startswith("aaa"))) is None
        )
