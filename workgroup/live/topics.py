"""Which topics of the bus matter to a stream, to a person, and to a person's rights."""

from workgroup import bus
from workgroup.bus import Aspect

OF_A_STREAM = (Aspect.TEXT, Aspect.STATE, Aspect.THREADS, Aspect.BALLOT)


def of_stream(stream_id: int) -> dict[str, Aspect]:
    """Return each topic of a stream, with the aspect that its pages are sent."""
    return {bus.topic(aspect, stream_id): aspect for aspect in OF_A_STREAM}


def of_circles(
    stream_id: int, delegation_id: int | None, subgroup_id: int | None
) -> tuple[str, ...]:
    """Name the topics of the threads that only somebody's delegation or subgroup sees."""
    groups = {"delegation": delegation_id, "subgroup": subgroup_id}
    return tuple(
        bus.topic(Aspect.THREADS, stream_id, bus.circle(kind, group_id))
        for kind, group_id in groups.items()
        if group_id is not None
    )


def of_person(user_id: int) -> dict[str, Aspect]:
    """Return each topic of a person, with the aspect that his or her pages are sent."""
    return {bus.topic(Aspect.NOTICES, user_id): Aspect.NOTICES}


def of_rights(cohort_id: int, user_id: int) -> tuple[str, ...]:
    """Name the topics that a person's right to be here depends on."""
    return (bus.topic(Aspect.PEOPLE, cohort_id), bus.topic(Aspect.SESSIONS, user_id))
