"""Who fits where cells are full: sets of people that fill a cell, and how they go together."""
