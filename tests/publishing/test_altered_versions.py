"""A version that is no longer what was frozen is not printed under its hash."""

from sqlalchemy import text

from tests.publishing.building import decided_report, only_export, print_now, requested
from workgroup.files import queries as files

ALTERED = "UPDATE versions SET canonical = replace(canonical, 'The words', 'No words')"


def test_a_version_that_is_not_what_was_frozen_is_not_printed(app, session):
    requested(decided_report())
    session.commit()
    session.expunge_all()
    session.execute(text("DROP TRIGGER versions_append_only_update"))
    session.execute(text(ALTERED))

    print_now(app, only_export())

    assert only_export().error_code == "altered"
    assert only_export().error_parameters == {"section": "Proposal 1"}
    assert files.find_file("export", only_export().id) is None
