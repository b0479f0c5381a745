"""Bytes and headers become verified deliveries; nothing here knows GitHub's API, the queue or the analysis."""
