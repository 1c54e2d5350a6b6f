"""What a right request to each page holds: its form, and ids that belong together.

A wrong form is refused to everybody, so it proves nothing about who may send it.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from workgroup import clock
from workgroup.deciding.rules import PRESETS
from workgroup.notifications.forms import field_name
from workgroup.notifications.kinds import NoticeKind

PASSWORD = "a sentence nobody guesses"


@dataclass(frozen=True)
class Right:
    """A form that the page takes, and what stands for an argument of its address."""

    form: dict[str, object] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)  # argument → key of the ids
    headers: dict[str, str] = field(default_factory=dict)


SECTION = {"kind": "chapter", "title": "Early warning", "subgroup_id": ""}
PLACE = {"roles": ["observer"], "delegation": "", "subgroup": ""}
CLOSING = {
    "closes_at": f"{clock.now() + timedelta(days=30):%Y-%m-%dT10:00}",
    "preset": next(iter(PRESETS)).value,
}
PROFILE = {
    "printed_name": "Someone",
    "native_language": "",
    "name_order": "given-first",
    "sector": "",
    "time_zone": "UTC",
}

MAIL = {"every_kind": "", **{field_name(kind): "daily" for kind in NoticeKind}}

NAMES = {
    f"names_{one}": "none" for one in ("live", "comments", "history", "votes", "print")
}

GET = {
    "drafting.version": Right(instead={"section_id": "voted_id"}),
    "lifecycle.open_ballot": Right(instead={"section_id": "frozen_id"}),
    "lifecycle.reopen": Right(instead={"section_id": "frozen_id"}),
    "notifications.unsubscribe": Right(instead={"token": "mail_token"}),
    "publishing.show": Right(headers={"HX-Request": "true"}),
    "security.reset_password": Right(instead={"token": "reset_token"}),
    "security.static": Right(instead={"filename": "script"}),
}
POST = {
    "accounts.profile": Right(PROFILE),
    "accounts.welcome": Right({"printed_name": "Somebody", "time_zone": "UTC"}),
    "cohorts.accept": Right(
        {"printed_name": "Nao Nakano", "password": PASSWORD, "time_zone": "UTC"}
    ),
    "cohorts.add_delegation": Right({"code": "FR", "name": "France"}),
    "cohorts.add_subgroup": Right({"name": "Finance"}),
    "cohorts.change_delegation": Right({"code": "FR", "name": "France"}),
    "cohorts.change_subgroup": Right({"name": "Finance"}),
    "cohorts.invite": Right({"email": "nao@new.example", **PLACE}),
    "cohorts.person": Right(PLACE),
    "cohorts.rename": Right({"name": "A new name"}),
    "deciding.vote": Right({"position": "support"}),
    "discussion.open_thread": Right({"body": "Too early.", "quote": "words"}),
    "discussion.reply": Right({"body": "Too early."}),
    "drafting.add_section": Right(SECTION),
    "drafting.change_section": Right(SECTION),
    "drafting.remove_section": Right(instead={"section_id": "spare_id"}),
    "drafting.shift_section": Right({"direction": "down", "position": "1"}),
    "drafting.title_page": Right({"title": "A Practical Agenda"}),
    "lifecycle.found": Right({"name": "A third group", "title": "Its report"}),
    "lifecycle.names": Right(NAMES),
    "lifecycle.open_ballot": Right(CLOSING, instead={"section_id": "frozen_id"}),
    "lifecycle.reopen": Right(
        {"reason": "Something new."}, instead={"section_id": "frozen_id"}
    ),
    "notifications.choose_mail": Right(MAIL),
    "notifications.read_all": Right({"up_to": "1000"}),
    "notifications.stop_mail": Right(instead={"token": "mail_token"}),
    "security.reset_password": Right(instead={"token": "reset_token"}),
}


def right(endpoint: str, method: str) -> Right:
    """Return what a right request holds; most pages need nothing."""
    return {"GET": GET, "POST": POST}[method].get(endpoint, Right())
