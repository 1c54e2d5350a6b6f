"""In which order tests run, and which of them share a worker."""

import re
from collections import Counter
from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadScopeScheduling

# In this order: Playwright keeps a loop running once it began.
LAST = ("kill", "browser")
# Fixtures that start a whole server or lay out a PDF: seconds of work, so not of `make unit`.
REAL = {"server", "standing_server", "served", "served_on_postgresql", "site", "engine"}
# A server too, among parameters.
ON_POSTGRESQL = re.compile(r"\[(?:.*-)?postgresql[-\]]")
# Every page of the site, by everybody, with everything: together a minute of work.
SWEEPS = {
    "tests/core/test_names_of_what_is_wrong.py",
    "tests/attribution/test_answers.py",
    "tests/attribution/test_pages.py",
    "tests/core/test_a_lost_answer.py",
    "tests/core/test_hostile_headers.py",
    "tests/core/test_many_marks.py",
    "tests/core/test_values_in_every_field.py",
    "tests/languages/test_every_page.py",
    "tests/test_authorization.py",
    "tests/test_indexes.py",
}
SHARING = {"demo", "exports"}  # folders whose tests read one printed report or instance
LONG = {
    *SHARING,
    *SWEEPS,
    "postgresql",
    "tests/deciding/test_ballot_in_a_browser.py",
    "tests/editor/test_bad_networks.py",
    "tests/editor/test_saving.py",
    "tests/live/test_dead_editors.py",
    "tests/live/test_killed_servers.py",
    "tests/live/test_many_at_once.py",
    "tests/live/test_served_files.py",
    "tests/notifications/test_a_killed_worker.py",
    "tests/notifications/test_notices_in_a_browser.py",
    "tests/publishing/test_an_export.py",
    "tests/publishing/test_how_a_child_ends.py",
    "tests/test_accessibility.py",
    "tests/test_main_flow.py",
}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """Run what is fast first, then kills, then browsers; of each, the longest first."""
    for item in items:  # before `-m` selects by it
        path = item.nodeid.partition("::")[0]
        is_real = path in SWEEPS or REAL.intersection(item.fixturenames)
        if is_real or ON_POSTGRESQL.search(item.nodeid):
            item.add_marker("real")
    # After pytest itself, which puts tests together that share a parameter of the run: all
    # that have Playwright's browser would stand before the fast ones.
    yield

    def rank(item):
        names = {mark.name for mark in item.iter_markers()}
        last = max((LAST.index(name) + 1 for name in names & set(LAST)), default=0)
        return last, group(item.nodeid) not in LONG

    items.sort(key=rank)
    kinds = Counter(path for path, _ in {(one.path, rank(one)[0]) for one in items})
    mixed = {str(path) for path, number in kinds.items() if number > 1}
    if mixed:
        raise pytest.UsageError(f"{mixed}: a file is fast, or kills, or a browser's")


def pytest_xdist_make_scheduler(config, log):
    """Give each worker whole groups, in order: none meets a coroutine after a browser."""

    class Grouped(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group(nodeid)

    # Else the largest groups come first, and a kill test meets the loop of a browser.
    config.option.loadscopereorder = False
    return Grouped(config, log)


def group(nodeid: str) -> str:
    """Name what a test shares with others: PostgreSQL, a folder's fixtures, or its file."""
    if ON_POSTGRESQL.search(nodeid):
        return "postgresql"
    path = PurePosixPath(nodeid.partition("::")[0])
    return path.parent.name if path.parent.name in SHARING else str(path)
