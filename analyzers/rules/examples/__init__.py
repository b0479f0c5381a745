"""Examples of the rules that have too many of them for one file, by what they are about."""
