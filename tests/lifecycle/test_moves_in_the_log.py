"""What the flow of a section leaves in the log and in its versions."""

from datetime import timedelta

from sqlalchemy import select

from tests.deciding.building import a_section, person
from workgroup import clock
from workgroup.acts.models import AuditRecord
from workgroup.deciding.rules import CONSENSUS
from workgroup.lifecycle import flow


def test_every_move_of_a_section_is_in_the_log(session):
    section, olivia = a_section(), person("olivia")
    ballot = flow.put_to_vote(
        section, olivia, CONSENSUS, clock.now() + timedelta(days=1)
    )
    flow.close(ballot, olivia)
    flow.reopen(section, olivia, "Wrong figure.")
    session.commit()

    of_it = AuditRecord.subject == f"section:{section.id}"
    assert session.scalars(select(AuditRecord.action).where(of_it)).all() == [
        "section.frozen",
        "section.in-ballot",
        "section.rejected",
        "section.reopened",
    ]


def test_a_draft_that_was_frozen_before_is_put_to_the_vote_as_it_reads_now(session):
    section, olivia = a_section(), person("olivia")
    flow.freeze(section, olivia)
    flow.reopen(section, olivia, "Wrong figure.")

    ballot = flow.put_to_vote(
        section, olivia, CONSENSUS, clock.now() + timedelta(days=1)
    )

    assert ballot.version.number == 2
