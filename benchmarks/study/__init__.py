"""The study: frozen instances, peers in the same budget, one judge, tables and plots."""
