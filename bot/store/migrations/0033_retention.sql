-- Since when we may not work for a repository any more; null where we may.
ALTER TABLE repositories ADD COLUMN lost_at timestamptz;
CREATE INDEX repositories_lost ON repositories (lost_at) WHERE lost_at IS NOT NULL;
CREATE INDEX reviews_by_end ON reviews (ended_at) WHERE ended_at IS NOT NULL;
