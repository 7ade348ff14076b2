"""The demonstration: an invented city with invented residents, and a supervisor that runs the whole service on it."""

CITY = "Northgate Falls"
"""The invented city. No such place, street, person or card exists."""

PLACE = "northgate-falls"
