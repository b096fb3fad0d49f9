"""How requests reach the engine."""
