"""The progress of an export, from the number of pages laid out so far; pure."""

FIRST_GUESS = 24  # pages, before the report was ever printed
BEGUN = 8  # percent: read, checked, composed
LAID_OUT = 75  # percent; drawing and checking are the rest


def percent(page: int, usual: int | None) -> int:
    """Return how much of the work is done, 0 to 75 while pages are laid out.

    Args:
        page: the last one laid out; 0 before the first.
        usual: how many pages the report had when it was last printed.
    """
    if page == 0:
        return 0
    share = min(page / (usual or FIRST_GUESS), 1)
    return BEGUN + round((LAID_OUT - BEGUN) * share)
