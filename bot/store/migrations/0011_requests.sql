-- What a delivery asks for besides a review of its pull request, as JSON; empty for a push.
ALTER TABLE deliveries ADD COLUMN request text NOT NULL DEFAULT '';

-- Repositories by their id, which outlives names and owners.
CREATE TABLE repositories (
    id bigint PRIMARY KEY,
    full_name text NOT NULL,                          -- owner/name, as it was heard last
    installation bigint NOT NULL,
    heard_at timestamptz NOT NULL DEFAULT now()
);
