-- What answers requests in a repository, and who may do what by it: as it was counted last.
CREATE TABLE inventories (
    repository_id bigint PRIMARY KEY,
    branch text NOT NULL,                             -- the default one, as it was called then; empty if nobody said
    commit_sha text NOT NULL,
    matrix text NOT NULL,                             -- as JSON
    counted_at timestamptz NOT NULL DEFAULT now()
);

-- The page of an inventory shows what became of the last request for one.
CREATE INDEX deliveries_inventory ON deliveries (repository_id, position DESC) WHERE trigger = 'inventory';
