"""`.github/preship.yml`: what a repository decides for itself, read whole, with every mistake at its place."""
