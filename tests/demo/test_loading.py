"""The demo is loaded through the features' services: rows, states, and their times."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from workgroup import clock
from workgroup.acts import queries as audit
from workgroup.cohorts.models import Cohort, Delegation, Membership, Subgroup
from workgroup.deciding.models import Ballot, Elector, Participation, Vote
from workgroup.deciding.moves import recount
from workgroup.deciding.rules import Outcome
from workgroup.demo import services
from workgroup.discussion import anchors
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting.models import Section, Version
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.textlog.models import Stream


def count(history, table):
    return history.scalar(select(func.count()).select_from(table))


def test_ten_members_of_three_delegations_and_three_others(history, text):
    codes = history.scalars(
        select(Delegation.code).join(
            Membership, Membership.delegation_id == Delegation.id
        )
    )

    assert Counter(codes) == {"US": 4, "JP": 3, "KR": 3}
    assert count(history, Membership) == 13
    assert count(history, Subgroup) == 3
    assert history.scalars(select(Cohort)).one().notice == text.notice


def test_every_section_is_decided_but_one(history):
    states = Counter(history.scalars(select(Section.state)))

    assert states == {
        SectionState.ADOPTED: 15,
        SectionState.REJECTED: 1,
        SectionState.IN_BALLOT: 1,
    }


def test_the_report_has_eight_recommendations_with_their_fields(history):
    recommendations = history.scalars(
        select(Section).where(Section.kind == SectionKind.RECOMMENDATION)
    ).all()

    assert len(recommendations) == 8
    assert all(one.addressees and one.horizon for one in recommendations)


def test_each_text_is_frozen_as_its_file_has_it(history, text):
    versions = history.scalars(
        select(Version).options(undefer(Version.canonical))
    ).all()

    frozen = {version.title: version for version in versions}

    assert len(versions) == len(text.sections)
    for section in text.sections:
        assert frozen[section.title].canonical["blocks"] == section.content
    assert all(history.scalars(select(Stream.frozen_at)))


def test_the_one_ballot_that_is_open_takes_votes_for_days_to_come(history):
    ballot = history.scalars(select(Ballot).where(Ballot.outcome.is_(None))).one()

    cast = count(history, select(Vote).where(Vote.ballot_id == ballot.id).subquery())

    assert ballot.is_open(clock.now() + timedelta(days=4))
    assert cast == 6
    assert count(
        history, select(Elector).where(Elector.ballot_id == ballot.id).subquery()
    ) == (10)


def test_the_rejected_text_failed_in_one_delegation_only(history):
    ballot = history.scalars(
        select(Ballot).where(Ballot.outcome == Outcome.REJECTED)
    ).one()

    counted = recount(ballot)

    failed = [finding.delegation for finding in counted.reasons]
    assert failed == ["KR"]
    assert counted.over_all.supporters == 7


def test_every_closed_ballot_counts_again_as_it_was_closed(history):
    closed = history.scalars(select(Ballot).where(Ballot.outcome.is_not(None))).all()

    assert len(closed) == 16
    for ballot in closed:
        assert recount(ballot).outcome is ballot.outcome


def test_the_threads_are_anchored_in_drafts_and_on_frozen_text(history, text):
    threads = history.scalars(
        select(Thread)
        .options(joinedload(Thread.section).joinedload(Section.stream))
        .order_by(Thread.id)
    ).all()

    assert [one.quote for one in threads] == [one.quote for one in text.threads]
    assert [one.version_id is not None for one in threads] == [
        one.frozen for one in text.threads
    ]
    assert [one.resolved_at is not None for one in threads].count(True) == 1
    assert not any(anchors.lost(thread.section, [thread]) for thread in threads)


def test_the_comments_are_all_there(history, text):
    bodies = history.scalars(select(Comment.body).order_by(Comment.id)).all()

    assert len(bodies) == sum(1 + len(thread.comments) for thread in text.threads)
    assert any("각주에" in words for words in bodies)
    assert any("作業部会" in words for words in bodies)


def test_the_past_is_spread_over_weeks_and_nothing_happened_in_the_future(history):
    now = clock.now()
    cast = history.scalars(select(Participation.at)).all()
    founded = history.scalars(select(Cohort.created_at)).one()

    assert now - founded > timedelta(days=60)
    assert max(cast) - min(cast) > timedelta(days=21)
    assert max(cast) <= now


def test_votes_were_cast_while_their_ballot_was_open(history):
    rows = history.execute(
        select(Participation.at, Ballot.opens_at, Ballot.closes_at).join(
            Ballot, Participation.ballot_id == Ballot.id
        )
    ).all()

    assert all(opens <= cast < closes for cast, opens, closes in rows)


def test_the_audit_log_of_the_past_is_whole(history):
    assert audit.first_altered() is None


def test_a_second_loading_is_refused(demo):
    with demo.app.app_context(), pytest.raises(services.NotEmptyError, match="empty"):
        services.load()
