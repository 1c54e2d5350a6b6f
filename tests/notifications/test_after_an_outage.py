"""What happened while the mail server was down is not mailed piece by piece once it is back."""

from datetime import timedelta

import pytest

from tests.deciding.building import a_ballot
from tests.notifications import mailbox
from tests.notifications.test_what_waited_in_the_outbox import MINUTE
from tests.notifications.test_what_waited_in_the_outbox import outbox as outbox  # noqa: PLC0414 - a fixture
from tests.notifications.work import HANA
from workgroup import clock
from workgroup.database import db


@pytest.mark.both_databases
def test_what_comes_while_no_mail_leaves_is_one_mail_after_the_first(
    app, outbox, deliver
):
    start = clock.now()
    for hour in range(4):
        with clock.pretend(start + timedelta(hours=hour)):
            with app.app_context():
                a_ballot(f"Section {hour}")
                db.session.commit()
            deliver()
    app.config["SMTP_URL"] = outbox.post.url
    with clock.pretend(start + timedelta(hours=5)):
        deliver()
        deliver()
        at_once = len(outbox.post.to(HANA))
    with clock.pretend(start + timedelta(hours=5) + 11 * MINUTE):
        deliver()

    first, gathered = outbox.post.to(HANA)
    assert at_once == 1
    assert "Section 0" in mailbox.text(first)
    assert [f"Section {n}" in mailbox.text(gathered) for n in range(4)] == [
        False, True, True, True,
    ]  # fmt: skip
