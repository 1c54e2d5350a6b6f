"""Every address × everybody: generated from the routes, so that none is forgotten.

What a role permits is spelled by hand here, a second time, on purpose.
"""

import shutil

import pytest

from tests import cast
from tests.furniture import furnish
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
EVERYBODY = ["nobody", "olivia", "amy", "paul", "oscar", "sam", "former"]
OURS, THEIRS = "OURCANARY", "THEIRCANARY"
SIGN_IN = "/account/sign-in"


@pytest.fixture
def lived_in(app):
    """Both cohorts with pages to open; Minjun has left as "former"."""
    with app.app_context():
        ours = furnish(cast.SLUG, OURS)
        theirs = furnish(cast.OTHER_SLUG, THEIRS)
        db.engine.dispose()
    return ours, theirs


@pytest.fixture
def each_alone(app, tmp_path):
    """Give every request the same rows, whatever the one before it changed."""
    kept, used = tmp_path / "kept.sqlite", app.config["INSTANCE"] / "workgroup.sqlite"

    def restore():
        with app.app_context():
            db.engine.dispose()
        if not kept.exists():
            shutil.copy(used, kept)
        for leftover in ("-wal", "-shm"):
            used.with_name(used.name + leftover).unlink(missing_ok=True)
        shutil.copy(kept, used)

    return restore


def addresses(app, furniture):
    """Yield each address of a cohort with its method and policy."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        policy = app.extensions["policies"][rule.endpoint]
        values = {
            name: value_for(name, rule, furniture) for name in rule.arguments - {"slug"}
        }
        assert None not in values.values(), f"{rule}: tell the matrix what to put there"
        if "slug" in rule.arguments:
            values["slug"] = furniture.slug
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, adapter.build(rule.endpoint, values, method=method), policy


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
    """Say whether the answer fits the policy for this person."""
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


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_address_of_the_own_cohort_answers_as_its_policy_says(
    app, as_, lived_in, each_alone, name
):
    ours, _ = lived_in
    if name == "former":
        end_minjuns_membership(app)
    wrong = []

    for method, address, policy in addresses(app, ours):
        each_alone()
        response = as_anybody(app, as_, name).open(
            address, method=method, buffered=True
        )
        if not is_right(name, policy, response, foreign=False):
            wrong.append((method, address, policy, response.status_code))
        if name in {"nobody", "sam", "former"} and OURS in response.text:
            wrong.append((method, address, "leaks"))

    assert wrong == []


@pytest.mark.parametrize("name", ["olivia", "amy", "paul", "oscar"])
def test_every_address_of_another_cohort_is_not_there(
    app, as_, lived_in, each_alone, name
):
    _, theirs = lived_in
    wrong = []

    for method, address, policy in addresses(app, theirs):
        each_alone()
        response = as_anybody(app, as_, name).open(
            address, method=method, buffered=True
        )
        if not is_right(name, policy, response, foreign=True):
            wrong.append((method, address, policy, response.status_code))
        if THEIRS in response.text or THEIRS in str(response.headers):
            wrong.append((method, address, "leaks"))

    assert wrong == []


def test_what_lies_in_another_cohort_is_not_there_under_ones_own_address(
    app, as_, lived_in, each_alone
):
    ours, theirs = lived_in
    crossed = type(ours)(ours.slug, theirs.ids)
    wrong = []

    for method, address, policy in addresses(app, crossed):
        if not any(str(theirs.ids[key]) in address.split("/") for key in theirs.ids):
            continue
        each_alone()
        name = "amy" if policy == "vote" else "olivia"  # each is allowed what is asked
        response = as_(name).open(address, method=method, buffered=True)
        if address.startswith("/c/") and response.status_code != 404:
            wrong.append((method, address, response.status_code))
        if THEIRS in response.text:
            wrong.append((method, address, "leaks"))

    assert wrong == []


def test_a_reason_given_in_an_open_ballot_is_nowhere_to_be_read(
    app, as_, lived_in, each_alone
):
    ours, _ = lived_in
    told = []

    for name in ("olivia", "hana", "paul", "oscar"):
        for method, address, _ in addresses(app, ours):
            if method != "GET":
                continue
            response = as_(name).get(address, buffered=True)
            if "SECRET-REASON" in response.text:
                told.append((name, address))

    assert told == []


def test_no_page_that_is_only_opened_changes_a_row(app, as_, lived_in):
    ours, _ = lived_in
    before = every_row(app)

    for name in ("olivia", "amy", "paul", "oscar"):
        for method, address, _ in addresses(app, ours):
            if method == "GET":
                as_(name).get(address, buffered=True)

    assert every_row(app) == before


def every_row(app):
    with app.app_context():
        rows = {
            table.name: sorted(map(repr, db.session.execute(table.select()).all()))
            for table in db.metadata.sorted_tables
        }
        db.session.remove()
    return rows


@pytest.mark.parametrize("token", [None, "stale"])
def test_every_form_without_the_sessions_token_is_refused(
    app, as_, lived_in, each_alone, token
):
    ours, _ = lived_in
    app.config["WTF_CSRF_ENABLED"] = True
    taken = []

    for method, address, policy in addresses(app, ours):
        if method == "GET":
            continue
        each_alone()
        response = as_("olivia").open(
            address, method=method, buffered=True, data={"csrf_token": token or ""}
        )
        if response.status_code != 400:
            taken.append((method, address, policy, response.status_code))

    assert taken == []
