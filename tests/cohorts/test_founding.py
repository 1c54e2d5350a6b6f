from html import unescape

import pytest
from sqlalchemy import select

from tests import cast
from workgroup.accounts import queries as accounts
from workgroup.acts.models import AuditRecord
from workgroup.cohorts import queries, services, slugs
from workgroup.cohorts.models import Cohort
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.drafting.models import Report

FORM = {
    "name": "日米韓 Trilateral 2027",
    "slug": "",
    "title": "A Practical Trilateral Agenda",
    "delegations-0-code": "us",
    "delegations-0-name": "United States",
    "delegations-1-code": "JP",
    "delegations-1-name": "日本",
    "delegations-2-code": "KR",
    "delegations-2-name": "대한민국",
    "subgroups": "Domestic constraints\n\n安全保障\nDomestic constraints\n",
}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Trilateral Working Group", "trilateral-working-group"),
        ("Réunion d’été 2027", "reunion-dete-2027"),
        ("日米韓 Trilateral", "trilateral"),
        ("日米韓作業部会", ""),
        ("A" * 80, "a" * 48),
    ],
)
def test_a_short_name_is_made_from_the_latin_letters_of_a_name(name, slug):
    assert slugs.propose(name) == slug


@pytest.mark.parametrize(
    "slug", ["new", "Static", "-a", "a-", "a b", "日本", "", "a" * 49]
)
def test_a_short_name_that_would_not_work_is_refused(slug):
    assert not slugs.is_usable(slug)


def test_a_founder_creates_a_cohort_with_its_parts_and_its_report(app, as_):
    olivia = as_("olivia")

    answer = olivia.post("/cohorts/new", data=FORM)

    assert answer.status_code == 303
    assert answer.location == "/c/trilateral-2027/people"
    with app.app_context():
        cohort = db.session.scalars(
            select(Cohort).where(Cohort.slug == "trilateral-2027")
        ).one()
        parts = queries.delegations(cohort.id)
        assert [(one.code, one.name) for one in parts] == [
            ("US", "United States"),
            ("JP", "日本"),
            ("KR", "대한민국"),
        ]
        groups = queries.subgroups(cohort.id)
        assert [one.name for one in groups] == ["Domestic constraints", "安全保障"]
        [founder] = queries.people(cohort.id)
        assert founder.user.email == cast.address("olivia")
        assert founder.roles == frozenset({Role.ORGANIZER})
        [title] = db.session.scalars(
            select(Report.title).where(Report.cohort_id == cohort.id)
        )
        assert title == "A Practical Trilateral Agenda"
        acts = db.session.scalars(select(AuditRecord.action)).all()
        assert acts[0] == "cohort.founded"


def test_a_person_who_may_not_create_cohorts_is_refused(as_):
    assert as_("hana").get("/cohorts/new").status_code == 403
    assert as_("hana").post("/cohorts/new", data=FORM).status_code == 403


def test_a_taken_short_name_is_refused_and_nothing_typed_is_lost(app, as_):
    answer = as_("olivia").post("/cohorts/new", data=FORM | {"slug": cast.SLUG})

    assert answer.status_code == 409
    assert "Another cohort already uses this short name" in answer.text
    assert "대한민국" in answer.text
    assert "安全保障" in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(Cohort)).all()) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "日米韓"}, "Choose another short name"),
        ({"slug": "new"}, "Choose another short name"),
    ],
)
def test_an_unusable_short_name_is_refused_in_words(as_, change, sentence):
    answer = as_("olivia").post("/cohorts/new", data=FORM | change)

    assert answer.status_code == 409
    assert sentence in answer.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Enter the cohort’s name."),
        ({"title": ""}, "Enter the report’s title."),
        ({"delegations-3-code": "FR"}, "Row 4: enter both the code and the name."),
        ({"delegations-1-code": "日本"}, "Row 2: the code must be two or three Latin letters."),
        ({"delegations-1-code": "US"}, "US is there more than once. Give each delegation its own code."),
        ({"subgroups": "x" * 121}, "at most 120 characters"),
        ({"subgroups": "\n" * 100_000}, "at most 20 subgroups"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_read_says_what_to_enter(as_, change, sentence):
    answer = as_("olivia").post("/cohorts/new", data=FORM | change)

    assert answer.status_code == 422
    assert sentence in unescape(answer.text)


def test_the_constraint_decides_between_two_founders(session):
    olivia = accounts.find_user(cast.address("olivia"))
    services.found(olivia, services.Plan("First", slug="same"))

    with pytest.raises(services.NameTakenError):
        services.found(olivia, services.Plan("Second", slug="same"))

    session.commit()
    assert session.scalars(select(Cohort.name).where(Cohort.slug == "same")).all() == [
        "First"
    ]


def test_the_start_page_lists_cohorts_or_goes_to_the_only_one(as_):
    olivia, hana = as_("olivia").get("/"), as_("hana").get("/")

    assert "Trilateral Working Group" in olivia.text
    assert "Create a cohort" in olivia.text
    assert hana.status_code == 302
    assert hana.location == "/c/trilateral/"
