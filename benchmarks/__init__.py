"""What `make bench` runs: each piece of work beside a floor that does the least one could, in the same run.

Absolute times drift by a factor of two or three on a shared machine, so work and floor take turns and what counts is
the median of their ratios. Where a budget is absolute (a rate, milliseconds), it is measured as it is and said so.
"""
