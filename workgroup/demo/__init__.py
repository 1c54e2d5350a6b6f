"""The demonstration: an invented cohort with its report, loaded as if it had worked."""
