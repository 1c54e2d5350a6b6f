"""What people do that makes notices, and how they want their mail."""

from tests import cast
from tests.deciding.building import a_ballot, a_section, person
from workgroup.database import db
from workgroup.discussion import services as discussion
from workgroup.discussion.quotations import Quotation
from workgroup.notifications import services
from workgroup.notifications.kinds import Delivery, NoticeKind

HANA = cast.address("hana")
CANARY = "UNREADABLE-WORDS"


def a_day_of_work(app):
    """Open a ballot, answer Hana, and write a comment that no mail may hold."""
    with app.app_context():
        ballot = a_ballot()
        thread = discussion.open_thread(
            a_section("Space policy"), person("hana"), CANARY, Quotation(CANARY, "", "")
        )
        discussion.reply(thread, person("amy"), CANARY)
        db.session.commit()
        return ballot.id


def choose(app, name, **chosen):
    with app.app_context():
        wanted = {
            NoticeKind(kind.replace("_", "-")): delivery
            for kind, delivery in chosen.items()
        }
        services.choose(person(name).user_id, wanted)
        db.session.commit()


def daily(app, name):
    choose(app, name, **{kind.replace("-", "_"): Delivery.DAILY for kind in NoticeKind})
