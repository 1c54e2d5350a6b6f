"""Whatever the intake lets in, pycrdt applies: recorded traffic, mutated at random."""

import copy
import json
import random
import subprocess
import sys
from pathlib import Path

from tests.textlog.wire import TRAFFIC
from workgroup.textlog.intake import RefusedError, StreamState

CHILD = Path(__file__).parent / "apply_mutants.py"
BASE = 160  # rows of the log that the mutants come after
MUTANTS = 4000


def mutated(chance, data):
    """Change some bytes, drop some, repeat some, or put other updates' bytes in."""
    mutant = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(mutant))
        match chance.randrange(6):
            case 0:
                mutant[at] = chance.randrange(256)
            case 1:
                mutant[at] = (mutant[at] + chance.choice((-1, 1))) % 256
            case 2:
                mutant[at] ^= 1 << chance.randrange(8)
            case 3:
                del mutant[at : at + chance.choice((1, 1, 2, 5))]
            case 4:
                mutant[at:at] = mutant[at : at + chance.choice((1, 2, 8))]
            case _:
                _, other = chance.choice(TRAFFIC)
                start = chance.randrange(len(other))
                mutant[at:at] = other[start : start + chance.choice((1, 4, 20))]
        mutant = mutant or bytearray(data)
    return bytes(mutant)


def accepted_mutants(seed, count):
    """Let mutants of the rows behind the base try to come in."""
    state = StreamState()
    for client, data in TRAFFIC[:BASE]:
        state.admit(data, client)
    chance, accepted = random.Random(seed), []  # noqa: S311 - to repeat a run, not to hide
    following = {}
    for client, data in TRAFFIC[BASE:]:
        following.setdefault(client, data)
    for _ in range(count):
        client, data = chance.choice(list(following.items()))
        mutant = mutated(chance, data)
        try:
            copy.deepcopy(state).admit(mutant, client)
        except RefusedError:
            continue
        accepted.append(mutant)
    return accepted


def test_every_mutant_that_is_let_in_applies_and_can_be_encoded():
    accepted = accepted_mutants(seed=20261122, count=MUTANTS)

    child = subprocess.run(
        [sys.executable, str(CHILD)],
        input=json.dumps(
            {
                "base": [data.hex() for _, data in TRAFFIC[:BASE]],
                "mutants": [mutant.hex() for mutant in accepted],
            }
        ).encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )

    assert child.returncode == 0, child.stderr.decode()[-2000:]
    assert json.loads(child.stdout) == {"failed": []}
    assert len(accepted) > MUTANTS // 100
