"""Why not everybody can be placed, who would have to sign what, and what a place is worth."""
