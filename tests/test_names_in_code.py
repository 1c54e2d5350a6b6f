"""Names go through one function: nothing else reads a name or an address to show it."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME = re.compile(r"\b(printed_name|native_name)\b|\buser\.name\b|\.email\b")

# Where names and addresses stand all the same, and why.
ALLOWED = {
    "workgroup/accounts/": "the account itself: its table, its profile, signing in",
    "workgroup/demo/": "writes the profiles of invented people",
    "workgroup/cli.py": "creates an account",
    "workgroup/cohorts/naming.py": "the one function",
    "workgroup/cohorts/queries.py": "asks whether an address is inside",
    "workgroup/cohorts/invitations.py": "an invitation is bound to its address",
    "workgroup/cohorts/mails.py": "the address that a mail goes to",
    "workgroup/cohorts/forms.py": "what a newcomer types",
    "workgroup/cohorts/views/arrival.py": "what a newcomer types",
    "workgroup/cohorts/views/people.py": "whom the organizer invites",
    "workgroup/lifecycle/subjects.py": "whom the organizer has invited",
    "workgroup/notifications/mailing.py": "the address that a mail goes to",
    "workgroup/publishing/assemble.py": "the field of the file, filled by the function",
    "templates/accounts/": "one's own profile",
    "templates/security/": "one's own sign-in",
    "templates/account_menu.html": "one's own address",
    "templates/notifications/mail.html": "one's own address",
    "templates/cohorts/invitation.html": "the address that was invited, on the page of its link",
    "templates/cohorts/invitations.html": "whom the organizer has invited",
    "templates/cohorts/people.html": "whom the organizer has just invited",
    "templates/cohorts/assignment.html": "whose roles the organizer changes",
}
READ = sorted(
    path
    for top, kinds in (("workgroup", (".py",)), ("templates", (".html", ".txt")))
    for path in (ROOT / top).rglob("*")
    if path.suffix in kinds
)


def inside(path):
    return str(path.relative_to(ROOT))


def test_only_the_one_function_names_people():
    others = [path for path in READ if not inside(path).startswith(tuple(ALLOWED))]

    named = [
        f"{inside(path)}: {line.strip()}"
        for path in others
        for line in path.read_text().splitlines()
        if NAME.search(line)
    ]
    assert named == []


def test_every_exception_is_still_needed():
    needed = {
        allowed
        for allowed in ALLOWED
        for path in READ
        if inside(path).startswith(allowed) and NAME.search(path.read_text())
    }

    assert needed == set(ALLOWED)
