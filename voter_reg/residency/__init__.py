"""Proof of identity and residency: verifiers behind one interface."""
