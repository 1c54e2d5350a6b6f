"""What the database itself refuses about the log of a text."""

import pytest

from tests.cast import JOINED
from tests.refused import refused
from tests.textlog.wire import ANN, opening
from workgroup.accounts.models import User
from workgroup.textlog import services
from workgroup.textlog.models import QuarantinedUpdate, Stream
from workgroup.textlog.services import Batch, Entry

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stream(session):
    """A text with one row."""
    stream = Stream(epoch=5, last_seq=0)
    session.add(stream)
    session.flush()
    amy = session.scalars(User.__table__.select()).first()
    services.append([Batch(stream.id, 5, [Entry(ANN, 1, opening())], {ANN: amy})])
    session.commit()
    return stream


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE updates SET data = substr(data, 1, 7)",
        "UPDATE updates SET seq = seq + 1",
        "UPDATE updates SET client_id = client_id + 1",
        "DELETE FROM updates",
    ],
)
def test_a_row_of_the_log_never_changes(stream, statement):
    refused("never changed", f"{statement} WHERE stream_id = :id", id=stream.id)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE quarantined_updates SET why = ''", "DELETE FROM quarantined_updates"],
)
def test_what_was_set_aside_stays_so(session, stream, statement):
    session.add(QuarantinedUpdate(stream_id=stream.id, seq=1, why="raises", at=JOINED))
    session.commit()

    refused("stays so", f"{statement} WHERE stream_id = :id", id=stream.id)
