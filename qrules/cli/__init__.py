"""The command line. One module a family of verbs; a verb's module is imported only when the verb is asked for."""
