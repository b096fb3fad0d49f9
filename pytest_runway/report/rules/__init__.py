"""The rules: each a function of what was observed, together where they are about the same thing."""
