"""Mail is sent by SMTP if configured, else written to a file in the instance; once, whatever happens."""

import socket
import socketserver
import threading
from contextlib import closing
from email import message_from_bytes, policy
from smtplib import SMTPException

import pytest

from workgroup import mail

MAIL = {
    "to": "hana@cast.example",
    "subject": "투표가 열렸습니다",
    "body": "投票が始まりました。\n",
    "key": "k1",
}


class Smtp(socketserver.StreamRequestHandler):
    """Enough of SMTP to take a mail."""

    def handle(self):
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line)
                self.server.taken.append(b"".join(lines))
            if verb == b"QUIT":
                self.wfile.write(self.server.goodbye)
                return
            self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def smtp():
    with socketserver.TCPServer(("127.0.0.1", 0), Smtp) as server:
        server.taken, server.goodbye = [], b"221 bye\r\n"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def parsed(content):
    return message_from_bytes(content, policy=policy.default)


def test_without_smtp_a_mail_is_one_file_that_only_the_operator_reads(app):
    with app.app_context():
        mail.deliver(MAIL)
        mail.deliver(MAIL)

    [path] = (app.config["INSTANCE"] / "mail").iterdir()
    message = parsed(path.read_bytes())
    assert path.stat().st_mode & 0o077 == 0
    assert message["To"] == "hana@cast.example"
    assert message["Subject"] == MAIL["subject"]
    assert message.get_content() == MAIL["body"]


def test_with_smtp_it_goes_out_with_an_id_that_stays_the_same(app, smtp):
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{smtp.server_address[1]}"

    with app.app_context():
        mail.deliver(MAIL)
        mail.deliver(MAIL)

    first, second = map(parsed, smtp.taken)
    assert first["Message-ID"] == second["Message-ID"] == "<k1@localhost>"
    assert first.get_content().split() == MAIL["body"].split()


@pytest.mark.parametrize("goodbye", [b"", b"421 too busy\r\n"])
def test_an_accepted_mail_is_not_sent_again_for_a_missing_goodbye(app, smtp, goodbye):
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{smtp.server_address[1]}"
    smtp.goodbye = goodbye

    with app.app_context():
        mail.deliver(MAIL)

    assert len(smtp.taken) == 1


def test_a_mail_server_that_does_not_answer_is_left_after_its_time(app, monkeypatch):
    monkeypatch.setattr(mail, "SMTP_TIMEOUT", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{silent.getsockname()[1]}"

        with app.app_context(), pytest.raises((OSError, SMTPException)):
            mail.deliver(MAIL)


def test_a_line_break_in_a_subject_cannot_add_a_header(app):
    evil = {**MAIL, "subject": "Hello\r\nBcc: everybody@example.org"}

    with app.app_context(), pytest.raises(ValueError, match=r"linefeed|newline"):
        mail.deliver(evil)
