"""Answers as text and JSON. Both come from the same answer objects; nobody ever has to parse prose."""
