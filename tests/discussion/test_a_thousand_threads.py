"""A thousand open threads cost the page of a section little time."""

from random import Random

import pytest

from tests.cast import person
from tests.discussion.many import discuss
from tests.pace import measured
from workgroup.discussion import anchors
from workgroup.discussion import queries as discussion
from workgroup.discussion.kinds import Audience, Subject
from workgroup.discussion.models import Thread
from workgroup.drafting.rendering import render

SECONDS = 2.0  # of CPU; a fifth of it on one core of 2023
CHOICE = Random(1)  # noqa: S311 - the same words at each run
WORDS = [
    "".join(CHOICE.choices("abcdefghijklmnopqrst", k=CHOICE.randint(2, 9)))
    for _ in range(2000)
]


def paragraph():
    """A hundred words, each second one emphasized, so that each is a piece of its own."""
    content = []
    for number, word in enumerate(CHOICE.choices(WORDS, k=100)):
        marks = {"marks": [{"type": "em"}]} if number % 2 else {}
        content.append({"type": "text", "text": f"{word} ", **marks})
    return {"type": "paragraph", "content": content}


BLOCKS = [paragraph() for _ in range(100)]
TEXT = anchors.plain_text(BLOCKS)


def thread(number, quote, prefix="", suffix=""):
    return Thread(
        public_id=f"t{number:06}",
        quote=quote,
        prefix=prefix,
        suffix=suffix,
        subject=Subject.WORDS,
        audience=Audience.EVERYBODY,
    )


def somewhere(number):
    at = CHOICE.randrange(32, len(TEXT) - 80)
    return thread(
        number, TEXT[at : at + 40], TEXT[at - 32 : at], TEXT[at + 40 : at + 72]
    )


@pytest.mark.parametrize(
    ("made", "found"),
    [
        pytest.param(somewhere, 1000, id="each on words of its own"),
        pytest.param(
            lambda n: thread(n, "not there at all"), 0, id="on words that are gone"
        ),
        pytest.param(
            lambda n: thread(n, "a", "9" * 32, "9" * 32), 1000, id="on a letter"
        ),
    ],
)
def test_the_words_of_a_thousand_threads_are_found_in_time(made, found):
    threads = [made(number) for number in range(1000)]

    with measured() as spent:
        passages = anchors.passages(BLOCKS, threads)
        ids = [one.public_id for one in threads]
        html = render(BLOCKS, passages=passages, threads=ids)

    assert len(passages) == found
    assert ("data-passage" in html) == bool(found)
    assert spent.here < SECONDS


def test_all_of_them_are_fetched_with_one_short_query(session, section):
    hana = person("hana")
    discuss(section.id, hana)
    session.commit()
    session.expire_all()

    with measured() as spent:
        threads = discussion.open_threads(hana, section.id)

    assert len(threads) == 1000
    assert spent.here < SECONDS / 4
