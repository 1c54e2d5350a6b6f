"""Notices: who is notified of what has happened, on a page and by mail."""
