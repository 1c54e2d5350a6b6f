"""A sum over each row of the log and each snapshot, by which one that was altered is noticed.

A count shows a row that is gone. Only this shows one that a damaged disk or a repair by hand
has overwritten, with nothing or with another update that would be applied without a word.
"""

from hashlib import blake2b
from struct import pack

BYTES = 8  # what a column of 64 bits holds


def checksum(
    stream_id: int, seq: int, client_id: int, n: int, tag: int, data: bytes
) -> int:
    """Return the sum of a row (about a microsecond)."""
    head = pack(">5q", stream_id, seq, client_id, n, tag)
    return int.from_bytes(blake2b(head + data, digest_size=BYTES).digest(), signed=True)


def snapshot_checksum(
    stream_id: int, seq: int, epoch: int, tag: int, state: bytes
) -> int:
    """Return the sum of a snapshot without the intake's state, which has its own."""
    head = pack(">4q", stream_id, seq, epoch, tag)
    return int.from_bytes(
        blake2b(head + state, digest_size=BYTES).digest(), signed=True
    )
