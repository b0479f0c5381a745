-- What one process does now and then for all of them, and when it was last done.
CREATE TABLE errands (
    name text PRIMARY KEY,
    done_at timestamptz NOT NULL
);
