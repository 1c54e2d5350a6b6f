"""A delegation or a subgroup that anything refers to stays, and the page says why."""

import pytest
from sqlalchemy import select, update

from tests import cast
from tests.furniture import furnish
from workgroup import clock
from workgroup.cohorts.models import Delegation, Invitation, Membership, Subgroup
from workgroup.database import db
from workgroup.deciding.models import Elector
from workgroup.discussion.kinds import Audience
from workgroup.discussion.models import Thread
from workgroup.drafting.models import Section

pytestmark = pytest.mark.both_databases


def belongs(model, column):
    def use(part, _furniture):
        mine = select(db.func.max(model.id))
        if hasattr(model, "cohort_id"):
            mine = mine.where(model.cohort_id == part.cohort_id)
        one = mine.scalar_subquery()
        db.session.execute(update(model).where(model.id == one).values({column: part.id}))  # fmt: skip

    return use


def votes(part, furniture):
    ballot_id = furniture.ids["ballot_id"]
    taken = select(Elector.membership_id).where(Elector.ballot_id == ballot_id)
    free = select(Membership.id).where(
        Membership.cohort_id == part.cohort_id, Membership.id.not_in(taken)
    )
    db.session.add(
        Elector(
            ballot_id=ballot_id,
            membership_id=db.session.scalars(free).first(),
            delegation_id=part.id,
        )
    )


def talks(part, furniture):
    audience = (
        Audience.DELEGATION if isinstance(part, Delegation) else Audience.SUBGROUP
    )
    db.session.add(
        Thread(
            section_id=furniture.ids["section_id"],
            audience=audience,
            created_at=clock.now(),
            **{f"{audience}_id": part.id},
        )
    )


USES = {
    ("memberships", "delegation_id"): belongs(Membership, "delegation_id"),
    ("memberships", "subgroup_id"): belongs(Membership, "subgroup_id"),
    ("invitations", "delegation_id"): belongs(Invitation, "delegation_id"),
    ("invitations", "subgroup_id"): belongs(Invitation, "subgroup_id"),
    ("sections", "subgroup_id"): belongs(Section, "subgroup_id"),
    ("electors", "delegation_id"): votes,
    ("threads", "delegation_id"): talks,
    ("threads", "subgroup_id"): talks,
}


def test_everything_that_refers_to_a_part_is_tried_below():
    referring = {
        (table.name, key.parent.name)
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in {"delegations", "subgroups"}
        and key.column.name == "id"
    }

    assert referring == set(USES)


KINDS = {"delegation_id": Delegation, "subgroup_id": Subgroup}
CASES = [(Delegation, None), (Subgroup, None), *((KINDS[use[1]], use) for use in USES)]


@pytest.mark.parametrize(("kind", "use"), CASES, ids=str)
def test_a_part_that_something_refers_to_is_not_removed(app, as_, kind, use):
    with app.app_context():
        furniture = furnish(cast.SLUG, "OURS")
        cohort_id = db.session.get(Membership, 1).cohort_id
        given = {"code": "FR"} if kind is Delegation else {}
        part = kind(cohort_id=cohort_id, name="Spare", position=9, **given)
        db.session.add(part)
        db.session.flush()
        if use:
            USES[use](part, furniture)
        db.session.commit()
        part_id = part.id

    address = f"/c/{cast.SLUG}/setup/{kind.__tablename__}/{part_id}/remove"
    answer = as_("olivia").post(address)

    assert answer.status_code == (409 if use else 303)
    assert ("You can change it instead." in answer.text) is bool(use)
    with app.app_context():
        assert (db.session.get(kind, part_id) is not None) is bool(use)


@pytest.mark.parametrize("by", ["thread", "version"])
def test_a_section_that_something_refers_to_is_not_removed(app, as_, by):
    with app.app_context():
        furniture = furnish(cast.SLUG, "OURS")
        number = furniture.ids["spare_id" if by == "thread" else "frozen_id"]
        if by == "thread":
            db.session.add(Thread(section_id=number, created_at=clock.now()))
            db.session.commit()

    answer = as_("olivia").post(f"/c/{cast.SLUG}/report/sections/{number}/remove")

    assert answer.status_code == 409
    assert "so it can’t be removed" in answer.text
    with app.app_context():
        assert db.session.get(Section, number)
