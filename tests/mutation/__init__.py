"""Mutation of the packs: every rule value changed by the least, and a test must notice."""
