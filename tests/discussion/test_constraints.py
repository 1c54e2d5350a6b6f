"""What the database itself refuses about threads and comments."""

import pytest
from sqlalchemy import text

from tests import cast
from tests.deciding.building import a_ballot, a_section, a_version, person
from tests.refused import copied, foreign, refused, refused_copy, sam
from workgroup.cohorts.models import Delegation, Subgroup
from workgroup.discussion import services
from workgroup.discussion.quotations import Quotation

pytestmark = pytest.mark.both_databases


@pytest.fixture
def thread(session):
    thread = services.open_thread(
        a_section(), person("hana"), "Is this so?", Quotation("once a year")
    )
    session.commit()
    return thread


def test_a_thread_on_a_version_of_another_section(thread):
    elsewhere = a_version(a_section("Space policy"))

    refused(
        "another section",
        "UPDATE threads SET version_id = :version WHERE id = :id",
        version=elsewhere.id, id=thread.id,
    )  # fmt: skip


@pytest.mark.parametrize(
    "range_",
    ["start = 3", '"end" = 3', 'start = 3, "end" = 3', 'start = 4, "end" = 3'],
)
def test_words_that_end_before_they_begin(thread, range_):
    refused(
        "range_of_words",
        f"UPDATE threads SET {range_} WHERE id = :id",
        id=thread.id,
    )


def test_a_thread_resolved_by_somebody_of_another_cohort(thread):
    refused(
        "another cohort",
        "UPDATE threads SET resolved_at = :at, resolved_by_id = :sam WHERE id = :id",
        at=cast.JOINED, sam=sam(), id=thread.id,
    )  # fmt: skip


def test_a_comment_by_somebody_of_another_cohort(thread):
    comment = services.reply(thread, person("amy"), "It is.")

    refused_copy("another cohort", "comments", comment.id, author_id=sam())


def test_a_thread_stays_with_its_section(thread):
    elsewhere = a_section("Space policy")

    refused(
        "never changes",
        "UPDATE threads SET section_id = :section WHERE id = :id",
        section=elsewhere.id, id=thread.id,
    )  # fmt: skip


def test_a_comment_that_comes_to_be_by_somebody_of_another_cohort(thread):
    refused(
        "another cohort",
        "UPDATE comments SET author_id = :sam WHERE thread_id = :id",
        sam=sam(), id=thread.id,
    )  # fmt: skip


def test_a_comment_stays_in_its_thread(thread):
    other = services.open_thread(
        a_section("Space policy"), person("hana"), "And this?", Quotation()
    )

    refused(
        "never changes",
        "UPDATE comments SET thread_id = :other WHERE thread_id = :id",
        other=other.id, id=thread.id,
    )  # fmt: skip


def test_a_new_thread_of_another_cohort_or_section(thread):
    elsewhere = a_ballot("Space policy")
    group = {
        "delegation": foreign(Delegation, code="FR", name="France", position=1),
        "subgroup": foreign(Subgroup, name="Others", position=1),
    }
    alone = {"public_id": "N" * 22, "version_id": None, "quote": ""}

    for audience, group_id in group.items():
        refused_copy(
            "another cohort", "threads", thread.id, **alone,
            audience=audience, **{f"{audience}_id": group_id},
        )  # fmt: skip
    refused_copy(
        "another cohort", "threads", thread.id, **alone,
        resolved_at=cast.JOINED, resolved_by_id=sam(),
    )  # fmt: skip
    for subject, other in {
        "version": elsewhere.version_id,
        "ballot": elsewhere.id,
    }.items():
        refused_copy(
            "another section", "threads", thread.id,
            **alone | {"subject": subject, f"{subject}_id": other},
        )  # fmt: skip


def test_a_correct_thread_is_accepted(thread, session):
    """The copies above are refused for what is wrong in them, not for being copies."""
    statement, values = copied(
        "threads", thread.id, public_id="N" * 22,
        audience="delegation", delegation_id=person("hana").delegation_id,
    )  # fmt: skip

    session.execute(text(statement), values)
