"""Names for one reader: what a cohort has decided meets who asks. Nothing here changes anything."""

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
    """How a reader sees people; plain values, which outlive a rollback."""

    reader_id: int | None  # none: everybody, as in a file
    modes: Mapping[Surface, Mode]

    @classmethod
    def of(cls, cohort: Cohort, reader_id: int | None) -> "Naming":
        """Return how somebody sees the people of a cohort."""
        return cls(reader_id, cohort.modes)

    @classmethod
    def outside(cls, reader_id: int | None) -> "Naming":
        """Return how somebody sees people outside a cohort: on one's own pages, by name."""
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
            delegation: the one that counts here, where it was copied when a ballot opened.
        """
        person = person_of(who, delegation)
        return show(person, self._reader(), self.modes[surface], name_words())

    def other_form(self, who: Membership | User) -> Shown | None:
        """Return the other form of the name of somebody who shows by name."""
        return other_form(person_of(who), self._reader())

    def _reader(self) -> Reader:
        return Reader(self.reader_id, str(get_locale() or "en")[:2])


def person_of(who: Membership | User, delegation: Delegation | None = None) -> Person:
    """Return what a name needs of a row and of those loaded with it."""
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
