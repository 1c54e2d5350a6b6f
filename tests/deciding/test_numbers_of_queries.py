"""Pages of ballots run the same number of queries, however many ballots there are."""

import re

import pytest

from tests import cast
from tests.deciding.building import a_ballot, person
from workgroup.deciding import services
from workgroup.deciding.rules import Position
from workgroup.lifecycle import flow

MANY = 100


def many_ballots():
    """Write a hundred ballots, each with a vote; every second one is closed."""
    for number in range(MANY):
        ballot = a_ballot(f"Section {number}")
        services.cast_vote(ballot, person("hana"), Position.SUPPORT, "")
        if number % 2:
            flow.close(ballot, by=person("olivia"))
    return ballot.id


@pytest.fixture
def last(app, database):
    return database.once(many_ballots)


def test_the_pages_of_a_hundred_ballots(as_, last, counted_queries):
    hana = as_("hana")

    with counted_queries() as listed:
        hana.get(f"/c/{cast.SLUG}/ballots")
    with counted_queries() as open_:
        hana.get(f"/c/{cast.SLUG}/ballots/{last - 1}")
    with counted_queries() as closed:
        hana.get(f"/c/{cast.SLUG}/ballots/{last}")

    # Each page: the person, the membership, the count of notices in the bar; then
    assert len(listed) == 3 + 1  # the ballots with their counts
    assert len(open_) == 3 + 4  # ballot and text, electors, one's own vote, who voted
    assert len(closed) == 3 + 3  # ballot and text, electors, votes


def test_the_list_of_a_hundred_ballots_is_paged(as_, last):
    hana, found, url = as_("hana"), [], f"/c/{cast.SLUG}/ballots"
    pages = 0
    while url:
        page = hana.get(url).text
        found += map(int, re.findall(r'/ballots/(\d+)"', page))
        link = re.search(r'rel="next"\s+href="([^"]*)"', page)
        url, pages = link and link[1], pages + 1

    assert pages == MANY / 20
    assert found == list(range(last, last - MANY, -1))


@pytest.mark.parametrize("number", ["0", "-3", "x", "9" * 30])
def test_a_page_that_the_list_does_not_have_is_no_error(as_, last, number):
    answer = as_("hana").get(f"/c/{cast.SLUG}/ballots?page={number}")

    assert answer.status_code == 200
