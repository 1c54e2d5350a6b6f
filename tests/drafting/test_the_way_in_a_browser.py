"""The way to a page, in its bar: legible however long the names in it are."""

from pathlib import Path

import pytest
from flask import get_template_attribute

pytestmark = pytest.mark.browser

STYLES = Path(__file__).parents[2] / "workgroup/static/css"
LONG = "Working Group on the Resilience and Transparency of Supply Chains in the Region"
CUT = "({ firstElementChild: shown }) => shown.scrollWidth > shown.clientWidth"
# How far the words of each step reach beyond the place at which the next one begins.
OVERLAPS = """steps => steps.slice(1).map((step, number) => {
  const [shown] = steps[number].children
  const words = document.createRange()
  words.selectNodeContents(shown)
  const clips = getComputedStyle(shown).overflowX !== 'visible'
  const { right } = (clips ? shown : words).getBoundingClientRect()
  return Math.max(0, right - step.getBoundingClientRect().left)
})"""


@pytest.fixture
def bar(app, page):
    def show(cohort: str, section: str, width: int):
        with app.test_request_context():
            crumbs = get_template_attribute("macros/parts.html", "crumbs")
            way = crumbs([(cohort, "/"), ("Report", "/"), (section, "/")], "Version 1")
        css = "".join(
            (STYLES / f"{name}.css").read_text()
            for name in ("tokens", "base", "layout")
        )
        page.set_viewport_size({"width": width, "height": 600})
        page.set_content(
            f"<style>{css}</style><header class='bar'><a class='brand'>"
            f"<span>Workgroup</span></a>{way}<button class='btn'>Notices</button></header>"
        )
        return page.locator(".crumbs li")

    return show


@pytest.mark.parametrize(
    ("cohort", "section"),
    [(LONG, "Trade"), ("Space", LONG), (LONG, LONG)],
    ids=["cohort", "section", "both"],
)
@pytest.mark.parametrize("width", [1440, 1100])
def test_no_name_is_written_over_the_next(bar, cohort, section, width):
    steps = bar(cohort, section, width)

    assert steps.evaluate_all(OVERLAPS) == [0, 0, 0]
    assert not steps.nth(1).evaluate(CUT)  # "Report"


def test_short_names_are_shown_whole(bar):
    steps = bar("Space", "Trade", 1440)

    assert not any(steps.nth(number).evaluate(CUT) for number in range(4))
