"""uvicorn in a thread, with connections of ours and an application of the test's own."""

import threading
from contextlib import contextmanager

import uvicorn

from tests.waiting import PATIENT


@contextmanager
def served(application, listener, **protocols):
    """Serve the application on a socket while the block runs."""
    config = uvicorn.Config(
        application, loop="uvloop", lifespan="off", log_config=None, **protocols
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=[[listener]])
    thread.start()
    yield
    server.force_exit = server.should_exit = True
    thread.join(PATIENT)
    assert not thread.is_alive()
