"""What a reader may see of a person: one pure function, as tables."""

import pytest

from workgroup.cohorts import attribution
from workgroup.cohorts.attribution import (
    DECIDED,
    Mode,
    Person,
    Reader,
    Surface,
    Words,
    other_form,
    show,
    shows_more,
)

WORDS = Words(not_given="Name not given", you="You", somebody="Someone", staff="Staff")
HANA = Person(
    3, "Hana Hoshino", "星野 花", "ja", family_first=True, code="JP", delegation="Japan"
)
MINJUN = Person(
    4,
    "Minjun Ma",
    "마민준",
    "ko",
    family_first=True,
    code="KR",
    delegation="Republic of Korea",
)
OLIVIA = Person(11, "Olivia Okafor")
NOBODY = Person(5, "", code="JP", delegation="Japan")
NATIVE_ALONE = Person(6, "", "星野 花", "ja", family_first=True)
AMY = Reader(2)


@pytest.mark.parametrize(
    ("person", "language", "text", "lang", "initials"),
    [
        (HANA, "en", "Hana Hoshino", "", "HH"),
        (HANA, "ja", "星野 花", "", "星"),
        (HANA, "ko", "Hana Hoshino", "", "HH"),
        (MINJUN, "ko", "마민준", "", "마"),
        (MINJUN, "ja", "Minjun Ma", "", "MM"),
        (NATIVE_ALONE, "en", "星野 花", "ja", "星"),
        (NOBODY, "en", "Name not given", "", "?"),
        (Person(1, "Ana María de Soto"), "en", "Ana María de Soto", "", "AS"),
        (Person(1, "", "花 星野", "ja"), "en", "花 星野", "ja", "星"),
        (Person(1, "Hana"), "en", "Hana", "", "H"),
        (Person(1, "Ángel Núñez"), "en", "Ángel Núñez", "", "ÁN"),
        (Person(1, "花 星野"), "en", "花 星野", "", "星"),
        (Person(1, "ぁ ぁ"), "en", "ぁ ぁ", "", "ぁ"),
        (Person(1, "鿿 鿿"), "en", "鿿 鿿", "", "鿿"),
        (Person(1, "가 가"), "en", "가 가", "", "가"),
        (Person(1, "힣 힣"), "en", "힣 힣", "", "힣"),
        (Person(1, "", "Hana Hoshino", "ja"), "en", "Hana Hoshino", "ja", "H"),
    ],
)  # fmt: skip
def test_a_named_person(person, language, text, lang, initials):
    shown = show(person, Reader(2, language), Mode.NAMED, WORDS)

    assert (shown.text, shown.lang, shown.initials) == (text, lang, initials)


def test_the_colors_of_a_room_are_eight():
    colors = [
        show(Person(id_, "A B"), AMY, Mode.NAMED, WORDS).color for id_ in (3, 7, 8)
    ]

    assert colors == [3, 7, 0]


def test_both_forms_of_a_name_where_there_are_two():
    assert other_form(HANA, Reader(2)).text == "星野 花"
    assert other_form(HANA, Reader(2)).lang == "ja"
    assert other_form(HANA, Reader(2, "ja")).text == "Hana Hoshino"
    assert other_form(OLIVIA, Reader(2)) is None
    assert other_form(NATIVE_ALONE, Reader(2)) is None


@pytest.mark.parametrize(
    ("mode", "text", "code", "initials"),
    [(Mode.DELEGATION, "Japan", "JP", "JP"), (Mode.NONE, "Someone", "", "")],
)
def test_two_people_of_a_delegation_cannot_be_distinguished(mode, text, code, initials):
    hana, other = (show(one, AMY, mode, WORDS) for one in (HANA, NOBODY))

    assert hana == other
    assert (hana.text, hana.code, hana.initials) == (text, code, initials)
    assert hana.color is None


@pytest.mark.parametrize("person", [HANA, MINJUN, OLIVIA, NOBODY])
def test_where_nothing_may_show_everybody_looks_the_same(person):
    assert show(person, AMY, Mode.NONE, WORDS) == show(HANA, AMY, Mode.NONE, WORDS)


def test_staff_have_no_delegation():
    shown = show(OLIVIA, AMY, Mode.DELEGATION, WORDS)

    assert (shown.text, shown.initials, shown.is_named) == ("Staff", "S", False)
    assert show(OLIVIA, AMY, Mode.NAMED, WORDS).is_named


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        (Mode.NAMED, "Hana Hoshino"),
        (Mode.DELEGATION, "You · Japan"),
        (Mode.NONE, "You"),
    ],
)
def test_everybody_finds_what_is_their_own(mode, text):
    assert show(HANA, Reader(HANA.user_id), mode, WORDS).text == text


def test_a_file_is_read_by_nobody_in_particular():
    assert show(HANA, Reader(None), Mode.NONE, WORDS).text == "Someone"


def test_a_native_name_carries_its_language_and_nothing_else_gets_through():
    hostile = Person(7, "", "<b>花</b>", 'ja"><script>')

    page = show(hostile, AMY, Mode.NAMED, WORDS).__html__()

    assert page == '<span lang="ja&#34;&gt;&lt;script&gt;">&lt;b&gt;花&lt;/b&gt;</span>'


@pytest.mark.parametrize(
    ("new", "old", "more"),
    [
        (Mode.NAMED, Mode.DELEGATION, True),
        (Mode.NAMED, Mode.NONE, True),
        (Mode.DELEGATION, Mode.NONE, True),
        (Mode.NONE, Mode.NAMED, False),
        (Mode.DELEGATION, Mode.DELEGATION, False),
    ],
)
def test_what_shows_more(new, old, more):
    assert shows_more(new, old) is more


def test_a_cohort_does_not_decide_how_its_list_of_people_names_them():
    assert set(DECIDED) == set(Surface) - {Surface.PEOPLE}


@pytest.mark.parametrize("mode", [Mode.DELEGATION, Mode.NONE])
def test_the_words_in_place_of_a_name_are_not_a_name(mode):
    assert not show(HANA, AMY, mode, WORDS).is_named


def test_a_field_with_too_few_or_too_many_surfaces_is_ignored():
    assert attribution.read("named,none") == {}
    assert attribution.read(",".join(["named"] * (len(DECIDED) + 1))) == {}
