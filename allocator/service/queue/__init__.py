"""Runs: the table is the queue, a lease says who works on what, a child process does the work."""
