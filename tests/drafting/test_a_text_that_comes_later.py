"""A reader's page that was made before its text could be read."""

import re

from tests import cast
from workgroup.lifecycle import desk
from workgroup.textlog.documents import TextNotReadyError


def test_a_page_that_came_without_the_text_gets_it_later(app, as_, stored, monkeypatch):
    def not_ready(*_arguments, **_named):
        raise TextNotReadyError

    oscar = as_("oscar")
    with monkeypatch.context() as patched:
        patched.setattr(desk, "read_document", not_ready)
        page = oscar.get(f"/c/{cast.SLUG}/sections/{stored[0]}/").text
    [again] = re.findall(r'hx-get="([^"]+/text[^"]*)"', page)

    part = oscar.get(again, headers={"HX-Request": "true"})

    assert "The text is being prepared." in page
    assert part.status_code == 200
    assert "First words." in part.text
    [once_more] = re.findall(r'hx-get="([^"]+/text[^"]*)"', part.text)
    nothing_new = oscar.get(once_more, headers={"HX-Request": "true"})
    assert nothing_new.status_code == 204
