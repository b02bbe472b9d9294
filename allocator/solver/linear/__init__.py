"""Problems in which nobody has points with anybody: matchings, relaxations, small cores."""
