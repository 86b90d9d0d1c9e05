"""Rule sets as a whole: found, compiled, proven board by board, kept, counted."""
