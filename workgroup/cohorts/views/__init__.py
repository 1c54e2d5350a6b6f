"""The pages of a cohort: its people, its parts, and the way in."""

from workgroup.cohorts.views import arrival, frame, parts, people
from workgroup.cohorts.views.blueprint import bp

__all__ = ["SHOWN_AGAIN", "arrival", "bp", "frame", "parts", "people"]

# What shows a page for everybody again if it was open for longer than a session lasts.
SHOWN_AGAIN = {"cohorts.accept": arrival.show_again}
