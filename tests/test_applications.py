"""What the workers of a run make once for all of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.applications import for_all_workers

WORKERS = [f"gw{number}" for number in range(8)]


@pytest.fixture
def among_workers(monkeypatch):
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")


def test_the_first_worker_fills_the_folder_and_the_others_find_it_full(
    tmp_path, among_workers
):
    fillings = []

    def fill(folder):
        fillings.append(folder)
        (folder / "first").write_text("whole")
        (folder / "last").write_text("whole")

    def ask(worker):
        folder = for_all_workers(tmp_path / worker, "template", fill)
        return sorted(file.name for file in folder.iterdir())

    with ThreadPoolExecutor(len(WORKERS)) as pool:
        found = list(pool.map(ask, WORKERS))

    assert found == [["first", "last"]] * len(WORKERS)
    assert len(fillings) == 1


def test_what_a_worker_left_unfinished_is_made_again(tmp_path, among_workers):
    def fail(folder):
        (folder / "part").touch()
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        for_all_workers(tmp_path / "gw0", "template", fail)
    folder = for_all_workers(
        tmp_path / "gw1", "template", lambda one: (one / "all").touch()
    )

    assert [file.name for file in folder.iterdir()] == ["all"]


def test_a_run_without_workers_keeps_it_in_its_own_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)

    folder = for_all_workers(tmp_path, "template", lambda one: (one / "all").touch())

    assert folder == tmp_path / "template"
