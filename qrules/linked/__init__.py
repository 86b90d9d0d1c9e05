"""What a rule set means in memory: kinds, clauses, expressions and domains as closures."""
