"""The demonstration's data files hold what the product promises to show."""

import re
from collections import Counter

import pytest

from workgroup.cohorts.roles import Role
from workgroup.demo import texts


@pytest.fixture(scope="module")
def cohort():
    return texts.read()


def nodes(content):
    for node in content:
        yield node
        yield from nodes(node.get("content", []))


def plain(content):
    return "".join(str(node.get("text", "")) for node in nodes(content))


def all_nodes(cohort):
    return [node for section in cohort.sections for node in nodes(section.content)]


def test_ten_members_sit_in_three_delegations_of_four_three_and_three(cohort):
    members = [person for person in cohort.people if Role.MEMBER in person.roles]

    by_delegation = Counter(person.delegation for person in members)

    assert by_delegation == {"US": 4, "JP": 3, "KR": 3}
    assert [code for code, _ in cohort.delegations] == ["US", "JP", "KR"]


def test_each_subgroup_has_members_of_every_delegation(cohort):
    seats = {(person.subgroup, person.delegation) for person in cohort.people}

    assert len(cohort.subgroups) == 3
    for subgroup in cohort.subgroups:
        assert {(subgroup, code) for code, _ in cohort.delegations} <= seats


def test_those_without_a_delegation_are_not_members(cohort):
    others = [person for person in cohort.people if person.delegation is None]

    roles = [person.roles for person in others]

    assert roles == [{Role.ORGANIZER}, {Role.PUBLISHER}, {Role.OBSERVER}]


def test_japanese_and_korean_people_have_their_native_names(cohort):
    for person in cohort.people:
        needs_one = person.delegation in {"JP", "KR"}
        assert bool(person.native_name) is needs_one, person.key


def test_nobody_can_own_an_address_of_the_demonstration(cohort):
    addresses = [person.address for person in cohort.people]

    assert all(address.endswith(".example") for address in addresses)
    assert len(set(addresses)) == len(addresses)


def test_eight_recommendations_name_addressees_and_a_horizon(cohort):
    recommended = [part for part in cohort.sections if part.kind == "recommendation"]

    assert len(recommended) == 8
    assert all(section.addressees and section.horizon for section in recommended)


def test_the_report_is_long_enough_for_its_pages(cohort):
    words = sum(len(plain(section.content).split()) for section in cohort.sections)

    assert words > 6500


def test_there_are_footnotes_tables_lists_quotations_and_a_link(cohort):
    kinds = Counter(node["type"] for node in all_nodes(cohort))
    marks = Counter(
        mark["type"] for node in all_nodes(cohort) for mark in node.get("marks", [])
    )

    assert kinds["footnote"] >= 25
    assert kinds["table"] >= 3
    assert kinds["bullet_list"] >= 8
    assert kinds["ordered_list"] == 3
    assert kinds["blockquote"] >= 4
    assert marks["link"] >= 1
    assert marks["lang"] >= 2


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_there_are_paragraphs_in_japanese_and_korean(cohort, language):
    spoken = [
        plain([node])
        for node in all_nodes(cohort)
        if node["type"] == "paragraph" and node.get("attrs", {}).get("lang") == language
    ]

    assert len([text for text in spoken if len(text) > 40]) >= 3


def test_every_table_is_rectangular(cohort):
    for table in (node for node in all_nodes(cohort) if node["type"] == "table"):
        widths = {len(row["content"]) for row in table["content"]}
        assert len(widths) == 1


def test_no_markdown_is_left_in_the_text(cohort):
    for section in cohort.sections:
        assert not re.search(r"\*\*|\[\^|\]\(|^#", plain(section.content)), section.key


def test_each_section_has_one_ballot_and_one_of_them_is_open(cohort):
    asked = [ballot.section for ballot in cohort.ballots]
    still_open = [ballot for ballot in cohort.ballots if ballot.closed is None]

    assert sorted(asked) == [section.key for section in cohort.sections]
    assert [ballot.section for ballot in still_open] == ["15-further-track-ii"]
    assert all(b.closed < b.opened for b in cohort.ballots if b not in still_open)


def test_votes_are_cast_by_members_with_a_reason_where_one_is_owed(cohort):
    members = {person.key for person in cohort.people if Role.MEMBER in person.roles}

    for ballot in cohort.ballots:
        assert set(ballot.votes) | set(ballot.absent) <= members
        assert not set(ballot.votes) & set(ballot.absent)
        for position, reason in ballot.votes.values():
            assert reason or not position.needs_reason


def test_every_thread_quotes_words_that_stand_in_one_paragraph_once(cohort):
    for thread in cohort.threads:
        section = cohort.section(thread.section)
        paragraphs = [plain([n]) for n in nodes(section.content) if n["type"] != "text"]
        leaves = [text for text in paragraphs if thread.quote in text]
        assert plain(section.content).count(thread.quote) == 1, thread.quote
        assert leaves, thread.quote


def test_threads_hold_a_japanese_and_a_korean_comment_and_one_is_resolved(cohort):
    texts = [comment.text for thread in cohort.threads for comment in thread.comments]

    assert any(re.search(r"[\u3040-\u30ff]", text) for text in texts)
    assert any(re.search(r"[\uac00-\ud7af]", text) for text in texts)
    assert sum(thread.resolved is not None for thread in cohort.threads) == 1


def test_the_notice_says_that_all_is_invented(cohort):
    assert "invented" in cohort.notice
    assert "invented" in cohort.report["disclaimer"]
