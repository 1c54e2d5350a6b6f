"""Which topics of the bus matter to whom here, and what a page is told of each."""

from workgroup import bus

# What the page shows beside the text. An event of that name has it fetch the part anew.
EVENTS = ("section", "comments", "ballot")


def of_stream(stream_id: int) -> dict[str, tuple[str, ...]]:
    """Name each topic of a stream, with the events that its pages are sent."""
    return {bus.stream_topic(stream_id): EVENTS}


def of_rights(cohort_id: int, user_id: int) -> tuple[str, ...]:
    """Name the topics that a person's right to be here depends on."""
    return (bus.cohort_topic(cohort_id), bus.person_topic(user_id))
