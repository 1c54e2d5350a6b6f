"""The pages of a cohort: its people, its parts, and the way in."""

from workgroup.cohorts.views import arrival, frame, parts, people
from workgroup.cohorts.views.blueprint import bp

__all__ = ["arrival", "bp", "frame", "parts", "people"]
