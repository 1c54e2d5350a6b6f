"""What browser tests do again and again."""

from playwright.sync_api import Locator, Page, expect

from tests import cast


def sign_in(page: Page, base: str, name: str) -> None:
    """Sign somebody of the cast in and wait for the first page."""
    page.goto(f"{base}/account/sign-in")
    page.get_by_label("E-mail address").fill(cast.address(name))
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


PASTE = """(element, html) => {
  const data = new DataTransfer()
  data.setData('text/html', html)
  element.dispatchEvent(new ClipboardEvent('paste',
    { clipboardData: data, bubbles: true, cancelable: true }))
}"""
SELECT = """(element, words) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words)
    if (at < 0) continue
    element.focus()
    document.getSelection().setBaseAndExtent(
      walker.currentNode, at, walker.currentNode, at + words.length)
    return
  }
  throw new Error(words + ' is not there')
}"""


def text_of(page: Page) -> Locator:
    """Return the editor's text."""
    return page.locator(".ProseMirror")


def saved(page: Page) -> None:
    """Wait until the page says that all is on the server's disk."""
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
