"""A newcomer to a long text gets its snapshot and the rows after it, and nothing twice."""

from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from workgroup.database import db
from workgroup.live import arrivals
from workgroup.textlog import documents, jobs, queries
from workgroup.textlog.encoding import Reader
from workgroup.textlog.models import Stream


class Newcomer(Desk):
    """Keeps what it gets as it gets it."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.snapshot = None
        self.later = []

    def send_bytes(self, frame):
        reader = Reader(frame)
        while not reader.is_done:
            kind, first, tag = reader.byte(), reader.number(), reader.number()
            if kind == 1:
                assert self.snapshot is None
                self.snapshot = first, tag, reader.block()
                continue
            assert kind == 2
            for place in range(reader.number()):
                reader.number(), reader.number()
                self.later.append((first + place, reader.block()))


def test_snapshot_and_rows_together_are_the_text(app, section, monkeypatch):
    monkeypatch.setattr(queries, "ROWS_BETWEEN", 20)
    monkeypatch.setattr(arrivals, "ROWS_AT_ONCE", 4)

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            amy.write("한국어 and so on, and on")
            await amy.settled()
            with app.app_context():
                jobs.Snapshots().take()
            amy.write(" and after it")
            await amy.settled()
            newcomer = await Newcomer(hub, section, "hana").enter()
            amy.write("!")
            await amy.settled()
            await until(lambda: newcomer.later[-1][0] == len(amy.rows))
            return newcomer

    newcomer = play(scene())

    seq, tag, state = newcomer.snapshot
    assert [number for number, _ in newcomer.later] == list(
        range(seq + 1, seq + 1 + len(newcomer.later))
    )
    with app.app_context():
        assert queries.tag_at(section.stream_id, seq) == tag
        stream = db.session.get(Stream, section.stream_id)
        whole = documents.read_document(stream)
        assert (
            documents.run([state, *(data for _, data in newcomer.later)])["doc"]
            == whole
        )
    texts = [
        block["content"][0]["text"] for block in whole["content"] if "content" in block
    ]
    assert texts == ["한국어 and so on, and on and after it!"]
