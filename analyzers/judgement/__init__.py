"""From the facts of an action to what we say of it: findings, and one answer for each item of the checklist."""
