"""The audit log: what is written into it, and how anybody checks that nothing was taken out."""
