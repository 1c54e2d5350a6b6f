"""No row but a person's own keeps a name: what stands in a row can't be hidden afterwards."""

from sqlalchemy import select

from tests.attribution.worlds import NAMES
from tests.deciding.building import a_ballot, a_section, person
from workgroup.cohorts.attribution import Mode
from workgroup.database import db
from workgroup.drafting.models import Report
from workgroup.lifecycle import flow
from workgroup.notifications import jobs as notifications
from workgroup.publishing import services as publishing

# The account itself, whom an invitation is for, and e-mail on its way to its reader.
OWN = {"users", "invitations", "jobs"}


def do_everything():
    """Let people leave every other trace besides those of the world."""
    olivia, frozen = person("olivia"), a_section("Early warning")
    flow.freeze(frozen, olivia)
    flow.freeze(flow.reopen(frozen, olivia, "A figure is wrong."), olivia)
    flow.close(a_ballot(), olivia)
    publishing.request_export(db.session.scalars(select(Report)).first(), olivia)
    db.session.commit()
    notifications.write_notices()


def test_no_row_keeps_a_name(app, made):
    made("amy", "minjun", Mode.NAMED)

    with app.app_context():
        do_everything()
        looked_at, kept = set(), set()
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)).mappings():
                looked_at.add(table.name)
                kept |= {
                    (table.name, column, name)
                    for column, value in row.items()
                    for name, words in NAMES.items()
                    if table.name not in OWN
                    and any(word in str(value) for word in words)
                }

    assert kept == set()
    assert looked_at >= {
        "audit_records", "ballots", "comments", "exports", "notices", "revisions",
        "streams", "threads", "versions", "votes",
    }  # fmt: skip
