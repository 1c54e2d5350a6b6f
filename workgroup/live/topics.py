"""Which topics of the bus matter to whom here, and what a page is told of each."""

from workgroup import bus
from workgroup.bus import Aspect

# What the page shows beside the text. An event of that name has it fetch the part anew.
EVENTS = ("section", "comments", "ballot")
EVENTS_OF = {
    # First: an editor comes in anew when it hears of a freeze.
    Aspect.TEXT: ("section",),
    Aspect.STATE: ("section",),
    Aspect.THREADS: ("comments",),
    Aspect.BALLOT: ("ballot",),
}


def of_stream(stream_id: int) -> dict[str, tuple[str, ...]]:
    """Name each topic of a stream, with the events that its pages are sent."""
    return {
        bus.topic(aspect, stream_id): events for aspect, events in EVENTS_OF.items()
    }


def of_rights(cohort_id: int, user_id: int) -> tuple[str, ...]:
    """Name the topics that a person's right to be here depends on."""
    return (bus.topic(Aspect.PEOPLE, cohort_id), bus.topic(Aspect.SESSIONS, user_id))
