import pytest

from tests import cast
from workgroup.cohorts import queries
from workgroup.cohorts.models import Membership
from workgroup.database import db

SETUP = f"/c/{cast.SLUG}/setup"


@pytest.fixture
def parts(app):
    """The ids of the delegations and subgroups by code and name."""
    with app.app_context():
        cohort_id = db.session.get(Membership, 1).cohort_id
        return {one.code: one.id for one in queries.delegations(cohort_id)} | {
            one.name: one.id for one in queries.subgroups(cohort_id)
        }


def names(app):
    with app.app_context():
        cohort_id = db.session.get(Membership, 1).cohort_id
        found = [*queries.delegations(cohort_id), *queries.subgroups(cohort_id)]
        return [one.name for one in found]


def test_the_organizer_adds_renames_and_removes_parts(app, as_, parts):
    olivia = as_("olivia")

    olivia.post(f"{SETUP}/delegations/new", data={"code": "au", "name": "Australia"})
    olivia.post(
        f"{SETUP}/delegations/{parts['KR']}", data={"code": "KR", "name": "대한민국"}
    )
    olivia.post(f"{SETUP}/subgroups/new", data={"name": "宇宙政策"})
    olivia.post(
        f"{SETUP}/subgroups/{parts['Domestic constraints']}",
        data={"name": "Constraints at home"},
    )

    assert names(app) == [
        "United States",
        "Japan",
        "대한민국",
        "Australia",
        "Constraints at home",
        "宇宙政策",
    ]
    page = olivia.get(SETUP).text
    assert "宇宙政策" in page


def test_a_part_that_nobody_uses_can_be_removed_and_one_in_use_cannot(app, as_, parts):
    olivia = as_("olivia")
    olivia.post(f"{SETUP}/subgroups/new", data={"name": "Unused"})
    with app.app_context():
        cohort_id = db.session.get(Membership, 1).cohort_id
        unused = queries.subgroups(cohort_id)[-1].id

    removed = olivia.post(f"{SETUP}/subgroups/{unused}/remove")
    refused = olivia.post(f"{SETUP}/delegations/{parts['JP']}/remove")

    assert removed.status_code == 303
    assert refused.status_code == 409
    assert "so it can’t be removed" in refused.text
    assert "Unused" not in names(app)
    assert "Japan" in names(app)


def test_two_delegations_cannot_have_one_code(app, as_, parts):
    olivia = as_("olivia")

    added = olivia.post(
        f"{SETUP}/delegations/new", data={"code": "JP", "name": "Jupiter"}
    )
    changed = olivia.post(
        f"{SETUP}/delegations/{parts['KR']}", data={"code": "JP", "name": "Jupiter"}
    )

    assert added.status_code == changed.status_code == 409
    assert "a delegation with the code JP" in added.text
    assert "Jupiter" in changed.text
    assert "Jupiter" not in names(app)


def test_the_cohort_is_renamed_and_its_address_stays(as_):
    olivia = as_("olivia")

    olivia.post(f"{SETUP}/name", data={"name": "삼자 작업반"})

    assert "삼자 작업반" in olivia.get(f"/c/{cast.SLUG}/").text


def test_a_part_of_another_cohort_is_not_found(as_, parts):
    sam = as_("sam")

    answer = sam.get(f"/c/{cast.OTHER_SLUG}/setup/delegations/{parts['JP']}")

    assert answer.status_code == 404
