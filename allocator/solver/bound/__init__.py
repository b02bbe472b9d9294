"""Lower bounds of tiers: one idea per module, each valid on its own."""
