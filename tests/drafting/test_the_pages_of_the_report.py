"""What each role sees of the report, and what forms do with what was typed."""

import html
import re

import pytest

from tests import cast
from tests.cast import person
from tests.drafting.blocks import mark, node, paragraph, text
from tests.drafting.conftest import PAGE, write_report
from workgroup.database import db
from workgroup.drafting import moves, queries
from workgroup.drafting.models import Section
from workgroup.drafting.states import SectionKind

NEW = f"{PAGE}/sections/new"
TITLE = f"{PAGE}/title"
HOSTILE = "<script>alert('x')</script> & co"


def section_fields(**changes):
    return {
        "title": "New",
        "kind": "chapter",
        "subgroup_id": "",
        "addressees": "",
        "horizon": "",
    } | changes


def freeze(app, section_id, *, reopened=False):
    with app.app_context():
        section, olivia = db.session.get(Section, section_id), person("olivia")
        version = moves.freeze(section, olivia)
        if reopened:
            moves.reopen(section, olivia, "Wording.")
        db.session.commit()
        return version.sha256


ROLES = ("olivia", "amy", "paul", "oscar", "sam")


@pytest.mark.parametrize(
    ("method", "address", "answers"),
    [
        # olivia organizes, amy is a member, paul publishes, oscar observes, sam is a stranger
        ("get", PAGE, (200, 200, 200, 200, 404)),
        ("get", TITLE, (200, 403, 200, 403, 404)),
        ("post", TITLE, (422, 403, 422, 403, 404)),
        ("get", NEW, (200, 403, 403, 403, 404)),
        ("post", NEW, (422, 403, 403, 403, 404)),
        ("get", f"{PAGE}/sections/{{id}}/edit", (200, 403, 403, 403, 404)),
        ("post", f"{PAGE}/sections/{{id}}/edit", (422, 403, 403, 403, 404)),
        ("post", f"{PAGE}/sections/{{id}}/shift", (404, 403, 403, 403, 404)),
        ("post", f"{PAGE}/sections/{{id}}/remove", (303, 403, 403, 403, 404)),
        ("get", f"/c/{cast.SLUG}/sections/{{id}}/", (200, 200, 200, 200, 404)),
        (
            "get",
            f"/c/{cast.SLUG}/sections/{{id}}/versions/1",
            (404, 404, 404, 404, 404),
        ),
    ],
)
def test_who_may_open_what(as_, stored, method, address, answers):
    address = address.format(id=stored[0])

    found = {
        name: getattr(as_(name), method)(address, data={"title": ""}).status_code
        for name in reversed(ROLES)
    }

    assert tuple(found[name] for name in ROLES) == answers


def test_a_section_of_another_cohort_is_not_found(app, as_, stored):
    address = f"/c/{cast.OTHER_SLUG}/sections/{stored[0]}/"

    assert as_("sam").get(address).status_code == 404


def test_the_organizer_begins_the_report_and_adds_its_sections(app, as_):
    olivia = as_("olivia")

    begun = olivia.post(
        TITLE, data={"title": "A Practical Agenda", "staff": "Jo Doe\r\nKim Lee"}
    )
    added = olivia.post(
        NEW, data=section_fields(title="Sharing early warning", kind="recommendation")
    )

    assert (begun.status_code, added.status_code) == (303, 303)
    page = olivia.get(PAGE).text
    assert "A Practical Agenda" in page
    assert "Jo Doe\nKim Lee" in page
    assert "Recommendation 1" in page
    assert "Sharing early warning" in page


def test_the_publisher_cannot_begin_a_report_but_edits_its_title_page(app, as_, stored):
    paul = as_("paul")

    changed = paul.post(
        TITLE, data={"title": "Another Agenda", "funders": "A foundation"}
    )

    assert changed.status_code == 303
    assert "A foundation" in paul.get(PAGE).text


def test_before_there_is_a_report_only_the_organizer_can_begin_it(as_):
    assert as_("paul").get(TITLE).status_code == 403
    assert "Start the report" in as_("olivia").get(PAGE).text
    assert "Start the report" not in as_("amy").get(PAGE).text


def test_a_form_that_is_refused_keeps_what_was_typed(app, as_, stored):
    freeze(app, stored[1])
    typed = section_fields(
        title="Retitled", kind="recommendation", addressees="Parliaments"
    )

    answer = as_("olivia").post(f"{PAGE}/sections/{stored[1]}/edit", data=typed)

    assert answer.status_code == 409
    assert "Reopen the section to change them." in answer.text
    assert 'value="Retitled"' in answer.text
    assert 'value="Parliaments"' in answer.text


def test_a_form_with_mistakes_names_them_and_keeps_the_rest(as_, stored):
    answer = as_("olivia").post(
        NEW, data=section_fields(title=" ", addressees="Parliaments", subgroup_id="999")
    )

    assert answer.status_code == 422
    assert "Enter the section’s title." in answer.text
    assert 'value="Parliaments"' in answer.text


def test_markup_in_titles_is_shown_as_typed(app, as_, stored):
    olivia = as_("olivia")
    olivia.post(TITLE, data={"title": HOSTILE, "disclaimer": HOSTILE})
    olivia.post(f"{PAGE}/sections/{stored[0]}/edit", data=section_fields(title=HOSTILE))
    freeze(app, stored[0])
    section = f"/c/{cast.SLUG}/sections/{stored[0]}/"

    for address in (
        PAGE,
        TITLE,
        section,
        f"{section}versions/1",
        f"{PAGE}/sections/{stored[0]}/edit",
    ):
        page = olivia.get(address).text
        assert "<script>alert" not in page
        assert HOSTILE in html.unescape(page)


def shift(client, section, page):
    """Press "up" as a page shows it."""
    form = page[page.index(f"sections/{section}/shift") :]
    position = re.search(r'name="position" value="(\d+)"', form)[1]
    return client.post(
        f"{PAGE}/sections/{section}/shift",
        data={"direction": "up", "position": position},
        follow_redirects=True,
    )


def order_on(page):
    return [int(found) for found in re.findall(r'id="section-(\d+)"', page)]


def test_sections_are_moved_by_buttons(app, as_, stored):
    olivia = as_("olivia")

    shift(olivia, stored[2], olivia.get(PAGE).text)

    page = as_("amy").get(PAGE).text
    assert order_on(page) == [stored[0], stored[2], stored[1]]


def test_a_button_that_is_sent_again_moves_nothing_more(app, as_, stored):
    """The browser lost the answer, or two organizers pressed it on old pages."""
    olivia, other = as_("olivia"), as_("olivia")
    old = olivia.get(PAGE).text

    shift(olivia, stored[2], old)
    again = shift(other, stored[2], old)

    assert order_on(again.text) == [stored[0], stored[2], stored[1]]
    assert "had already been moved. This is the order now." in again.text


@pytest.mark.parametrize("position", [None, "", "0", "-1", "4", "x", "9" * 30])
def test_a_button_from_no_page_of_now_moves_nothing(app, as_, stored, position):
    data = {"direction": "up"} | ({} if position is None else {"position": position})

    answer = as_("olivia").post(f"{PAGE}/sections/{stored[2]}/shift", data=data)

    assert answer.status_code == 303
    assert order_on(as_("amy").get(PAGE).text) == list(stored)


def test_a_section_that_was_frozen_is_not_removed(app, as_, stored):
    freeze(app, stored[0], reopened=True)

    answer = as_("olivia").post(f"{PAGE}/sections/{stored[0]}/remove")

    assert answer.status_code == 409
    assert "part of the record" in answer.text


def test_a_version_shows_its_text_its_number_and_its_hash(app, as_):
    words = [
        node("heading", "背景", level=1, lang="ja"),
        paragraph(text("협력", mark("strong")), node("footnote", text="A note.")),
    ]
    with app.app_context():
        [section] = write_report(SectionKind.CHAPTER, blocks=words)
        db.session.commit()
        number = section.id
    digest = freeze(app, number, reopened=True)

    page = as_("oscar").get(f"/c/{cast.SLUG}/sections/{number}/versions/1").text

    assert '<h2 lang="ja">背景</h2>' in page
    assert "<strong>협력</strong>" in page
    assert "A note." in page
    assert digest in page
    assert "Olivia Okafor" in page
    assert "Draft" in page


def test_a_draft_is_read_as_it_stands_and_frozen_text_as_it_was(app, as_, stored):
    address = f"/c/{cast.SLUG}/sections/{stored[0]}/"
    assert "First words." in as_("oscar").get(address).text

    freeze(app, stored[0])

    page = as_("oscar").get(address).text
    assert "First words." in page
    assert "Frozen" in page


def many_sections(app):
    with app.app_context():
        sections = write_report(*[SectionKind.RECOMMENDATION] * 50)
        olivia = person("olivia")
        moves.freeze(sections[0], olivia)
        moves.freeze(sections[1], olivia)
        db.session.commit()
        return sections[0].id


def test_the_outline_asks_the_database_the_same_for_any_number_of_sections(
    app, as_, counted_queries
):
    many_sections(app)
    olivia = as_("olivia")

    with counted_queries() as seen:
        page = olivia.get(PAGE).text

    assert page.count('id="section-') == 50
    # who is signed in, the membership, the report, its sections, their newest versions,
    # the count of notices in the bar
    assert len(seen) == 6, seen


def test_a_version_asks_the_database_the_same_for_any_number_of_sections(
    app, as_, counted_queries
):
    first = many_sections(app)
    amy = as_("amy")

    with counted_queries() as seen:
        amy.get(f"/c/{cast.SLUG}/sections/{first}/versions/1")

    # who is signed in, the membership, the version, all its numbers, its section's number,
    # the count of notices in the bar
    assert len(seen) == 6, seen


def test_numbers_count_each_kind(session):
    sections = write_report(
        SectionKind.CHAPTER, SectionKind.RECOMMENDATION, SectionKind.CHAPTER
    )

    assert [queries.number_of(section) for section in sections] == ["1", "1", "2"]
