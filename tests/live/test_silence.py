"""The server is never silent for long, so that a page notices a dead connection."""

from tests.live.conftest import play
from tests.live.editors import until
from workgroup.live.hub import PING_EVERY

LONGEST = 5  # seconds that a page may hear nothing


def test_a_page_that_only_reads_gets_a_frame_every_five_seconds(site):
    async def scene():
        amy = await site.editor("amy").open()
        for number in (1, 2):
            await until(
                lambda number=number: len(amy.text_frames("ping")) >= number, LONGEST
            )
        await amy.close()

    assert PING_EVERY < LONGEST
    play(scene())
