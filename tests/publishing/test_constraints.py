"""What the database itself refuses about exports."""

import pytest

from tests.deciding.building import a_section, person
from tests.refused import refused, refused_copy, sam
from workgroup.publishing import services

pytestmark = pytest.mark.both_databases


@pytest.fixture
def export(session):
    report = a_section().report
    export = services.request_export(report, person("olivia"))
    session.commit()
    return export


def test_an_export_requested_by_somebody_of_another_cohort(export):
    refused(
        "another cohort",
        "UPDATE exports SET requested_by_id = :sam WHERE id = :id",
        sam=sam(), id=export.id,
    )  # fmt: skip
    refused_copy(
        "another cohort", "exports", export.id, state="done", requested_by_id=sam()
    )
