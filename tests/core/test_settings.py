"""Settings that are wrong stop the start with one clear line."""

import os
import stat
import subprocess
import sys

import pytest

from tests.servers import ROOT
from workgroup import config


def read(tmp_path, **environ):
    return config.read({"WORKGROUP_INSTANCE": str(tmp_path / "instance"), **environ})


def test_the_secret_key_is_created_once_and_nobody_else_may_read_it(tmp_path):
    first = read(tmp_path).SECRET_KEY

    second = read(tmp_path).SECRET_KEY

    key = tmp_path / "instance" / "secret.key"
    assert first == second == key.read_text()
    assert len(first) >= 43
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"HOST": "0.0.0.0"}, "WORKGROUP_PUBLIC_URL"),  # noqa: S104
        ({"WORKGROUP_PUBLIC_URL": "report.example"}, "WORKGROUP_PUBLIC_URL"),
        ({"WORKGROUP_PUBLIC_URL": "http://report.example"}, "https"),
        ({"WORKGROUP_DATABASE_URL": "mysql://x/y"}, "postgresql"),
        ({"WORKGROUP_SMTP_URL": "mail.example"}, "WORKGROUP_SMTP_URL"),
        ({"WORKGROUP_SECRET_KEY": "short"}, "32 characters"),
        ({"WORKGROUP_PROXIES": "-1"}, "WORKGROUP_PROXIES"),
        ({"WORKGROUP_MAIL_FROM": "Working Group"}, "WORKGROUP_MAIL_FROM"),
        ({"WORKGROUP_MAIL_FROM": "mail@"}, "WORKGROUP_MAIL_FROM"),
        ({"WORKGROUP_MAIL_FROM": "@report.example"}, "WORKGROUP_MAIL_FROM"),
        ({"WORKGROUP_MAIL_FROM": "a@report.example, b@report.example"}, "one address"),
        ({"WORKGROUP_MAIL_FROM": "a@report.example\nBcc: b@c.example"}, "one address"),
        (
            {"WORKGROUP_MAIL_FROM": "Work, Group <a@report.example>"},
            '"Working Group" <',
        ),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, environ, words):
    with pytest.raises(config.SettingError) as caught:
        read(tmp_path, **environ)

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "sender",
    [
        "mail@report.example",
        "<mail@report.example>",
        "Working Group <mail@report.example>",
        '"Work, Group" <mail@report.example>',
        "作業部会 <mail@report.example>",
    ],
)
def test_the_sender_may_have_a_name(tmp_path, sender):
    assert sender == read(tmp_path, WORKGROUP_MAIL_FROM=sender).MAIL_FROM


def test_a_command_with_a_wrong_setting_prints_one_line_and_no_traceback(tmp_path):
    environ = {**os.environ, "WORKGROUP_INSTANCE": str(tmp_path), "PORT": "nowhere"}

    done = subprocess.run(
        [sys.executable, "-m", "flask", "audit-verify"],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert (
        done.stderr.strip()
        == "Error: PORT=nowhere must be a whole number from 0 to 65535"
    )


def test_behind_a_public_address_cookies_are_secure_and_hosts_are_named(tmp_path):
    settings = read(
        tmp_path,
        HOST="0.0.0.0",  # noqa: S104
        WORKGROUP_PUBLIC_URL="https://report.example/",
    )

    assert settings.SESSION_COOKIE_SECURE
    assert "report.example" in settings.HOSTS
    assert len(settings.HOSTS) == 1
    assert settings.PUBLIC_URL == "https://report.example"


@pytest.mark.parametrize("debug", ["1", "true", "on"])
def test_debug_mode_and_a_public_address_exclude_each_other(tmp_path, debug):
    public = {"WORKGROUP_PUBLIC_URL": "https://report.example"}

    with pytest.raises(config.SettingError, match="FLASK_DEBUG"):
        read(tmp_path, FLASK_DEBUG=debug, **public)

    assert read(tmp_path, FLASK_DEBUG="0", **public)
    assert read(tmp_path, FLASK_DEBUG=debug)


def test_nobody_else_may_read_what_is_written(tmp_path):
    environ = {**os.environ, "WORKGROUP_INSTANCE": str(tmp_path / "instance")}
    subprocess.run(
        ["sh", "-c", f"umask 022; {sys.executable} -m flask db upgrade"],
        cwd=ROOT, env=environ, check=True, capture_output=True,
    )  # fmt: skip

    written = list((tmp_path / "instance").rglob("*"))
    assert {"workgroup.sqlite", "secret.key"} <= {path.name for path in written}
    for path in written:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_site_with_certificates_tells_browsers_to_stay_with_them(app):
    plain = app.test_client().get("/account/sign-in")
    app.config["SESSION_COOKIE_SECURE"] = True  # as a public address with https sets it
    secure = app.test_client().get("/account/sign-in")

    assert "Strict-Transport-Security" not in plain.headers
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
