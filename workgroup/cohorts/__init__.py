"""The cohort: its delegations, subgroups, people and their rights."""
