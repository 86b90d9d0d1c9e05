"""The rule language: text to syntax tree.

``reader`` turns ``.qr`` text into the nodes of ``tree``; ``diagnostics`` carries what is wrong with it.
This package needs lark, so nothing on the way to an answer imports it.
"""
