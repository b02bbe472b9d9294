"""The marks that the solver is to reach, as lines that rows decide."""
