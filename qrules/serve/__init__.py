"""Answers for other programs that ask again and again: over QMP, over HTTP, and as tools of assistants."""
