"""Work that a request asks for and the worker does: one table, one worker."""
