"""Links go to the public address, whatever name or port a request claims."""

import pytest
from flask import url_for
from sqlalchemy import select

from app import create_app
from tests import cast
from workgroup import config
from workgroup.database import db
from workgroup.jobs.models import Job


@pytest.fixture
def public(app):
    """The application as it is set up behind a public address."""
    app.config["PUBLIC_URL"] = "https://report.example"
    return app


def mailed(app):
    with app.app_context():
        return "".join(job.payload["body"] for job in db.session.scalars(select(Job)))


@pytest.mark.parametrize("host", ["localhost:6666", "127.0.0.1:1"])
def test_a_forged_port_does_not_get_into_a_mail(app, host):
    app.test_client().post(
        "/account/reset", data={"email": cast.address("hana")}, headers={"Host": host}
    )

    assert "http://127.0.0.1:8000/account/reset/" in mailed(app)
    assert host not in mailed(app)


def test_mails_of_every_kind_carry_the_public_address(public, as_):
    olivia = as_("olivia")
    invited = {"email": "nao@new.example", "roles": ["member"], "delegation": "1"}
    olivia.post(f"/c/{cast.SLUG}/people/invite", data=invited)
    public.test_client().post("/account/reset", data={"email": cast.address("amy")})
    changed = {
        "password": cast.PASSWORD,
        "new_password": "another good one here",
        "new_password_confirm": "another good one here",
    }
    as_("hana").post("/account/change", data=changed)

    links = [word for word in mailed(public).split() if "://" in word]
    assert len(links) == 3
    assert all(link.startswith("https://report.example/") for link in links)


@pytest.mark.parametrize("host", ["localhost", "localhost:6666"])
@pytest.mark.parametrize(
    "path", ["/account/profile", "/account/change", "/notices?before=9"]
)
def test_signing_in_leads_back_by_a_path_whatever_the_request_claims(app, host, path):
    """A proxy may leave the port out of Host; the way back must not."""
    visitor = app.test_client()

    asked = visitor.get(path, headers={"Host": host})
    page = visitor.get(asked.location, headers={"Host": host}).text
    credentials = {"email": cast.address("hana"), "password": cast.PASSWORD}
    came = visitor.post(asked.location, data=credentials, headers={"Host": host})

    assert f'value="{path}"' in page
    assert "Sign in to open that page." in page
    assert came.location == path


def test_jobs_and_commands_write_the_same_addresses(public):
    with public.app_context():
        written = url_for("accounts.profile", _external=True)

    assert written == "https://report.example/account/profile"


@pytest.mark.parametrize(
    "address",
    [
        "https://report.example/workgroup",
        "https://report.example?x",
        "https://user:word@report.example",
        "https://report.example:99999",
        "https:///",
    ],
)
def test_a_public_address_is_a_name_and_perhaps_a_port(tmp_path, address):
    environ = {"WORKGROUP_INSTANCE": str(tmp_path), "WORKGROUP_PUBLIC_URL": address}
    with pytest.raises(config.SettingError):
        config.read(environ)


def test_an_address_in_another_script_is_known_by_the_name_that_browsers_send(tmp_path):
    settings = config.read(
        {
            "WORKGROUP_INSTANCE": str(tmp_path / "instance"),
            "WORKGROUP_PUBLIC_URL": "https://보고서.example",
        }
    )
    client = create_app(settings).test_client()

    answer = client.get("/nowhere", base_url="https://xn--299ax81ai7c.example")

    assert answer.status_code == 404
