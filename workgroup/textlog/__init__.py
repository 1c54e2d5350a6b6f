"""Streams of co-editing updates: the schema, the intake, the log and its reading."""
