"""Break the modules that are named, or a sample of all, and print what no test notices."""

import argparse
import resource
import tempfile
import time
from collections import Counter
from importlib import import_module
from pathlib import Path

from tests.mutants.concerned import CONCERNED
from tests.mutants.copies import copied, survives
from tests.mutants.forks import in_forks, report
from tests.mutants.places import Mutant, drawn

PLACES, SEED = 150, 1  # in one run over all modules
LIBRARIES = ("alembic", "argon2", "flask_babel", "flask_migrate", "flask_security", "flask_wtf", "psycopg", "sqlalchemy.orm", "websockets")  # fmt: skip


def main() -> None:
    """Break the modules that were named, or a sample of all, and print the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="all when left out")
    parser.add_argument("--places", type=int, help="how many; 0: all")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    usual = 0 if asked.modules else PLACES
    places = usual if asked.places is None else asked.places
    lot = drawn(asked.modules or list(CONCERNED), places or None, asked.seed)
    begun = time.monotonic()
    for library in LIBRARIES:
        import_module(library)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        noticed, unfit = in_forks(lot, folder)
        rest = [one for number, one in enumerate(lot) if number not in noticed]
        tree = copied(folder / "tree")
        alive = [one for one in rest if survives(one, tree, unfit)]
    summarize(lot, alive, asked.seed, time.monotonic() - begun)


def summarize(
    lot: list[Mutant], alive: list[Mutant], seed: int, seconds: float
) -> None:
    """Print what was broken in each module, and what it cost."""
    broken, survived = (Counter(one.module for one in which) for which in (lot, alive))
    for module, number in broken.items():
        report(f"{module}: {number} broken, {survived[module]} survived")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    report(
        f"{len(lot)} places broken (seed {seed}), {len(alive)} survived; "
        f"{seconds / 60:.0f} minutes, {used.ru_utime + used.ru_stime:.0f} CPU seconds"
    )


if __name__ == "__main__":
    main()
