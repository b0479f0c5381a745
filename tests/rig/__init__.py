"""What stands for GitHub in the tests: a thin fake over a real repository, held to GitHub's own description."""
