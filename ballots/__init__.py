"""Paper: elections, ballot styles, rosters and poll books. Pure, and built on `eligibility` alone."""
