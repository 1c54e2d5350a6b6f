"""The report, its sections, their states and their frozen versions."""
