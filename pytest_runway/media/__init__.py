"""Bytes to facts to a verdict; and media with exactly one flaw, and outputs to download."""
