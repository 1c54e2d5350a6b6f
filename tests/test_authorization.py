"""Every address × everybody: generated from the routes, so that none is forgotten.

What a role permits is spelled by hand here, a second time, on purpose.
"""

from dataclasses import dataclass

import pytest

from tests import cast
from tests.furniture import furnish
from tests.right_requests import Right, right
from workgroup import clock
from workgroup.cohorts.models import Membership
from workgroup.database import db

# What pages may ask for, and who of the cast has it.
MAY = {
    "read": {"olivia", "amy", "hana", "minjun", "paul", "oscar"},
    "edit": {"olivia", "amy", "hana", "minjun"},
    "comment": {"olivia", "amy", "hana", "minjun"},
    "vote": {"amy", "hana", "minjun"},
    "organize": {"olivia"},
    "publish": {"olivia", "paul"},
}
EVERYBODY = ["nobody", "olivia", "amy", "hana", "paul", "oscar", "sam", "former"]
OURS, THEIRS = "OURCANARY", "THEIRCANARY"
SIGN_IN = "/account/sign-in"


def furnish_both():
    return furnish(cast.SLUG, OURS), furnish(cast.OTHER_SLUG, THEIRS)


@pytest.fixture
def lived_in(app, database):
    """Both cohorts with pages to open; Minjun has left as "former"."""
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"  # where mail leaves, later
    return database.once(furnish_both)


@dataclass(frozen=True)
class Asked:
    """A right request to one page: its ids belong together and its form is in order."""

    endpoint: str
    method: str
    address: str
    policy: str
    more: Right

    def by(self, client):
        """Send it."""
        form = {"data": self.more.form} if self.method == "POST" else {}
        return client.open(
            self.address,
            method=self.method,
            buffered=True,
            headers=self.more.headers,
            **form,
        )

    def __str__(self):
        return f"{self.method} {self.address} ({self.endpoint}, {self.policy})"


def addresses(app, furniture):
    """Yield a right request to each page of a cohort, by each of its methods."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        policy = app.extensions["policies"][rule.endpoint]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            more = right(rule.endpoint, method)
            values = {
                name: value_for(more.instead.get(name, name), rule, furniture)
                for name in rule.arguments - {"slug"}
            }
            assert None not in values.values(), f"{rule}: tell the matrix what to put"
            if "slug" in rule.arguments:
                values["slug"] = furniture.slug
            address = adapter.build(rule.endpoint, values, method=method)
            yield Asked(rule.endpoint, method, address, policy, more)


def value_for(name, rule, furniture):
    if name == "part_id":  # of a cohort: the address says which kind
        name = "delegation_id" if "delegations" in rule.rule else "subgroup_id"
    return furniture.ids.get(name)


def as_anybody(app, as_, name):
    if name == "nobody":
        return app.test_client()
    return as_("minjun" if name == "former" else name)


def end_minjuns_membership(app):
    with app.app_context():
        row = db.session.query(Membership).join(Membership.user)
        minjun = row.filter_by(email=cast.address("minjun")).one()
        minjun.ended_at = clock.now()
        db.session.commit()


def is_right(name, policy, response, *, foreign):
    """Return whether the answer fits the policy for this person."""
    asked = response.status_code == 401 or SIGN_IN in (response.location or "")
    if policy == "public":
        return response.status_code < 500
    if name == "nobody":
        return asked
    if policy == "signed in":
        return not asked and response.status_code < 500
    if foreign or name in {"sam", "former"}:
        return response.status_code == 404
    if name not in MAY[policy]:
        return response.status_code == 403
    return (
        not asked
        and response.status_code not in {401, 403}
        and response.status_code < 500
    )


def leaks(asked, response, canary):
    """Return whether a word of a cohort shows; an invitation's link may show who invites."""
    if asked.endpoint in {"cohorts.invitation", "cohorts.accept"}:
        return False
    return canary in response.text or canary in str(response.headers)


def test_every_address_can_be_opened_by_somebody(app, as_, lived_in, each_alone):
    ours, _ = lived_in
    silent = {}

    for asked in addresses(app, ours):
        for name in ("olivia", "amy", "nobody"):
            each_alone()
            response = asked.by(as_anybody(app, as_, name))
            if is_answered(asked, response):
                break
            silent.setdefault(str(asked), []).append(response.status_code)
        else:
            continue
        silent.pop(str(asked), None)

    assert silent == {}


def is_answered(asked, response):
    """Return whether the page did what was requested; Flask-Security redirects with 302."""
    if response.status_code == 302:
        return asked.endpoint.startswith(("security.", "accounts."))
    return response.status_code in {200, 303}


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_address_of_ones_own_cohort_answers_by_its_policy(
    app, as_, lived_in, each_alone, name
):
    ours, _ = lived_in
    if name == "former":
        end_minjuns_membership(app)
    wrong = []

    each_alone()
    for asked in addresses(app, ours):
        response = asked.by(as_anybody(app, as_, name))
        if each_alone() and asked.method == "GET":
            wrong.append((str(asked), "writes, though it is only opened"))
        if not is_right(name, asked.policy, response, foreign=False):
            wrong.append((str(asked), response.status_code))
        if name in {"nobody", "sam", "former"} and leaks(asked, response, OURS):
            wrong.append((str(asked), "leaks"))
        if name != "amy" and "SECRET-REASON" in response.text:  # she gave it
            wrong.append((str(asked), "shows a reason while the ballot is open"))

    assert wrong == []


@pytest.mark.parametrize("name", ["olivia", "amy", "paul", "oscar"])
def test_every_address_of_another_cohort_is_not_found(
    app, as_, lived_in, each_alone, name
):
    _, theirs = lived_in
    wrong = []

    for asked in addresses(app, theirs):
        each_alone()
        response = asked.by(as_anybody(app, as_, name))
        if not is_right(name, asked.policy, response, foreign=True):
            wrong.append((str(asked), response.status_code))
        if leaks(asked, response, THEIRS):
            wrong.append((str(asked), "leaks"))

    assert wrong == []


def test_what_belongs_to_another_cohort_is_not_found_under_ones_own(
    app, as_, lived_in, each_alone
):
    ours, theirs = lived_in
    crossed = type(ours)(ours.slug, theirs.ids)
    wrong = []

    for asked in addresses(app, crossed):
        parts = asked.address.split("/")
        if not any(str(one) in parts for one in theirs.ids.values()):
            continue
        each_alone()
        # Each is allowed what is asked.
        response = asked.by(as_("amy" if asked.policy == "vote" else "olivia"))
        if asked.address.startswith("/c/") and response.status_code != 404:
            wrong.append((str(asked), response.status_code))
        if leaks(asked, response, THEIRS):
            wrong.append((str(asked), "leaks"))

    assert wrong == []


# A mail provider sends it for its customer (RFC 8058): the secret in the address decides.
ONE_CLICK = {"notifications.stop_mail"}
# Its page is opened again, because it may hold nothing of what was typed.
PASSWORDS_ONLY = {"security.reset_password"}


@pytest.mark.parametrize("token", [None, "stale"])
def test_every_form_without_the_sessions_token_is_refused(
    app, as_, lived_in, each_alone, token
):
    ours, _ = lived_in
    app.config["WTF_CSRF_ENABLED"] = True
    taken = []

    each_alone()
    for asked in addresses(app, ours):
        if asked.method == "GET" or asked.endpoint in ONE_CLICK:
            continue
        asked.more.form["csrf_token"] = token or ""
        response = asked.by(as_("olivia"))
        del asked.more.form["csrf_token"]
        # A button alone leads back to the page where it stood; here nobody names one.
        onwards = asked.address if asked.endpoint in PASSWORDS_ONLY else "/"
        led_back = (response.status_code, response.location) == (303, onwards)
        if each_alone() or not (response.status_code == 400 or led_back):
            taken.append((str(asked), response.status_code))

    assert taken == []
