"""What the doors share: verified plans, child processes, states, stores, output folders."""
