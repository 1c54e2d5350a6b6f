"""Ballots on versions: the rule, the electors, the votes, the tally."""
