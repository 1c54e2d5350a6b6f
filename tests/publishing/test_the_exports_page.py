"""Who sees the exports, and what the page says."""

import pytest

from tests import cast
from tests.publishing.building import (
    PAGE,
    begin_report,
    decided_report,
    requested,
    write,
)
from workgroup.database import db
from workgroup.drafting.states import SectionKind
from workgroup.publishing import labels, printing, progress, services
from workgroup.publishing.states import ExportState

ROLES = ("olivia", "amy", "paul", "oscar", "sam")


@pytest.fixture
def stored(app):
    """The id of an export that waits."""
    with app.app_context():
        export = requested(decided_report())
        db.session.commit()
        return export.id


@pytest.mark.parametrize(
    ("method", "address", "answers"),
    [
        # olivia organizes, amy is a member, paul publishes, oscar observes, sam is a stranger
        ("get", PAGE, (200, 403, 200, 403, 404)),
        ("post", PAGE, (409, 403, 409, 403, 404)),
        ("get", f"{PAGE}{{id}}", (302, 403, 302, 403, 404)),
        ("get", f"{PAGE}{{id}}/report.pdf", (404, 403, 404, 403, 404)),
    ],
)
def test_who_may_export(as_, stored, method, address, answers):
    address = address.format(id=stored)

    found = tuple(getattr(as_(name), method)(address).status_code for name in ROLES)

    assert found == answers


def test_an_export_of_another_cohort_is_not_found(as_, stored):
    address = f"/c/{cast.OTHER_SLUG}/exports/{stored}/report.pdf"

    assert as_("sam").get(address).status_code == 404


def test_progress_shows_the_page_that_is_laid_out(app, as_, stored):
    with app.app_context():
        export = db.session.get(services.Export, stored)
        services.begin(export)
        export.page = 12
        db.session.commit()

    answer = as_("paul").get(f"{PAGE}{stored}", headers={"HX-Request": "true"})

    assert "Laying out page 12" in answer.text
    assert "<progress" in answer.text
    assert "<html" not in answer.text


def test_an_export_that_runs_again_begins_at_its_first_page(app, stored):
    with app.app_context():
        export = db.session.get(services.Export, stored)
        services.begin(export)
        export.page = 12

        services.begin(export)

        assert export.page == 0
        assert export.state is ExportState.RUNNING


def test_a_failure_shows_its_sentence(app, as_, stored):
    with app.app_context():
        export = db.session.get(services.Export, stored)
        parameters = {"section": "<Alpha>", "character": "%s"}
        services.fail(export, "missing-glyph", parameters)
        db.session.commit()

    page = as_("paul").get(PAGE).text

    assert "“&lt;Alpha&gt;” contains the character “%s”, which no" in page
    assert "Failed" in page


def test_what_is_not_decided_is_named(app, as_):
    with app.app_context():
        write(begin_report(), SectionKind.CHAPTER, "Not decided")
        db.session.commit()

    page = as_("paul").get(PAGE).text

    assert "1 section has not been decided yet" in page
    assert "Not decided" in page
    assert "Export a draft" in page


def test_a_cohort_without_a_report_has_nothing_to_export(as_):
    page = as_("paul").get(PAGE).text

    assert "Nothing to export yet" in page
    assert f'action="{PAGE}"' not in page


def test_missing_fonts_are_named_with_the_package_to_install(as_, stored, monkeypatch):
    def lacking():
        raise printing.MissingError([printing.Missing("Noto CJK", "fonts-noto-cjk")])

    monkeypatch.setattr(printing, "_require_all", lacking)

    page = as_("paul").get(PAGE).text

    assert "It lacks Noto CJK" in page
    assert "<code>fonts-noto-cjk</code>" in page


def test_the_page_asks_the_same_queries_however_many_exports(
    app, as_, stored, counted_queries
):
    with app.app_context():
        report = db.session.get(services.Report, 1)
        for _ in range(30):
            export = requested_again(report)
            services.fail(export, "crashed", {"end": "SIGSEGV"})
        db.session.commit()
    paul = as_("paul")
    paul.get(PAGE)

    with counted_queries() as seen:
        paul.get(PAGE)

    # the person; the membership; the report; its sections; the exports with who
    # asked; the pages of the last finished one; the count of notices in the bar
    assert len(seen) == 7


def requested_again(report):
    db.session.query(services.Export).update({"state": "failed"})
    return requested(report)


@pytest.mark.parametrize(
    ("page", "usual", "shown"), [(0, None, 0), (1, 43, 10), (43, 43, 75), (99, 43, 75)]
)
def test_progress_grows_with_the_pages_and_leaves_room_for_drawing(page, usual, shown):
    assert progress.percent(page, usual) == shown


@pytest.mark.parametrize(
    ("code", "parameters", "words"),
    [
        ("cpu-limit", {"seconds": 300}, "more computing time"),
        ("wall-limit", {"minutes": 60}, "took too long"),
        ("memory-limit", {"megabytes": 3072}, "more memory"),
        ("killed", {}, "operating system stopped"),
        ("crashed", {"end": "SIGSEGV"}, "(SIGSEGV)"),
        ("worker-lost", {}, "interrupted several times"),
        ("missing-font", {"packages": ["a", "b"]}, "install: a b."),
        ("missing-glyph", {"character": "x"}, "“The report” contains"),
        ("not-heard-of", {"message": "English"}, "(not-heard-of)"),
        ("other", {"text": "100 % as it was."}, "100 % as it was."),
    ],
)
def test_every_cause_has_words_of_its_own(app, code, parameters, words):
    with app.test_request_context():
        assert words in labels.failure(code, parameters)
