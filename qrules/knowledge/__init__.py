"""Checked, resolved rules: from syntax trees to compiled pieces (``compile``), and from pieces to answers (``model``).

Only ``store`` and ``model`` are on the way to an answer; the rest is imported when rules have to be compiled.
"""
