import pytest

from workgroup.discussion import quotations

TEXT = (
    "Japan will report disruptions within ten days.\n"
    "Korea will report disruptions within five days.\n"
    "各国政府は早期警報の仕組みを設けるべきである。\n"
    "세 나라는 조기 경보 체계를\u200b 마련해야 한다."
)


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix", "found"),
    [
        ("within ten days", "", "", "within ten days"),
        ("report disruptions", "Japan will ", " within ten", (11, 29)),
        ("report disruptions", "Korea will ", " within five", (58, 76)),
        ("report disruptions", "", "", (11, 29)),  # the first, where nothing tells
        ("report disruptions", "", " within five", (58, 76)),
        # Neither passage is in the text as it was quoted: the likelier one wins.
        ("report disruptions", "then Korea will ", " within six", (58, 76)),
        ("report disruptions", "will ", " within five weeks", (58, 76)),
        ("within\n  ten   days", "", "", "within ten days"),
        ("ten days. Korea will", "", "", "ten days.\nKorea will"),
        ("早期警報の仕組み", "", "", "早期警報の仕組み"),
        ("早期警報の\n仕組み", "", "", "早期警報の仕組み"),
        ("早期警報　の仕組み", "", "", "早期警報の仕組み"),
        ("조기 경보 체계", "", "", "조기 경보 체계"),
        ("조기\n경보체계", "", "", "조기 경보 체계"),
        ("within twenty days", "", "", None),
        ("Within Ten Days", "", "", None),
        ("", "", "", None),
        (" \n", "", "", None),
        ("\u200b", "", "", None),
    ],
)
def test_a_quotation_is_found_where_its_words_stand(quote, prefix, suffix, found):
    place = quotations.find(TEXT, quote, prefix, suffix)

    if isinstance(found, str):
        assert TEXT[slice(*place)] == found
    else:
        assert place == found


def test_offsets_count_code_points():
    assert quotations.find("𠮷野家 and 警報", "警報") == (8, 10)


def test_the_surroundings_are_cut_at_the_ends_of_the_text():
    assert quotations.around("abcdef", 2, 4) == ("ab", "ef")
    prefix, suffix = quotations.around("x" * 100, 50, 60)
    assert len(prefix) == len(suffix) == quotations.AROUND


def test_of_two_places_that_overlap_the_likelier_one_is_found():
    assert quotations.find("aaab", "aa", "za", "b!") == (1, 3)
