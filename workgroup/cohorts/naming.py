"""Names for one reader, as the cohort has decided to show them. Nothing here changes anything."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import get_locale

from workgroup.accounts.models import NameOrder, User
from workgroup.cohorts.attribution import (
    NAMED_EVERYWHERE,
    Mode,
    Person,
    Reader,
    Shown,
    Surface,
    other_form,
    show,
)
from workgroup.cohorts.labels import name_words
from workgroup.cohorts.models import Cohort, Delegation, Membership
from workgroup.text import is_visible


@dataclass(frozen=True)
class Naming:
    """How a reader sees people; plain values, which survive a rollback."""

    reader_id: int | None  # none: everybody, as in a file
    modes: Mapping[Surface, Mode]

    @classmethod
    def of(cls, cohort: Cohort, reader_id: int | None) -> "Naming":
        """Return how a reader sees the people of a cohort."""
        return cls(reader_id, cohort.modes)

    @classmethod
    def outside(cls, reader_id: int | None) -> "Naming":
        """Return how a reader sees people on pages outside a cohort, such as the profile: by name."""
        return cls(reader_id, NAMED_EVERYWHERE)

    def mode(self, surface: Surface) -> Mode:
        """Return how a surface shows names."""
        return self.modes[surface]

    def shown(
        self,
        who: Membership | User,
        surface: Surface,
        delegation: Delegation | None = None,
    ) -> Shown:
        """Return what the reader may see of somebody, in the language at hand.

        Args:
            who: a membership with its person and its delegation, or an account alone.
            surface: where it shows.
            delegation: the one to show, if not the current one: a ballot keeps that of its opening.
        """
        person = person_of(who, delegation)
        return show(person, self._reader(), self.modes[surface], name_words())

    def other_form(self, who: Membership | User) -> Shown | None:
        """Return the other form of the name of a person who is shown by name."""
        return other_form(person_of(who), self._reader())

    def _reader(self) -> Reader:
        return Reader(self.reader_id, str(get_locale() or "en")[:2])


def person_of(who: Membership | User, delegation: Delegation | None = None) -> Person:
    """Return what naming needs from a membership or an account."""
    user = who if isinstance(who, User) else who.user
    if isinstance(who, Membership):
        delegation = delegation or who.delegation
    return Person(
        user_id=user.id,
        printed=user.printed_name if is_visible(user.printed_name) else "",
        native=user.native_name if is_visible(user.native_name) else "",
        native_language=user.native_language,
        family_first=user.name_order is NameOrder.FAMILY_FIRST,
        code=delegation.code if delegation else "",
        delegation=delegation.name if delegation else "",
    )
