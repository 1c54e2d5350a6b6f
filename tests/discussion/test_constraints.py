"""What the database itself refuses about threads and comments."""

import pytest

from tests import cast
from tests.deciding.building import a_section, a_version, person
from tests.refused import refused, refused_copy, sam
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
