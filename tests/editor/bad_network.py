"""A network that fails without saying so: bytes vanish, connections stay open."""

import contextlib
import socket
import threading


class BadNetwork:
    """A TCP proxy in front of a server, which loses what a test wants."""

    def __init__(self, port: int):
        self.target = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.swallows_sockets = False  # live sockets get no answer; pages do
        self.generation = 0
        self.open: list[socket.socket] = []
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def cut(self) -> None:
        """Let nothing more through the open connections, without closing them."""
        self.generation += 1

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)  # ends the accepting too
        self.listener.close()
        for one in self.open:
            one.close()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                self.open.append(near)
                threading.Thread(target=self.serve, args=(near,), daemon=True).start()

    def serve(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            first = near.recv(65536)
            if self.swallows_sockets and b"/live " in first.split(b"\r\n", 1)[0]:
                while near.recv(65536):
                    pass
                return
            far = socket.create_connection(self.target)
            self.open.append(far)
            far.sendall(first)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(
                    target=self.pump,
                    args=(source, sink, self.generation),
                    daemon=True,
                ).start()

    def pump(self, source: socket.socket, sink: socket.socket, born: int) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if born == self.generation:
                    sink.sendall(data)
            if born == self.generation:
                sink.shutdown(socket.SHUT_WR)
