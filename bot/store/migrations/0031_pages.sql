-- What the pages show of a review besides what it does.
ALTER TABLE reviews
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN api_calls integer NOT NULL DEFAULT 0,  -- requests to the forge, over all runs
    ADD COLUMN unseen text[] NOT NULL DEFAULT '{}';   -- what could not be judged, a line each
UPDATE reviews SET ended_at = changed_at WHERE step IN ('concluded', 'superseded', 'failed');

-- When a review came to each of its steps.
CREATE TABLE review_steps (
    review bigint NOT NULL REFERENCES reviews ON DELETE CASCADE,
    step text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (review, step)
);

-- What a review found, those findings that are meant to stand included.
CREATE TABLE review_findings (
    review bigint NOT NULL REFERENCES reviews ON DELETE CASCADE,
    place integer NOT NULL,                           -- in the review's own order
    fingerprint text NOT NULL,
    rule text NOT NULL,
    severity text NOT NULL,
    status text NOT NULL,
    path text NOT NULL,
    line integer NOT NULL,
    action text,
    ignored text,                                     -- why it is meant to stand; null where it is not
    PRIMARY KEY (review, place)
);

-- Who did what by the pages.
CREATE TABLE audit (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL,
    what text NOT NULL,
    repository_id bigint,                             -- null for what concerns the service as a whole
    about text NOT NULL DEFAULT ''
);
CREATE INDEX audit_by_repository ON audit (repository_id, id DESC);

-- Pages ask each repository for its newest rows.
CREATE INDEX reviews_newest ON reviews (repository_id, id DESC);
CREATE INDEX deliveries_newest ON deliveries (repository_id, position DESC);
CREATE INDEX deliveries_failed ON deliveries (repository_id, position DESC) WHERE state = 'failed';
CREATE INDEX dismissals_newest ON dismissals (repository_id, dismissed_at DESC);
CREATE INDEX told_by_time ON told (told_at, repository_id, rule);
