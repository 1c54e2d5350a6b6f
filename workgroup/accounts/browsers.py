"""A name for a browser that its owner will recognize; pure."""

# The first that fits: Edge and Opera call themselves Chrome too, and Chrome Safari.
FAMILIES = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def browser_name(user_agent: str) -> str:
    """Return family and system, such as "Firefox on Windows"; no version, which would identify it."""
    family = next((name for mark, name in FAMILIES.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return " on ".join(filter(None, (family, system)))
