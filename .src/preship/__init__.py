"""Preship: reviews of Next.js Server Actions. `analyzers` judges code, `bot` speaks to GitHub."""
