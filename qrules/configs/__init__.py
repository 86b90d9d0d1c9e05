"""VM configs in the formats that people have, read into requests. Readers know option and element names only."""
