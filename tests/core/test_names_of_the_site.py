"""A request may name this site only; on this machine by any name of loopback, IPv6 too."""

import pytest

from app import create_app
from workgroup import config


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("[::1]", 200),
        ("LOCALHOST:8000", 200),
        ("Localhost.", 200),
        ("localhost.:8000", 200),
        ("localhost..", 400),
        (".localhost", 400),
        (".", 400),
        (f"{'a' * 64}.example", 400),
        ("report.example", 400),
        ("localhost.report.example", 400),
        ("[::2]:8000", 400),
        ("[::1]report.example", 400),
        ("[::1", 400),
        ("::1", 400),
        ("localhost:8000:8000", 400),
        ("localhost@report.example", 400),
        ("", 400),
    ],
)
def test_on_this_machine_loopback_is_known_by_all_its_names(app, host, status):
    answer = app.test_client().get("/account/sign-in", headers={"Host": host})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("public", "host", "status"),
    [
        ("https://report.example:8443", "report.example:8443", 404),
        ("https://Report.Example", "REPORT.example.", 404),
        ("https://report.example.", "report.example", 404),
        ("https://report.example", "localhost", 400),
        ("https://[2001:db8::7]", "[2001:db8::7]", 404),
        ("https://[2001:db8::7]", "[2001:db8::8]", 400),
        ("https://[2001:db8::7]", "[::1]", 400),
    ],
)
def test_behind_a_public_address_only_that_one_counts(tmp_path, public, host, status):
    environ = {
        "WORKGROUP_INSTANCE": str(tmp_path / "i"),
        "WORKGROUP_PUBLIC_URL": public,
    }
    client = create_app(config.read(environ)).test_client()

    answer = client.get("/nowhere", headers={"Host": host})

    assert answer.status_code == status
