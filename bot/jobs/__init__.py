"""One review from delivery to concluded check run, in steps that may be killed anywhere and run again."""
