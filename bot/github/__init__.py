"""GitHub behind the `Forge` port: the only part that speaks its API, by PyGithub."""
