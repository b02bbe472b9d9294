"""Explanations of a plan: why it is so, what it comes to, what stands in the way."""
