"""Sockets and rooms: who edits what at this moment."""
