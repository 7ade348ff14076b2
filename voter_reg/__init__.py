"""The service: a portal where residents register, a roll that is kept sealed, and the rosters cut from it."""
