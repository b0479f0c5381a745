"""Edits that might fix a fault: cheap guesses, of which only those are offered that a new judgement proves."""
