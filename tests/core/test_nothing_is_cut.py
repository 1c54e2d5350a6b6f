"""What somebody pastes into a field arrives whole, or is refused whole; no browser cuts off its end."""

from pathlib import Path
from zoneinfo import ZoneInfo

from tests import cast
from tests.core.test_values_in_every_field import families
from tests.furniture import furnish
from workgroup.lifecycle.forms import OpenForm
from workgroup.sending.forms import PlainForm

NEEDED = {OpenForm: (ZoneInfo("UTC"),)}
ROOT = Path(__file__).parents[2]
SHOWN = [*ROOT.glob("templates/**/*.html")]


def test_no_field_tells_the_browser_to_cut(app):
    with app.test_request_context():
        forms = [form(*NEEDED.get(form, ())) for form in families(PlainForm)]
        written = [str(field()) for form in forms for field in form]

    assert len(written) > 60
    assert [field for field in written if "maxlength" in field] == []


def test_no_page_tells_the_browser_to_cut():
    named = [path.name for path in SHOWN if "maxlength" in path.read_text().lower()]

    assert len(SHOWN) > 60
    assert named == []


def test_a_reason_that_is_too_long_comes_back_whole_with_its_length(app, as_):
    with app.app_context():
        ballot = furnish(cast.SLUG, "OURS").ids["ballot_id"]
    reason = "The term is not defined. " * 100 + "And this is why it matters."

    answer = as_("hana").post(
        f"/c/{cast.SLUG}/ballots/{ballot}/vote",
        data={"position": "object", "reason": reason},
    )

    assert answer.status_code == 422
    assert "Use at most 2,000 characters. You have used 2,527." in answer.text
    assert reason in answer.text
