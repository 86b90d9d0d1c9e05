"""The rule language: text to syntax tree.

``reader`` turns ``.qr`` text into the nodes of ``tree``, or raises `qrules.diagnostics.Unusable` with all that is wrong with
it; ``formatter`` writes text in the one style. This package needs lark, so nothing on the way to an answer imports it.
"""
