"""lark's parse tree to the nodes of `qrules.language.tree`. One method a grammar rule, no checks of meaning."""

from __future__ import annotations

from qrules.language.transform_clauses import Clauses
from qrules.language.transform_documents import Documents
from qrules.language.transform_expressions import Expressions
from qrules.language.transform_schema import Schemas
from qrules.language.transform_statements import Statements
from qrules.language.transform_tests import Tests


class ToNodes(Statements, Schemas, Documents, Tests, Clauses, Expressions):
    """The whole grammar."""
