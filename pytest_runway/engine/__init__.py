"""The fake itself: a function of state, request and virtual time."""
