"""Whatever the hour at which the demo is loaded, its past comes out in order."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from workgroup.demo.days import Calendar
from workgroup.demo.story import Story

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)


def name(act):
    return getattr(act.do, "func", act.do).__name__


def subject(act):
    """What an act was about: a ballot's section, a thread's quotation."""
    first = next(iter(getattr(act.do, "args", ())), "report")
    return getattr(first, "quote", None) or getattr(first, "section", first)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_nothing_happens_too_late_or_before_what_it_follows(text, hour):
    loaded = MIDNIGHT + timedelta(hours=hour, minutes=5)
    people = {person.key: person for person in text.people}

    acts = sorted(Story(text, Calendar(loaded), people).acts(), key=lambda act: act.at)

    by_subject = defaultdict(list)
    for act in acts:
        by_subject[subject(act)].append(name(act))
    assert name(acts[0]) == "_draft"
    assert acts[-1].at <= loaded
    for about, names in by_subject.items():
        if "_vote" in names:
            ends = [] if about == "15-further-track-ii" else ["_close"]
            votes = ["_vote"] * names.count("_vote")
            assert names == ["_open", *votes, *ends]
        if "_begin" in names:
            assert names[0] == "_begin"
            assert "_resolve" not in names[:-1]


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_thread_on_frozen_text_begins_after_the_freeze(text, hour):
    loaded = MIDNIGHT + timedelta(hours=hour, minutes=5)
    people = {person.key: person for person in text.people}

    acts = list(Story(text, Calendar(loaded), people).acts())

    frozen = {subject(act): act.at for act in acts if name(act) == "_open"}
    begun = [(act.at, act.do.args[0]) for act in acts if name(act) == "_begin"]
    for at, thread in begun:
        assert (at > frozen[thread.section]) is thread.frozen
