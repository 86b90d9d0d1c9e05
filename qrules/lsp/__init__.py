"""A language server: for rule files what an editor can know of them, for command lines and domains what `check` finds."""
