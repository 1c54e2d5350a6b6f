"""A real mail server on loopback, and the mails it has accepted."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from tests.servers import free_port


class Mailbox:
    """The mails that a mail server has accepted, in order."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.contents: list[bytes] = []  # the same as they came
        self.url = ""

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Accept one mail."""
        self.contents.append(envelope.content)
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append(message)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to somebody."""
        return [one for one in self.messages if one["To"] == address]


@contextmanager
def served() -> Iterator[Mailbox]:
    """Serve a mailbox while the block runs."""
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{port}"
    try:
        yield mailbox
    finally:
        controller.stop()


def text(message: EmailMessage) -> str:
    """Return the part for programs that show no HTML."""
    return message.get_body(("plain",)).get_content()


def html(message: EmailMessage) -> str:
    """Return the part for all others."""
    return message.get_body(("html",)).get_content()
