"""Notices: who is told of what has happened, on a page and by mail."""
