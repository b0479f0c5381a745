"""Executes every action of real repositories, and counts without labels where it may have lost a path.

`python -m tests.audit REPOSITORY[@COMMIT] …`
"""
