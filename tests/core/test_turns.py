"""The queue of those who write to SQLite: in the order of arrival, and nobody twice."""

import threading

from workgroup.turns import Turns

SOON = 5  # seconds, far longer than anything here takes


def take_in_a_thread(turns, number, order):
    """Queue up; append the number and the outcome to the list."""

    def work():
        if turns.take(SOON):
            order.append(number)
            turns.leave()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def wait_for_queue(turns, length):
    done = threading.Event()
    while len(turns.queue) < length:
        done.wait(0.001)  # until the next look


def test_the_one_who_has_waited_longest_is_next():
    turns, order = Turns(), []
    assert turns.take(0)
    threads = []
    for number in range(5):
        threads.append(take_in_a_thread(turns, number, order))
        wait_for_queue(turns, number + 1)
    assert order == []

    turns.leave()

    for thread in threads:
        thread.join(SOON)
    assert order == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_a_thread_that_gave_up_waiting_holds_up_nobody():
    turns, order = Turns(), []
    assert turns.take(0)
    assert not turns.take(0.01)
    thread = take_in_a_thread(turns, "next", order)
    wait_for_queue(turns, 1)

    turns.leave()

    thread.join(SOON)
    assert order == ["next"]
