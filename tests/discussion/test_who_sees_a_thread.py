"""A thread of a delegation or a subgroup does not exist for anybody else: no words, id or count."""

import pytest
from sqlalchemy import select

from tests import cast
from tests.deciding.building import a_ballot, a_section, person
from tests.notifications.notices import write_notices
from tests.refused import foreign, refused
from workgroup.cohorts.models import Delegation, Subgroup
from workgroup.database import db
from workgroup.discussion import anchors, queries, services
from workgroup.discussion.kinds import PUBLIC_ID, Audience, Subject
from workgroup.discussion.models import Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.labels import rendered_labels
from workgroup.drafting.models import Section
from workgroup.lifecycle import desk
from workgroup.lifecycle import queries as home
from workgroup.notifications import queries as notices

TALK = "We can give up the second sentence."
WORDS = Quotation("once a year")
ALL = ("olivia", "amy", "hana", "minjun", "paul", "oscar")
# whose thread it is → who sees it; all three members are of the one subgroup
SEEN_BY = {
    Audience.EVERYBODY: set(ALL),
    Audience.DELEGATION: {"hana"},
    Audience.SUBGROUP: {"amy", "hana", "minjun"},
}
AUDIENCES = pytest.mark.parametrize("audience", list(Audience))


@pytest.fixture
def section(session):
    section = a_section()
    session.commit()
    return section


def begin(section, audience, name="hana", quotation=WORDS):
    thread = services.open_thread(
        section, person(name), TALK, quotation, audience=audience
    )
    db.session.commit()
    return thread


def those_for_whom(sees):
    return {name for name in ALL if sees(person(name))}


@pytest.mark.both_databases
@AUDIENCES
def test_the_threads_of_a_section(section, audience):
    thread = begin(section, audience)

    seen = SEEN_BY[audience]
    assert those_for_whom(lambda me: queries.threads(me, section.id)) == seen
    assert those_for_whom(lambda me: queries.open_threads(me, section.id)) == seen
    assert those_for_whom(lambda me: queries.find_thread(me, thread.public_id)) == seen


@pytest.mark.both_databases
@AUDIENCES
def test_the_number_of_open_threads(section, audience):
    begin(section, audience)

    assert those_for_whom(home.open_threads_by_subgroup) == SEEN_BY[audience]


def test_answers_that_one_may_no_longer_read_are_not_counted(session, section):
    thread = begin(section, Audience.SUBGROUP)
    services.reply(thread, person("amy"), "Only the first half.")
    session.commit()
    hana = person("hana")
    assert [one.thread_id for one in home.answers_to(hana)] == [thread.public_id]

    hana.subgroup_id = None
    session.commit()

    assert home.answers_to(person("hana")) == []


@pytest.mark.both_databases
def test_a_notice_of_it_is_shown_as_long_as_one_may_read_it(session, section):
    thread = begin(section, Audience.SUBGROUP)
    services.reply(thread, person("amy"), "Only the first half.")
    session.commit()
    write_notices()
    hana = person("hana")
    assert (
        len(notices.notices(hana.user_id, 10))
        == notices.bell(hana.user_id, notices.Here()).unread
        == 1
    )

    hana.subgroup_id = None
    session.commit()

    assert notices.notices(hana.user_id, 10) == []
    assert notices.bell(hana.user_id, notices.Here()).unread == 0


def test_a_former_member_sees_nothing(session, section):
    thread = begin(section, Audience.EVERYBODY)
    amy = person("amy")
    amy.ended_at = cast.JOINED
    session.commit()

    assert queries.threads(amy, section.id) == []
    assert queries.find_thread(amy, thread.public_id) is None
    assert home.open_threads_by_subgroup(amy) == {}


@AUDIENCES
def test_no_thread_is_seen_from_another_cohort(session, section, audience):
    thread = begin(section, audience)
    stranger = person("hana")
    session.expunge(stranger)
    stranger.cohort_id += 1  # with the very ids of the delegation and the subgroup

    assert queries.threads(stranger, section.id) == []
    assert queries.find_thread(stranger, thread.public_id) is None


@pytest.mark.parametrize("audience", [Audience.DELEGATION, Audience.SUBGROUP])
def test_the_pages_show_and_answer_nothing_of_it(app, as_, audience):
    with app.app_context():
        section = a_section()
        thread = begin(section, audience)
        section_id, public_id = section.id, thread.public_id
    at = f"/c/{cast.SLUG}"
    pages = (
        f"{at}/sections/{section_id}/threads",
        f"{at}/sections/{section_id}/",
        f"{at}/",
    )

    def all_pages(name):
        client = as_(name)
        return " ".join(client.get(page).text for page in pages)

    insider, outsider = all_pages("hana"), all_pages("olivia")

    assert TALK in insider
    assert public_id in insider
    assert TALK not in outsider
    assert public_id not in outsider
    for act in ("reply", "resolve", "reopen"):
        answer = as_("olivia").post(
            f"{at}/threads/{public_id}/{act}", data={"body": "I know."}
        )
        assert answer.status_code in {403, 404}
        nobody = as_("olivia").post(
            f"{at}/threads/{'x' * 22}/{act}", data={"body": "?"}
        )
        assert (answer.status_code, len(answer.data)) == (
            nobody.status_code,
            len(nobody.data),
        )


def test_the_words_of_a_caucus_are_highlighted_for_its_people_alone(session, section):
    thread = begin(section, Audience.DELEGATION)

    def text(name):
        return str(desk.lay_out(section, person(name), rendered_labels()).text)

    assert thread.public_id in text("hana")
    assert thread.public_id not in text("amy")
    assert "data-passage" not in text("amy")


@AUDIENCES
def test_only_a_thread_for_everybody_is_a_mark_in_the_shared_text(section, audience):
    thread = begin(section, audience)

    held = "mark" if audience is Audience.EVERYBODY else "quote"
    assert anchors.anchor(thread) == held


def test_a_person_without_a_delegation_has_no_caucus(section):
    with pytest.raises(services.NoCaucusError, match="don’t belong to a delegation"):
        begin(section, Audience.DELEGATION, name="olivia")

    db.session.rollback()
    assert db.session.scalars(select(Thread)).all() == []


def test_a_public_id_reveals_neither_order_nor_number(section):
    ids = [begin(section, Audience.EVERYBODY).public_id for _ in range(20)]

    assert len(set(ids)) == 20
    assert all(len(one) == 22 and PUBLIC_ID.fullmatch(one) for one in ids)
    assert ids not in (sorted(ids), sorted(ids, reverse=True))


@pytest.mark.parametrize("address", ["%00", "1%00", "x" * 5000, "9" * 30, "ä", "-1"])
@pytest.mark.both_databases
def test_an_id_that_was_never_given_out_is_not_found(as_, address):
    answer = as_("hana").post(f"/c/{cast.SLUG}/threads/{address}/resolve")

    assert answer.status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("delegation_of_audience", "audience = 'delegation'"),
        ("subgroup_of_audience", "audience = 'subgroup'"),
        ("delegation_of_audience", "delegation_id = :delegation"),
        ("subgroup_of_audience", "subgroup_id = :subgroup"),
        ("version_of_subject", "subject = 'version'"),
        ("ballot_of_subject", "subject = 'ballot'"),
        ("another cohort", "audience = 'delegation', delegation_id = :abroad"),
        ("another cohort", "audience = 'subgroup', subgroup_id = :elsewhere"),
        ("another section", "subject = 'ballot', ballot_id = :ballot"),
        (r"uq_threads_public_id|UNIQUE.*threads\.public_id", "public_id = :taken"),
    ],
)
def test_the_database_refuses_a_thread_that_contradicts_itself(section, why, change):
    thread, other = (
        begin(section, Audience.EVERYBODY),
        begin(section, Audience.SUBGROUP),
    )
    hana = person("hana")
    values = {
        "delegation": hana.delegation_id,
        "subgroup": hana.subgroup_id,
        "abroad": foreign(Delegation, code="FR", name="France", position=1),
        "elsewhere": foreign(Subgroup, name="Others", position=1),
        "ballot": a_ballot("Space policy").id,
        "taken": other.public_id,
    }
    used = {name: value for name, value in values.items() if f":{name}" in change}

    refused(why, f"UPDATE threads SET {change} WHERE id = :id", id=thread.id, **used)


SUBJECTS = {
    Subject.WORDS: lambda _ballot: {},
    Subject.SECTION: lambda _ballot: {},
    Subject.VERSION: lambda ballot: {"version_id": ballot.version_id},
    Subject.BALLOT: lambda ballot: {"ballot_id": ballot.id},
}


@pytest.mark.both_databases
@AUDIENCES
@pytest.mark.parametrize("subject", list(Subject))
def test_its_people_see_it_whatever_it_is_about(session, subject, audience):
    ballot = a_ballot()
    section = session.get_one(Section, ballot.section_id)
    thread = begin(section, audience, quotation=Quotation())
    thread.subject, thread.version_id, thread.ballot_id = subject, None, None
    for column, value in SUBJECTS[subject](ballot).items():
        setattr(thread, column, value)
    services.reply(thread, person("hana"), "Only the first half.")
    session.commit()

    seen = SEEN_BY[audience]
    assert those_for_whom(lambda me: queries.threads(me, section.id)) == seen
    assert those_for_whom(lambda me: queries.find_thread(me, thread.public_id)) == seen
    assert (
        those_for_whom(lambda me: queries.changed_threads(me, section.id, 0, 9)) == seen
    )
    assert those_for_whom(home.open_threads_by_subgroup) == seen
