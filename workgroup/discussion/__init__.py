"""Threads of comments, anchored to words of a draft or of a version."""
