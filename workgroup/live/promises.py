"""How people were named on a writer's page, compared with how they are named now. Pure."""

from collections.abc import Iterable, Mapping

from workgroup.cohorts import attribution
from workgroup.cohorts.attribution import Mode, Surface, Trace
from workgroup.textlog.protocol import Close, ProtocolError


def check(names: str, now: Mapping[Surface, Mode]) -> None:
    """Refuse an editor whose page was made when people were named in another way.

    Either its person's words would show under more of a name than the page stated. Or cursors
    show less than then: the others have seen the name beside this editor's client id, which
    stands beside all its later words, too. A page that is loaded again has a new one.

    Args:
        names: how people were named when the page was made, as its hello states it.
        now: how the cohort names people.

    Raises:
        ProtocolError: the page has to be loaded again.
    """
    stated = attribution.read(names)
    if not stated:  # of a page older than these statements
        raise ProtocolError(Close.OTHER_SCHEMA, "reload to continue")
    if not are_kept([names], now):
        raise ProtocolError(
            Close.OTHER_NAMES, "more names show now; reload to continue"
        )
    if attribution.shows_more(stated[Surface.LIVE], now[Surface.LIVE]):
        raise ProtocolError(
            Close.OTHER_NAMES, "fewer names show now; reload to continue"
        )


def are_kept(stated: Iterable[str], now: Mapping[Surface, Mode]) -> bool:
    """Return whether words show under no more of a name than each of these pages stated."""
    return not any(
        attribution.exposed(Trace.WORDS, seen=attribution.read(names), now=now)
        for names in stated
    )
