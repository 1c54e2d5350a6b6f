"""The main flow of a report, top-down."""
