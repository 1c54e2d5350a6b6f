"""How a finished report becomes a file: a pure package, run as a child process."""
