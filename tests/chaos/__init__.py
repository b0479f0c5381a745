"""A storm: many deliveries, killed and stalled processes, a GitHub that fails now and then; and what must hold after.

`uv run python -m tests.chaos --seed 1 --deliveries 1000 --kills 40` exits with 0 when all of it holds; its last line is
the figures.
"""
