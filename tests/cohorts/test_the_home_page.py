from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from tests import cast
from workgroup import clock
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.models import Cohort
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.deciding.models import Ballot, Elector, Participation, Vote
from workgroup.deciding.rules import Position, Rule, Threshold
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting import queries as drafting
from workgroup.drafting.models import Report, Section, Version
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.lifecycle import progress, queries
from workgroup.textlog.models import Stream

HOME = f"/c/{cast.SLUG}/"
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
RULE = Rule(Fraction(1, 2), Threshold(Fraction(2, 3)), Fraction(0), None, None)


def person(name):
    [found] = [one for one in cohorts.people(1) if one.user.email == cast.address(name)]
    return found


def write_sections(number, state=SectionState.DRAFT, subgroup_id=None):
    report = db.session.query(Report).first()
    if report is None:
        report = Report(cohort_id=1, title="Agenda")
        db.session.add(report)
        db.session.flush()
    for count in range(number):
        stream = Stream(epoch=1)
        db.session.add(stream)
        db.session.flush()
        position = drafting.section_count(report.id) + 1
        section = Section(
            report_id=report.id,
            stream_id=stream.id,
            kind=SectionKind.CHAPTER,
            title=f"Chapter {count}",
            position=position,
            subgroup_id=subgroup_id,
            state=state,
        )
        db.session.add(section)
    db.session.flush()
    return section


def write_ballots(section, number, electors=("hana", "amy")):
    """Open ballots, the first on the section, each other on one of its own."""
    olivia = person("olivia")
    for count in range(number):
        if count:
            section = write_sections(1, SectionState.IN_BALLOT)
        version = Version(
            section_id=section.id,
            number=1,
            epoch=1,
            seq=0,
            canonical={"title": section.title},
            sha256="0" * 64,
            frozen_at=NOW,
            frozen_by_id=olivia.id,
        )
        db.session.add(version)
        db.session.flush()
        ballot = Ballot(
            cohort_id=1,
            version=version,
            rule=RULE,
            opened_by_id=olivia.id,
            opens_at=NOW,
            closes_at=NOW + timedelta(days=3),
        )
        db.session.add(ballot)
        db.session.flush()
        for name in electors:
            member = person(name)
            db.session.add(
                Elector(
                    ballot_id=ballot.id,
                    membership_id=member.id,
                    delegation_id=member.delegation_id,
                )
            )
    db.session.flush()
    return ballot


def write_thread(section, names, *, resolved=False):
    thread = Thread(
        section_id=section.id,
        quote="rarely across borders",
        created_at=NOW,
        resolved_at=NOW if resolved else None,
    )
    db.session.add(thread)
    db.session.flush()
    for name in names:
        db.session.add(
            Comment(
                thread_id=thread.id, author_id=person(name).id, body="Words.", at=NOW
            )
        )
        db.session.flush()
    return thread


@pytest.mark.both_databases
def test_ballots_wait_for_electors_who_have_not_voted(session):
    ballot = write_ballots(write_sections(1, SectionState.IN_BALLOT), 3)
    elector = (
        session.query(Elector)
        .filter_by(membership_id=person("amy").id, ballot_id=ballot.id)
        .one()
    )
    keys = {"ballot_id": ballot.id, "elector_id": elector.id}
    session.add_all(
        [Vote(position=Position.SUPPORT, **keys), Participation(at=NOW, **keys)]
    )
    session.commit()

    def standing(name):
        found = queries.open_ballots(person(name), NOW + timedelta(hours=1))
        [one] = [listed for listed in found if listed.ballot.id == ballot.id]
        return (one.may_vote, one.has_voted, one.electors, one.voted)

    assert standing("hana") == (True, False, 2, 1)
    assert standing("amy") == (True, True, 2, 1)
    assert standing("oscar") == (False, False, 2, 1)
    assert queries.open_ballots(person("hana"), ballot.closes_at) == []

    hana = person("hana")
    hana.roles, hana.delegation_id = frozenset({Role.OBSERVER}), None
    assert standing("hana") == (False, False, 2, 1)


@pytest.mark.both_databases
def test_a_thread_waits_for_a_member_whom_somebody_answered(session):
    section = write_sections(1)
    answered = write_thread(section, ["hana", "amy", "minjun"])
    write_thread(section, ["amy", "hana"])
    write_thread(section, ["hana", "amy"], resolved=True)
    write_thread(section, ["amy"])
    session.commit()

    [found] = queries.answers_to(person("hana"))

    assert (found.thread_id, found.answers) == (answered.public_id, 2)
    assert queries.answers_to(person("oscar")) == []


def test_the_bar_shows_every_state_at_its_share():
    counted = progress.together(
        [{SectionState.ADOPTED: 2}, {SectionState.DRAFT: 1, SectionState.ADOPTED: 1}]
    )

    assert (counted.adopted, counted.whole) == (3, 4)
    assert counted.others == [(SectionState.DRAFT, 1)]
    assert [(piece.start, piece.width) for piece in counted.pieces] == [
        (0, 75),
        (75, 25),
    ]


def test_a_new_cohort_says_what_comes_next(as_):
    page = as_("olivia").get(HOME).text

    assert "Nothing is waiting for you" in page
    assert "No sections yet" in page
    assert "No ballots are open" in page
    assert "All votes are in" not in page


def test_a_member_with_nothing_to_do_sees_what_others_have_not_done(app, as_):
    with app.app_context(), clock.pretend(NOW + timedelta(hours=1)):
        write_ballots(write_sections(1, SectionState.IN_BALLOT), 1)
        db.session.commit()
        page = as_("olivia").get(HOME).text

    assert "2 votes by other members are outstanding." in page
    assert "All votes are in" not in page


def test_the_figures_of_a_cohort_at_work(app, as_):
    with app.app_context(), clock.pretend(NOW + timedelta(hours=1)):
        write_sections(2, SectionState.ADOPTED, subgroup_id=1)
        section = write_sections(1, SectionState.IN_BALLOT)
        write_ballots(section, 1)
        write_thread(section, ["hana", "amy"])
        db.session.commit()

    with clock.pretend(NOW + timedelta(hours=1)):
        page = as_("hana").get(HOME).text

    assert "Adopt Chapter 0?" in page
    assert "One reply after yours" in page
    assert "rarely across borders" in page
    assert "0 of 2 have voted" in page
    assert "2 of 2" in page


def test_the_notice_of_a_cohort_shows_on_its_pages(app, as_):
    with app.app_context():
        db.session.get(Cohort, 1).notice = "These people are invented."
        db.session.commit()

    pages = [as_("hana").get(path).text for path in (HOME, f"{HOME}people")]

    assert all("These people are invented." in page for page in pages)


def test_the_home_page_asks_a_constant_number_of_queries(app, as_, counted_queries):
    with app.app_context(), clock.pretend(NOW):
        section = write_sections(50)
        write_ballots(section, 100)
        for _ in range(10):
            write_thread(section, ["hana", "amy"] * 50)
        db.session.commit()
    hana = as_("hana")

    with clock.pretend(NOW + timedelta(hours=1)), counted_queries() as seen:
        page = hana.get(HOME)

    assert page.status_code == 200
    # person, membership; sections, report, open ballots, answers, threads, subgroups,
    # delegations, members of subgroups, people of delegations; the count of notices in the bar
    assert len(seen) == 12, seen


@pytest.mark.both_databases
def test_a_large_subgroup_names_its_first_members_and_counts_the_others(session):
    hana = person("hana")
    cast.write_colleagues(hana, 100)
    session.flush()

    whole = queries.members_of_subgroups(1)[hana.subgroup_id]
    everybody = [
        one for one in cohorts.people(1) if one.subgroup_id == hana.subgroup_id
    ]

    assert whole.first == everybody[: queries.NAMED_FIRST]
    assert whole.more == len(everybody) - queries.NAMED_FIRST > 90


def test_the_home_page_does_not_grow_with_the_people(app, as_):
    with app.app_context():
        write_sections(2)
        db.session.commit()
    olivia = as_("olivia")
    before = len(olivia.get(HOME).data)
    with app.app_context():
        cast.write_colleagues(person("hana"), 200)
        db.session.commit()

    page = olivia.get(HOME)

    assert len(page.data) - before < 1000  # bytes
    assert "Person 003 and 197 more" in " ".join(page.text.split())


def test_the_home_page_shows_the_ballots_that_close_first_and_leads_to_the_others(
    app, as_
):
    with app.app_context(), clock.pretend(NOW):
        write_ballots(write_sections(1, SectionState.IN_BALLOT), 30)
        db.session.commit()

    with clock.pretend(NOW + timedelta(hours=1)):
        page = as_("hana").get(HOME).text

    assert page.count("Adopt Chapter 0?") == 10
    assert page.count("0 of 2 have voted") == 10
    assert page.count("Show 20 more ballots") == 2
    assert "in 30 open ballots" in page
    assert f'<span class="count">{30}</span>' in page
