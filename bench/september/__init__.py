"""A city's September: every school's review of ranks, from the first of the month to the register."""
