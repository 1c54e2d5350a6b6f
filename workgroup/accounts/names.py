"""How a name is shown where there is little room; pure."""


def initials(name: str) -> str:
    """Return the one or two letters that stand for a name where there is little room."""
    words = name.split() or ["?"]
    last = words[-1][0] if len(words) > 1 else ""
    return (words[0][0] + last).upper()
