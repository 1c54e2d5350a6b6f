"""Signing in and out: one answer for all failures, and a pause after five, never a locked account."""

import re

import pytest

from tests import cast

WRONG = "wrong password here"
FAILED = "That e-mail address and password don’t match."


def same(page):
    """Return a page without what differs between any two requests."""
    return re.sub(r"Im[\w.-]{60,}|[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}", "", page).replace(
        "hana@", "nana@"
    )


def try_password(client, email, password=WRONG):
    return client.post("/account/sign-in", data={"email": email, "password": password})


def test_the_right_password_opens_the_page_that_was_asked_for(app):
    client = app.test_client()

    asked = client.get("/account/profile")
    answer = client.post(
        asked.location,
        data={"email": cast.address("hana").upper(), "password": cast.PASSWORD},
        follow_redirects=True,
    )

    assert answer.request.path == "/account/profile"
    assert "Hana Hoshino" in answer.text


def test_a_known_and_an_unknown_account_get_the_same_page(app):
    known = try_password(app.test_client(), cast.address("hana"))
    unknown = try_password(app.test_client(), "nana@cast.example")

    assert FAILED in known.text
    assert known.status_code == unknown.status_code
    assert same(known.text) == same(unknown.text)


class CountedHashes:
    """The context of hashes, counting the slow ones."""

    def __init__(self, context):
        self.context = context
        self.count = 0

    def __getattr__(self, name):
        return getattr(self.context, name)

    def hash(self, *arguments, **options):
        self.count += 1
        return self.context.hash(*arguments, **options)

    def verify(self, *arguments, **options):
        self.count += 1
        return self.context.verify(*arguments, **options)


@pytest.mark.parametrize("page", ["/account/sign-in", "/account/reset"])
def test_a_known_and_an_unknown_account_take_the_same_time(app, page):
    """Hashing takes the time, so the same number of hashes means the same time."""
    bounded = app.extensions["security"].pwd_context

    def hashes(email):
        bounded.context = counted = CountedHashes(bounded.context)
        app.test_client().post(page, data={"email": email, "password": WRONG})
        return counted.count

    known, unknown = hashes(cast.address("hana")), hashes("nana@cast.example")

    assert known == unknown == 1


def test_the_sixth_try_in_a_minute_has_to_wait(app):
    client = app.test_client()
    for _ in range(5):
        assert try_password(client, cast.address("hana")).status_code == 200

    answer = try_password(client, cast.address("hana"), cast.PASSWORD)
    other = try_password(client, cast.address("amy"), cast.PASSWORD)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "Wait a minute, then try again." in answer.text
    assert other.status_code == 302


def test_the_same_number_of_tries_pauses_an_account_that_does_not_exist(app):
    client = app.test_client()

    codes = [try_password(client, "nana@cast.example").status_code for _ in range(6)]

    assert codes == [200] * 5 + [429]


def test_signing_in_forgets_the_tries_before_it(app):
    for _ in range(4):
        try_password(app.test_client(), cast.address("hana"))
    try_password(app.test_client(), cast.address("hana"), cast.PASSWORD)

    answer = try_password(app.test_client(), cast.address("hana"))

    assert answer.status_code == 200


def test_signing_in_elsewhere_does_not_forget_the_tries_of_another_account(app):
    amy = app.test_client()
    try_password(amy, cast.address("amy"), cast.PASSWORD)

    codes = [try_password(amy, cast.address("hana")).status_code for _ in range(6)]

    assert codes[-1] == 429


def test_signing_out_is_a_post_and_ends_the_session(app, as_):
    hana = as_("hana")

    refused = hana.get("/account/sign-out")
    assert refused.status_code == 405
    assert hana.get("/account/profile").status_code == 200

    hana.post("/account/sign-out")
    assert hana.get("/account/profile").status_code == 302


def test_forms_carry_a_token_and_are_refused_without_it(app):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()

    page = client.get("/account/sign-in").text
    answer = try_password(client, cast.address("hana"), cast.PASSWORD)

    assert re.search(r'name="csrf_token"[^>]*value="[^"]{20,}"', page)
    assert answer.status_code in {200, 400}
    assert client.get("/account/profile").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/"])
def test_nobody_is_sent_to_another_site_after_signing_in(app, target):
    answer = app.test_client().post(
        f"/account/sign-in?next={target}",
        data={"email": cast.address("hana"), "password": cast.PASSWORD},
    )

    assert "evil" not in (answer.location or "")
