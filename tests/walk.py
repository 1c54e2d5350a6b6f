"""The main flow as people walk it: browsers, invitation links, keys, a kill in between."""

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import create_app
from tests.browsing import PASTE, SELECT, saved, text_of
from tests.conftest import settings
from tests.servers import Server
from tests.waiting import PRINTED

PASSWORD = "a sentence nobody guesses"
ORGANIZER = "olivia@walk.example"
LATIN = "The three governments should meet every spring."
KOREAN = "세 나라는 매년 봄에 회의를 연다."
JAPANESE = "三か国は毎年春に会合を開くべきである。"
AFTER_THE_KILL = "Written after the server came back."
CHANGED = "A permanent secretariat prepares each meeting."
QUOTED = "every spring"
NOTE = "Cabinet Office, *White Paper*, 2024."
FROM_WORD = f"""<html xmlns:w="urn:schemas-microsoft-com:office:word"><body>
<p class=MsoNormal>{JAPANESE}<a style='mso-footnote-id:ftn1' href="#_ftn1"
name="_ftnref1" title=""><span class=MsoFootnoteReference>[1]</span></a></p>
<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1>
<p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a>
Cabinet Office, <i>White Paper</i>, 2024.</p></div></div></body></html>"""

LOST = re.compile(r"WebSocket connection to|net::ERR_|^htmx:sendError")


class Walk:
    """One organizer, two members and a publisher, each in a browser of their own."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser = browser
        self.server = server
        self.slug = ""
        self.contexts: dict[str, BrowserContext] = {}
        self.pages: dict[str, Page] = {}
        self.sections: dict[str, str] = {}  # title → address
        self.ballots: dict[str, str] = {}
        self.complaints: list[str] = []
        self.is_down = False
        self.printed = Path()

    # Moving about

    def newcomer(self, name: str, zone: str = "UTC") -> Page:
        """Open a browser for somebody; what its console says against us is kept."""
        context = self.browser.new_context(timezone_id=zone)
        page = context.new_page()
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.contexts[name], self.pages[name] = context, page
        return page

    def on_console(self, message) -> None:
        """Keep what the policy of contents blocked; lost connections are expected."""
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def at(self, name: str, path: str = "") -> Page:
        """Have somebody open a page of the cohort."""
        return self.open(name, f"{self.server.url}/c/{self.slug}/{path}")

    def open(self, name: str, address: str) -> Page:
        """Have somebody open an address; what is looked for there is waited for."""
        page = self.pages[name]
        page.goto(address, wait_until="domcontentloaded")
        return page

    def section(self, name: str, title: str) -> Page:
        """Have somebody open a section: at first from the outline, then by its address."""
        if title in self.sections:
            return self.open(name, self.sections[title])
        page = self.at(name, "report")
        page.get_by_role("link", name=title, exact=True).click()
        page.wait_for_url("**/sections/*/")
        self.sections[title] = page.url
        return page

    # The steps

    def found(self) -> None:
        """1. The organizer founds the cohort with its report and invites three people."""
        self.make_the_organizer()
        page = self.newcomer("olivia", "America/New_York")
        page.goto(self.server.url)
        page.get_by_label("E-mail address").fill(ORGANIZER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Create a cohort").first.click()
        page.locator("[name=name]").fill("Trilateral Walk")
        page.locator("[name=title]").fill("Meeting Every Spring")
        for row, (code, name) in enumerate([("US", "United States"), ("JP", "Japan")]):
            page.locator(f"[name=delegations-{row}-code]").fill(code)
            page.locator(f"[name=delegations-{row}-name]").fill(name)
        page.get_by_role("button", name="Create the cohort").click()
        page.wait_for_url(re.compile(r"/c/[\w-]+/people$"))
        self.slug = page.url.split("/")[-2]
        self.add_section("Executive summary", "Front matter")
        self.add_section("Meet every spring", "Recommendation")
        self.invite("amy", "Member", "United States", "America/New_York")
        self.invite("hana", "Member", "Japan", "Asia/Tokyo")
        self.invite("paul", "Publisher", "", "UTC")

    def make_the_organizer(self) -> None:
        """Create the first account with the commands that README names."""
        app = create_app(settings(self.server.instance))
        for command in (
            ["db", "upgrade"],
            ["create-user", ORGANIZER, "--organizer", "--name", "Olivia Okafor",
             "--password", PASSWORD],
        ):  # fmt: skip
            done = app.test_cli_runner().invoke(args=command)
            assert done.exit_code == 0, done.output
        self.server.start()

    def add_section(self, title: str, kind: str) -> None:
        """Add a section at the end of the report."""
        page = self.at("olivia", "report")
        page.get_by_role("link", name="Add a section").first.click()
        page.get_by_label("Title").fill(title)
        page.get_by_label(kind, exact=True).check()
        if kind == "Recommendation":
            page.get_by_label("Addressees").fill("The three governments")
            page.get_by_label("Horizon").fill("Within two years")
        page.get_by_role("button", name="Add the section").click()
        expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()

    def invite(self, name: str, role: str, delegation: str, zone: str) -> None:
        """Invite someone and let them join through the link."""
        page = self.at("olivia", "people/invite")
        page.get_by_label("E-mail address").fill(f"{name}@walk.example")
        page.get_by_label(role, exact=False).first.check()
        if delegation:
            choice = page.locator("[name=delegation] option", has_text=delegation)
            value = choice.get_attribute("value") or ""
            page.locator("[name=delegation]").select_option(value)
        page.get_by_role("button", name="Invite").click()
        link = page.locator("#invitation-link").input_value()
        guest = self.newcomer(name, zone)
        guest.goto(link)
        expect(guest.locator("[name=time_zone]")).to_have_value(zone)
        guest.locator("[name=printed_name]").fill(f"{name.title()} Walker")
        guest.locator("[name=password]").fill(PASSWORD)
        guest.get_by_role("button", name="Accept and join").click()
        guest.wait_for_url(f"**/c/{self.slug}/")

    def draft(self) -> None:
        """2. Two members write together; the server is killed while one goes on."""
        amy = self.section("amy", "Meet every spring")
        hana = self.section("hana", "Meet every spring")
        self.type(amy, LATIN)
        expect(text_of(hana)).to_contain_text(LATIN)
        text_of(hana).press("Control+End")
        hana.keyboard.press("Enter")
        hana.keyboard.insert_text(KOREAN)
        hana.keyboard.press("Enter")
        text_of(hana).evaluate(PASTE, FROM_WORD)
        expect(text_of(amy)).to_contain_text(KOREAN)
        expect(text_of(amy)).to_contain_text(JAPANESE)
        saved(hana)
        self.is_down = True
        self.server.kill()
        text_of(amy).press("Control+End")
        amy.keyboard.press("Enter")
        amy.keyboard.type(AFTER_THE_KILL)
        self.server.start()
        saved(amy)
        expect(text_of(hana)).to_contain_text(AFTER_THE_KILL)
        self.is_down = False
        for words in (LATIN, KOREAN, JAPANESE, AFTER_THE_KILL):
            assert text_of(hana).inner_text().count(words) == 1, words
        self.type(
            self.section("amy", "Executive summary"), "Three countries, one agenda."
        )
        saved(self.pages["amy"])

    def type(self, page: Page, words: str) -> None:
        """Type as people do, key by key."""
        text_of(page).click()
        page.keyboard.type(words)

    def discuss(self) -> None:
        """3. A member comments on two words, another one replies."""
        hana = self.section("hana", "Meet every spring")
        expect(text_of(hana)).to_contain_text(QUOTED)
        text_of(hana).evaluate(SELECT, QUOTED)
        hana.get_by_role("button", name="Comment", exact=True).click()
        composer = hana.locator("#composer")
        composer.get_by_role("textbox").fill("Could it be autumn? 秋では？")
        composer.get_by_role("button").first.click()
        amy = self.section("amy", "Meet every spring")
        card = amy.locator("#rail [data-thread]")
        expect(card).to_contain_text("秋では？")
        expect(card).to_contain_text(QUOTED)
        card.locator("summary", has_text="Reply").click()
        card.get_by_role("textbox").fill("Spring suits the budgets.")
        card.get_by_role("button", name="Reply").click()
        expect(hana.locator("#rail [data-thread]")).to_contain_text("budgets")
        self.at("hana")
        expect(hana.locator("main")).to_contain_text(QUOTED)

    def put_to_vote(self) -> None:
        """4. Ballots open on both sections, each on its frozen version."""
        for title in ("Executive summary", "Meet every spring"):
            self.open_ballot(title)
            expect(self.pages["olivia"].locator("main")).to_contain_text("ersion 1")
        amy = self.section("amy", "Meet every spring")
        expect(amy.locator(".ProseMirror[contenteditable=true]")).to_have_count(0)
        waiting = self.at("amy").locator("main")
        for title in self.ballots:
            expect(waiting.get_by_role("link", name=title).first).to_be_visible()

    def open_ballot(self, title: str) -> None:
        """Freeze a section and open a ballot on it until tomorrow."""
        page = self.section("olivia", title)
        page.get_by_role("link", name="Open a ballot").first.click()
        closing = page.locator("[name=closes_at]")
        closing.fill("2099-06-01T18:00")
        page.get_by_role("button", name="Open the ballot").click()
        page.wait_for_url("**/ballots/*")
        self.ballots[title] = page.url

    def vote(self, name: str, title: str, position: str, reason: str = "") -> None:
        """Cast a vote on the open ballot of a section."""
        page = self.open(name, self.ballots[title])
        page.get_by_label(position, exact=False).first.check()
        if reason:
            page.locator("[name=reason]").fill(reason)
        page.get_by_role("button", name="Record my vote").click()
        expect(page.locator("main")).to_contain_text("Recorded:")

    def close(self) -> None:
        """5. One is adopted, one rejected, reopened, changed and adopted at the second try."""
        self.vote("amy", "Executive summary", "Support")
        self.vote("hana", "Executive summary", "Support")
        self.vote("amy", "Meet every spring", "Support")
        self.vote("hana", "Meet every spring", "Object", "Who prepares the meetings?")
        assert self.close_ballot("Executive summary") == "Adopted"
        assert self.close_ballot("Meet every spring") == "Rejected"
        page = self.section("olivia", "Meet every spring")
        page.get_by_role("link", name="Reopen").first.click()
        page.locator("[name=reason]").fill("Say who prepares the meetings.")
        page.get_by_role("button", name="Reopen").click()
        amy = self.section("amy", "Meet every spring")
        expect(text_of(amy)).to_contain_text(AFTER_THE_KILL)
        text_of(amy).press("Control+End")
        amy.keyboard.press("Enter")
        amy.keyboard.type(CHANGED)
        saved(amy)
        self.open_ballot("Meet every spring")
        self.vote("amy", "Meet every spring", "Support")
        self.vote("hana", "Meet every spring", "Can live with it")
        assert self.close_ballot("Meet every spring") == "Adopted"

    def close_ballot(self, title: str) -> str:
        """Close the open ballot on a section; return what the result page says."""
        page = self.open("olivia", self.ballots[title])
        page.get_by_role("button", name="Close now").click()
        page.locator("#confirm [value=yes]").click()
        outcome = page.locator("#outcome-heading")
        expect(outcome).to_be_visible()
        return "Adopted" if "dopted" in outcome.inner_text() else "Rejected"

    def export(self) -> None:
        """6. The publisher exports; what comes is the finished file."""
        page = self.at("paul", "exports")
        page.get_by_role("button", name="Export the final report").click()
        link = page.get_by_role("link", name="Download").first
        expect(link).to_be_visible(timeout=PRINTED * 1000)
        with page.expect_download() as download:
            link.click()
        self.printed = Path(download.value.path())
