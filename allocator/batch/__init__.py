"""Many scenarios in one night: idempotent, resumable, and one bad file stops nothing (R58)."""
