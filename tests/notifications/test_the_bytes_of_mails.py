"""What leaves for a mail server, byte by byte: programs read it, and not all forgive as ours does."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header

import pytest

from tests import cast
from tests.notifications.work import HANA, a_day_of_work, daily
from workgroup import clock, mail
from workgroup.database import db
from workgroup.jobs.worker import Worker

LINK = "https://wg.example.org/unsubscribe/" + "aB3_" * 10 + "xyz"
ENCODED_WORD = re.compile(rb"=\?utf-8\?[bq]\?[^?\s]*\?=")
FOR_PROGRAMS = {
    b"List-Unsubscribe": f"<{LINK}>".encode(),
    b"List-Unsubscribe-Post": b"List-Unsubscribe=One-Click",
    b"Auto-Submitted": b"auto-generated",
    b"X-Auto-Response-Suppress": b"OOF, AutoReply",
    b"MIME-Version": b"1.0",
}
SUBJECTS = {
    "gathered": "Trilateral Working Group: 3 new notices",
    "digest": "Trilateral Working Group: unread notices",
    "quotation marks": "Trilateral Working Group: Olivia Okafor asks for your vote on “Women’s” “empowerment”.",
    "Japanese": "三か国作業部会：未読のお知らせが 三件 あります。" * 3,
    "Korean": "삼국 실무 그룹: “여성의 역량 강화”에 대한 투표가 곧 마감됩니다. " * 2 + "확인",
    "long": "A Working Group with a long name, " * 6 + "3 new notices",
}  # fmt: skip


@pytest.fixture
def sent(app, post, monkeypatch):
    """Send one mail and return its bytes as they came."""
    worker = Worker(app, app.extensions["schedule"])
    headers = {
        "List-Unsubscribe": f"<{LINK}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    sort = mail.Sort(lambda about: {**about, "headers": headers})
    monkeypatch.setitem(app.extensions, "mails", {"any": sort})

    def send(subject="Hello", body="Words.\n", to="nao@new.example", key="k" * 70):
        words = {"subject": subject, "body": body, "html": f"<p>{body}"}
        with app.app_context():
            mail.send_as_of_delivery(to, mail.About("any", words), key=key)
            db.session.commit()
        while worker.run_next_job():
            pass
        [content] = post.contents
        return content

    return send


def lines(content):
    """Return the headers of a mail with their continuation lines, as they stand."""
    head = content.partition(b"\r\n\r\n")[0]
    pairs = re.split(rb"\r\n(?![ \t])", head)
    return dict(pair.split(b": ", 1) for pair in pairs)


def check_for_programs(content):
    for name, value in lines(content).items():
        if name != b"Subject":
            assert b"\n" not in value
            assert b"=?" not in value
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert content.isascii()


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_what_programs_read_is_on_one_line_as_it_was_given(sent, subject):
    content = sent(subject)

    head = lines(content)
    check_for_programs(content)
    assert head.items() >= FOR_PROGRAMS.items()
    assert head[b"From"] == b"workgroup@localhost"
    assert head[b"To"] == b"nao@new.example"
    assert head[b"Message-ID"] == b"<" + b"k" * 70 + b"@localhost>"


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_a_subject_in_any_script_arrives_whole(sent, subject):
    written = lines(sent(subject))[b"Subject"]

    words = ENCODED_WORD.findall(written)
    assert bool(words) != subject.isascii()
    assert all(len(word) <= 75 for word in words)
    assert b"=?" not in ENCODED_WORD.sub(b"", written)
    unfolded = written.replace(b"\r\n", b"").decode("ascii")
    [(read, charset)] = decode_header(unfolded)
    assert (read.decode(charset) if charset else read) == subject


@pytest.mark.parametrize(
    "body", ["投票が始まりました。\n", "“Yes”\n", "long " * 500, "三" * 2000]
)
def test_a_body_leaves_in_seven_bits_and_short_lines(sent, body):
    content = sent(body=body)

    message = message_from_bytes(content, policy=policy.default)
    assert content.isascii()
    text = content.partition(b"\r\n\r\n")[2]
    assert max(map(len, text.split(b"\r\n"))) <= 76
    assert message.get_body(("plain",)).get_content().strip() == body.strip()


@pytest.mark.parametrize(
    ("sender", "written"),
    [
        ("Workgroup <wg@example.org>", b"Workgroup <wg@example.org>"),
        ('"Group, Working" <wg@example.org>', b'"Group, Working" <wg@example.org>'),
        ("三か国作業部会 <wg@example.org>", None),
    ],
)
def test_a_sender_may_have_a_name(app, sent, sender, written):
    app.config["MAIL_FROM"] = sender

    content = sent(key="k1")

    head = lines(content)
    assert head[b"Message-ID"] == b"<k1@example.org>"
    if written:
        assert head[b"From"] == written
    else:
        [word] = ENCODED_WORD.findall(head[b"From"])
        assert head[b"From"] == word + b" <wg@example.org>"
        assert message_from_bytes(content, policy=policy.default)["From"] == sender


def test_an_address_in_another_script_is_written_as_servers_take_it(sent):
    assert lines(sent(to="nao@例え.jp"))[b"To"] == b"nao@xn--r8jz45g.jp"


def test_a_mail_about_notices_has_a_link_that_programs_find(app, post, deliver):
    daily(app, "hana")
    a_day_of_work(app)

    deliver()
    with clock.pretend(clock.now() + timedelta(days=1)):
        deliver(morning=True)

    assert {one["To"] for one in post.messages} >= {HANA, cast.address("amy")}
    for content in post.contents:
        check_for_programs(content)
        link = rb"<http://127\.0\.0\.1:8000/unsubscribe/[\w-]{43}>"
        assert re.fullmatch(link, lines(content)[b"List-Unsubscribe"])
