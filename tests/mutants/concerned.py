"""Which modules are broken, and which tests are concerned with each.

The first are those that probably notice, small enough to run for every mutant; the others
are all that might, and run for what the first let live.
"""

INTAKE = "tests/textlog/test_the_intake.py tests/textlog/test_odd_spellings.py tests/textlog/test_the_log.py tests/textlog/test_the_wire.py tests/textlog/test_differential.py"
WORST = "tests/textlog/test_worst_texts.py tests/textlog/test_snapshots.py"
READER = "tests/textlog/test_documents.py tests/textlog/test_reading_ahead.py tests/textlog/test_snapshots.py tests/textlog/test_quarantine.py tests/textlog/test_damaged_logs.py"
BALLOTS = "tests/deciding/test_opening_a_ballot.py tests/deciding/test_casting_a_vote.py tests/deciding/test_closing_a_ballot.py tests/deciding/test_vote_races.py"
PROMISES = "tests/cohorts/test_names_promised_to_writers.py"
MOVES = "tests/lifecycle/test_moves.py tests/lifecycle/test_moves_in_the_log.py"
LOG = "tests/acts tests/core/test_what_happened.py tests/test_locks.py"
CONCERNED = {
    "workgroup/deciding/tally.py": (
        "tests/deciding/test_tally.py",
        "tests/deciding/test_tally_properties.py",
    ),
    "workgroup/deciding/rules.py": (
        "tests/deciding/test_tally.py tests/deciding/test_words.py tests/deciding/test_stored_rules.py tests/deciding/test_shares.py",
        MOVES,
    ),
    "workgroup/deciding/services.py": (
        BALLOTS,
        f"tests/deciding/test_ballot_machine.py tests/deciding/test_voting_on_the_page.py {PROMISES}",
    ),
    "workgroup/deciding/moves.py": (
        f"{BALLOTS} {MOVES}",
        "tests/deciding/test_ballot_machine.py",
    ),
    "workgroup/deciding/policies.py": (
        "tests/deciding/test_casting_a_vote.py",
        "tests/deciding/test_voting_on_the_page.py",
    ),
    "workgroup/textlog/intake.py": (INTAKE, WORST),
    "workgroup/textlog/order.py": (INTAKE, WORST),
    "workgroup/textlog/contents.py": (INTAKE, WORST),
    "workgroup/textlog/protocol.py": (
        "tests/textlog/test_the_wire.py",
        "tests/live/test_hostile_sockets.py",
    ),
    "workgroup/textlog/replay.py": (
        READER,
        f"{WORST} tests/textlog/test_children_and_parents.py",
    ),
    "workgroup/drafting/states.py": ("tests/drafting/test_states.py", MOVES),
    "workgroup/drafting/moves.py": (
        f"tests/drafting/test_freezing.py {MOVES}",
        f"tests/test_locks.py {PROMISES}",
    ),
    "workgroup/drafting/numbering.py": (
        "tests/drafting/test_numbering.py",
        "tests/drafting/test_rendering.py",
    ),
    "workgroup/drafting/canonical.py": (
        "tests/drafting/test_the_canonical_form.py tests/drafting/test_what_versions_keep.py",
        "tests/drafting/test_freezing.py",
    ),
    "workgroup/discussion/quotations.py": (
        "tests/discussion/test_quotations.py",
        "tests/discussion/test_threads.py",
    ),
    "workgroup/cohorts/attribution.py": (
        "tests/cohorts/test_names_for_a_reader.py",
        "tests/cohorts/test_how_people_are_named.py",
    ),
    "workgroup/acts/chain.py": (LOG, ""),
    "workgroup/acts/services.py": (LOG, BALLOTS),
    "workgroup/cohorts/roles.py": (
        "tests/cohorts/test_inviting.py tests/cohorts/test_people.py",
        "tests/test_authorization.py",
    ),
    "workgroup/cohorts/invitations.py": (
        "tests/cohorts/test_inviting.py tests/cohorts/test_withdrawn_invitations.py tests/cohorts/test_lost_links.py",
        "tests/cohorts/test_undelivered_invitations.py",
    ),
    "workgroup/cohorts/services.py": (
        "tests/cohorts/test_people.py tests/cohorts/test_parts.py tests/cohorts/test_founding.py tests/cohorts/test_former_members.py tests/test_locks.py",
        "tests/cohorts/test_constraints.py",
    ),
    "workgroup/jobs/services.py": (
        "tests/jobs tests/test_locks.py",
        "",
    ),
    "workgroup/jobs/schedule.py": ("tests/jobs", ""),
    "workgroup/lifecycle/flow.py": (f"{MOVES} tests/cohorts/test_founding.py", BALLOTS),
    "workgroup/lifecycle/progress.py": (
        "tests/lifecycle/test_progress.py",
        "tests/cohorts/test_the_home_page.py",
    ),
    "workgroup/notifications/timing.py": (
        "tests/notifications/test_what_is_due.py",
        "tests/notifications/test_who_is_notified.py",
    ),
    "workgroup/notifications/services.py": (
        "tests/notifications/test_the_list.py tests/notifications/test_marking_as_read.py tests/notifications/test_what_one_chooses.py tests/notifications/test_without_a_mail_server.py",
        "tests/notifications/test_notified_once.py tests/notifications/test_mail.py tests/notifications/test_when_mail_leaves.py tests/notifications/test_what_mail_holds.py",
    ),
    "workgroup/discussion/services.py": (
        f"tests/discussion/test_threads.py tests/discussion/test_two_at_once.py tests/discussion/test_resolved_meanwhile.py tests/discussion/test_who_sees_a_thread.py {PROMISES}",
        "tests/discussion/test_the_pages.py tests/discussion/test_what_an_open_page_fetches.py tests/discussion/test_constraints.py tests/notifications/test_who_is_notified.py tests/lifecycle/test_the_log_of_a_cohort.py",
    ),
    "workgroup/cohorts/promises.py": (
        f"{PROMISES} tests/cohorts/test_how_people_are_named.py",
        "tests/notifications/test_the_list.py tests/lifecycle/test_the_log_of_a_cohort.py tests/core/test_changed_meanwhile.py",
    ),
    "workgroup/textlog/services.py": (
        "tests/textlog/test_the_log.py tests/textlog/test_constraints.py tests/textlog/test_snapshots.py tests/textlog/test_quarantine.py tests/textlog/test_damaged_logs.py tests/drafting/test_freezing.py",
        f"{READER} tests/textlog/test_shared_readings.py tests/live/test_the_hub.py {PROMISES} tests/notifications/test_when_a_text_breaks.py tests/lifecycle/test_damaged_texts.py",
    ),
    "workgroup/files/services.py": (
        "tests/files",
        "tests/publishing/test_files_of_older_exports.py tests/core/test_slow_work.py",
    ),
    "workgroup/publishing/services.py": (
        f"tests/publishing/test_the_exports_page.py {PROMISES}",
        "tests/publishing/test_an_export.py tests/publishing/test_files_of_older_exports.py tests/publishing/test_rows_of_older_exports.py",
    ),
    "workgroup/accounts/services.py": (
        "tests/accounts/test_who_is_signed_in.py tests/accounts/test_mailbox.py tests/accounts/test_sign_in.py tests/accounts/test_profile.py tests/accounts/test_who_has_no_name.py",
        "tests/accounts tests/cohorts/test_withdrawn_invitations.py tests/cohorts/test_inviting.py",
    ),
    "workgroup/sending/services.py": (
        "tests/core/test_sent_twice.py",
        "tests/core/test_slow_work.py tests/core/test_sent_from_an_old_page.py",
    ),
    "workgroup/drafting/arranging.py": (
        "tests/drafting/test_arranging_the_report.py tests/drafting/test_the_pages_of_the_report.py tests/test_locks.py",
        "tests/lifecycle/test_what_is_too_much.py tests/lifecycle/test_the_log_of_a_cohort.py tests/core/test_what_others_see.py",
    ),
    "workgroup/live/promises.py": ("tests/live/test_names_promised_to_editors.py", ""),
    "workgroup/live/presence.py": (
        "tests/live/test_colors.py tests/live/test_who_is_in_the_room.py tests/live/test_cursors.py",
        "tests/live/test_the_hub.py tests/live/test_names_promised_to_editors.py",
    ),
    "workgroup/live/cursors.py": ("tests/live/test_cursors.py", ""),
    "workgroup/live/limits.py": (
        "tests/live/test_limits.py tests/live/test_floods.py tests/live/test_storms_of_openings.py tests/live/test_opening_again_and_again.py",
        "tests/live/test_fair_rooms.py tests/live/test_costly_updates.py tests/live/test_slow_readers.py",
    ),
}
