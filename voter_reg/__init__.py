"""The service: a portal where residents register, the roll that is kept sealed, and the rosters that are cut from it."""
