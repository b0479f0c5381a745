-- What repositories were called: a delivery that is late may still call one so.
CREATE TABLE former_names (
    repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
    full_name text NOT NULL,                          -- owner/name
    left_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository_id, full_name)
);
