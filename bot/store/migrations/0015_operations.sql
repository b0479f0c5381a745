-- What an action did when somebody had a finding of it ignored, as JSON; null where an earlier version did not note it.
ALTER TABLE dismissals ADD COLUMN operations text;

-- What actions did under the findings that comments tell, each time that it changed: a dismissal is for what could be
-- seen when it was written.
CREATE TABLE seen_operations (
    repository_id bigint NOT NULL,
    number integer NOT NULL,                          -- of the pull request
    fingerprint text NOT NULL,
    operations text NOT NULL,                         -- as JSON
    seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX seen_operations_by_finding ON seen_operations (repository_id, number, fingerprint, seen_at);
