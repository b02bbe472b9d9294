"""The order of moves: every state on the way is safe (R28, R29); see docs/adr/0006."""
