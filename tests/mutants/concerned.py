"""Which modules are broken, and which tests are concerned with each.

The first are those that probably notice, small enough to run for every mutant; the others
are all that might, and run for what the first let live.
"""

TEXT = "tests/textlog tests/live/test_opening_a_room.py tests/live/test_the_hub.py tests/live/test_hostile_sockets.py tests/live/test_newcomers.py"
INTAKE = "tests/textlog/test_the_intake.py tests/textlog/test_odd_spellings.py tests/textlog/test_the_log.py tests/textlog/test_the_wire.py tests/textlog/test_differential.py"
BALLOTS = "tests/deciding/test_opening_a_ballot.py tests/deciding/test_casting_a_vote.py tests/deciding/test_closing_a_ballot.py tests/deciding/test_voting_on_the_page.py"
LOG = "tests/acts tests/core/test_what_happened.py"
CONCERNED = {
    "workgroup/deciding/tally.py": ("tests/deciding/test_tally.py", "tests/deciding"),
    "workgroup/deciding/rules.py": (
        "tests/deciding/test_tally.py tests/deciding/test_words.py tests/deciding/test_stored_rules.py tests/deciding/test_shares.py tests/deciding/test_opening_a_ballot.py",
        "tests/deciding",
    ),
    "workgroup/deciding/services.py": (BALLOTS, "tests/deciding"),
    "workgroup/deciding/moves.py": (BALLOTS, "tests/deciding tests/lifecycle"),
    "workgroup/deciding/policies.py": (
        BALLOTS,
        "tests/deciding tests/test_authorization.py",
    ),
    "workgroup/textlog/intake.py": (INTAKE, TEXT),
    "workgroup/textlog/order.py": (INTAKE, TEXT),
    "workgroup/textlog/contents.py": (INTAKE, TEXT),
    "workgroup/textlog/protocol.py": ("tests/textlog/test_the_wire.py", TEXT),
    "workgroup/textlog/replay.py": (INTAKE, TEXT),
    "workgroup/drafting/states.py": (
        "tests/drafting/test_freezing.py",
        "tests/drafting tests/lifecycle",
    ),
    "workgroup/drafting/moves.py": (
        "tests/drafting/test_freezing.py tests/lifecycle",
        "tests/drafting tests/test_locks.py",
    ),
    "workgroup/drafting/numbering.py": (
        "tests/drafting/test_numbering.py",
        "tests/drafting",
    ),
    "workgroup/drafting/canonical.py": (
        "tests/drafting/test_the_canonical_form.py",
        "tests/drafting tests/textlog/test_documents.py",
    ),
    "workgroup/discussion/quotations.py": (
        "tests/discussion/test_quotations.py",
        "tests/discussion",
    ),
    "workgroup/cohorts/attribution.py": (
        "tests/cohorts/test_names_for_a_reader.py",
        "tests/cohorts",
    ),
    "workgroup/acts/chain.py": (LOG, "tests/deciding"),
    "workgroup/acts/services.py": (LOG, "tests/deciding tests/test_locks.py"),
    "workgroup/cohorts/roles.py": (
        "tests/cohorts/test_inviting.py tests/cohorts/test_people.py",
        "tests/cohorts tests/test_authorization.py",
    ),
    "workgroup/cohorts/invitations.py": (
        "tests/cohorts/test_inviting.py",
        "tests/cohorts",
    ),
    "workgroup/cohorts/services.py": (
        "tests/cohorts/test_people.py tests/cohorts/test_parts.py tests/cohorts/test_founding.py tests/cohorts/test_former_members.py",
        "tests/cohorts tests/test_locks.py",
    ),
    "workgroup/jobs/services.py": (
        "tests/jobs",
        "tests/test_locks.py tests/publishing",
    ),
    "workgroup/jobs/schedule.py": ("tests/jobs", ""),
    "workgroup/lifecycle/flow.py": ("tests/lifecycle", "tests/deciding"),
    "workgroup/lifecycle/progress.py": (
        "tests/cohorts/test_the_home_page.py",
        "tests/cohorts tests/lifecycle",
    ),
    "workgroup/notifications/timing.py": (
        "tests/notifications/test_what_is_due.py",
        "tests/notifications",
    ),
}
