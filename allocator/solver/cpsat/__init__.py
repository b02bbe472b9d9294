"""CP-SAT over shapes: whole problems, neighbourhoods, proofs."""
