"""What the database itself refuses about sections and versions."""

import pytest
from sqlalchemy import text

from tests.deciding.building import a_section, a_version, person
from tests.refused import copied, foreign, refused, refused_copy, sam
from workgroup.cohorts.models import Subgroup

pytestmark = pytest.mark.both_databases


@pytest.fixture
def version(session):
    version = a_version(a_section())
    session.commit()
    return version


@pytest.fixture
def sections(session):
    found = [a_section("One"), a_section("Two")]
    session.commit()
    return found


def test_two_sections_at_one_position(sections):
    one, two = sections

    refused(
        r"uq_sections_report_id_position|UNIQUE.*sections\.position",
        "UPDATE sections SET position = :taken WHERE id = :id",
        taken=one.position, id=two.id,
    )  # fmt: skip


def test_a_section_before_the_first_place(sections):
    refused(
        "position_from_one",
        "UPDATE sections SET position = 0 WHERE id = :id",
        id=sections[0].id,
    )


def test_a_section_with_a_subgroup_of_another_cohort(sections):
    subgroup = foreign(Subgroup, name="Others", position=1)

    refused(
        "another cohort",
        "UPDATE sections SET subgroup_id = :subgroup WHERE id = :id",
        subgroup=subgroup, id=sections[0].id,
    )  # fmt: skip


def test_a_new_section_with_a_subgroup_of_another_cohort(sections):
    subgroup = foreign(Subgroup, name="Others", position=1)

    refused_copy(
        "another cohort", "sections", sections[0].id, position=9, subgroup_id=subgroup
    )


def test_a_report_stays_in_its_cohort(sections):
    refused(
        "never changes",
        "UPDATE reports SET cohort_id = cohort_id + 1 WHERE id = :id",
        id=sections[0].report_id,
    )


def test_a_section_stays_in_its_report(sections):
    refused(
        "never changes",
        "UPDATE sections SET report_id = report_id + 1 WHERE id = :id",
        id=sections[0].id,
    )


@pytest.mark.parametrize(
    "change",
    ["sha256 = 'b' || substr(sha256, 2)", "canonical = '{}'", "number = number + 1"],
)
def test_a_version_is_never_changed(version, change):
    refused(
        "never changed", f"UPDATE versions SET {change} WHERE id = :id", id=version.id
    )  # fmt: skip


def test_a_version_is_never_deleted(version):
    refused("never changed", "DELETE FROM versions WHERE id = :id", id=version.id)


@pytest.mark.parametrize(
    ("why", "wrong"),
    [
        ("number_from_one", {"number": 0}),
        ("sha256_in_hex", {"number": 2, "sha256": "abc"}),
        (r"uq_versions_section_id_number|UNIQUE.*versions\.number", {}),
    ],
)
def test_a_version_with_a_wrong_number_or_hash(version, why, wrong):
    canonical = '{"title": "One", "blocks": []}'

    refused_copy(why, "versions", version.id, canonical=canonical, **wrong)


def test_a_version_frozen_by_somebody_of_another_cohort(version):
    refused_copy(
        "another cohort", "versions", version.id,
        canonical="{}", number=2, frozen_by_id=sam(),
    )  # fmt: skip


def test_the_next_version_is_accepted(version, session):
    statement, values = copied(
        "versions", version.id, canonical="{}", number=2, frozen_by_id=person("olivia").id
    )  # fmt: skip

    session.execute(text(statement), values)


@pytest.mark.on_sqlite
def test_a_version_is_not_replaced_by_another_row_of_its_number(version, session):
    """On SQLite this takes a row away without the trigger of its deletion, unless asked."""
    statement, values = copied("versions", version.id, sha256="0" * 64)

    refused("never changed", statement.replace("INSERT", "INSERT OR REPLACE"), **values)
