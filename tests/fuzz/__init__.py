"""Hostile input by the thousand: mutated webhooks for a running server, mutated sources for the analysis.

`uv run python -m tests.fuzz sources --seed 1 --count 5000`
`uv run python -m tests.fuzz webhooks --seed 1 --count 10000`
"""
