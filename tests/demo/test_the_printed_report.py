"""The demo's report, printed by ``flask export``."""

import re

import pytest

from tests.exports.conftest import page_texts


@pytest.fixture(scope="module")
def pages(engine, demo, tmp_path_factory):
    target = tmp_path_factory.mktemp("printed") / "report.pdf"
    result = demo.app.test_cli_runner().invoke(args=["export", "--out", str(target)])
    assert result.exit_code == 0, result.output
    return page_texts(target)


@pytest.fixture
def bare(pages):
    """All words without spaces and line ends, which fall anywhere in Japanese."""
    return re.sub(r"\s|\u2060|(?<=[a-z])-\n", "", "".join(pages))


def test_it_has_sixteen_pages_or_more(pages):
    assert len(pages) >= 16


def test_every_page_says_that_it_is_a_draft_while_a_ballot_is_open(pages):
    assert all("DRAFT" in page for page in pages)


def test_it_says_that_the_people_are_invented(pages):
    assert any("invented" in page for page in pages[:3])


def test_the_abstracts_are_there_in_japanese_and_korean(bare):
    assert "予算、法制度、人員、世論といった各国の事情は変わっておらず" in bare
    assert "보고시한을정하는데무게를두었다" in bare


def test_a_rejected_text_is_left_out_and_listed_in_the_record_of_votes(bare):
    assert "Rulesondisclosurehavemovedapart" not in bare
    assert bare.count("ATableforThree:BusinessandEnvironmentalGroups") == 1


def test_the_text_whose_ballot_is_open_is_printed_with_its_state(bare):
    assert "Unofficialdialogueischeap,patient" in bare


def test_every_footnote_is_printed(bare):
    assert "Coalition" in bare
    assert "2013다61381" in bare
    assert "日本政府観光局" in bare
