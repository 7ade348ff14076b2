"""Fuzzing the portal: every form, in every state of a visitor, with what no browser and no person should send."""
