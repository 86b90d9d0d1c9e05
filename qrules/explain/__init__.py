"""Answers as data: verdicts with their reasons, why a device plugs or does not, what a machine has.

Everything here is made of a run's outcome and the rules' notes; text and JSON are made of it in `qrules.report`.
"""
