"""Writes the contract's OpenAPI document from the SDK's types and a hand-written overlay."""
