"""A page that refuses a form names each field in its summary by the words that stand beside it."""

import re
from html import unescape

import pytest

from tests.core.test_values_in_every_field import SENT, answers

NAMED = re.compile(r'<li><a href="#([^"]+)">(.*?)</a>', re.DOTALL)
WRITTEN = re.compile(r"<(label|legend)\b[^>]*>(.*?)</\1>", re.DOTALL)
# The editor sends the words of a draft that a comment is about; the page has no field for them.
SENT_BY_THE_EDITOR = ("discussion.open_thread", "new-thread-quote")
OPTIONAL = re.compile(r'<span class="optional">.*?</span>')


def words(html):
    text = unescape(re.sub(r"<[^>]+>", "", OPTIONAL.sub("", html)))
    return " ".join(text.split())


@pytest.mark.parametrize("what", ["nothing", "a long text"])
def test_the_summary_names_fields_as_the_page_does(app, as_, what):
    wrong, read = set(), 0

    for page, _field, response in answers(app, as_, SENT[what]):
        shown = {words(label) for _tag, label in WRITTEN.findall(response.text)}
        for target, name in NAMED.findall(response.text):
            read += 1
            if (page.endpoint, target) == SENT_BY_THE_EDITOR:
                continue
            if words(name) not in shown or f'id="{target}"' not in response.text:
                wrong.add((page.endpoint, target, words(name)))

    assert read > 20
    assert sorted(wrong) == []
