-- What a review says of its commit, beside its conclusion; null for reviews of earlier versions.
ALTER TABLE reviews ADD COLUMN check_title text, ADD COLUMN check_summary text;

-- A digest of what its check run shows: the worst of all open pull requests with this head. Null where the run has not
-- been concluded for them.
ALTER TABLE reviews ADD COLUMN shown text;
CREATE INDEX reviews_by_head ON reviews (repository_id, head_sha);
