"""What browser tests do again and again."""

from playwright.sync_api import Page

from tests import cast


def sign_in(page: Page, base: str, name: str) -> None:
    """Sign somebody of the cast in and wait for the first page."""
    page.goto(f"{base}/account/sign-in")
    page.get_by_label("E-mail address").fill(cast.address(name))
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
