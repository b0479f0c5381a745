-- Every webhook delivery that asks for work, so that a repeated one is recognised.
CREATE TABLE deliveries (
    guid text PRIMARY KEY,                            -- X-GitHub-Delivery
    position bigserial NOT NULL,                      -- the order in which they came
    event text NOT NULL,
    action text NOT NULL,
    repository_id bigint NOT NULL,
    repository text NOT NULL,                         -- owner/name when it came
    installation bigint NOT NULL,
    number integer NOT NULL,                          -- of the pull request
    head_sha text,                                    -- as the delivery says; null for commands
    actor text NOT NULL,                              -- login of whoever caused it
    trigger text NOT NULL,                            -- 'push', or 'comment:' and the comment's id
    state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'done', 'failed', 'superseded')),
    failures integer NOT NULL DEFAULT 0,              -- tries that GitHub or git let down
    reason text NOT NULL DEFAULT '',                  -- why it failed or was not needed
    received_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX deliveries_by_pull_request ON deliveries (repository_id, number, position);
CREATE INDEX deliveries_by_time ON deliveries (received_at);

-- The fence: one row per review that may ever stand, and how far it has come.
CREATE TABLE reviews (
    id bigserial PRIMARY KEY,
    repository_id bigint NOT NULL,
    repository text NOT NULL,
    number integer NOT NULL,
    head_sha text NOT NULL,
    trigger text NOT NULL,
    step text NOT NULL DEFAULT 'begun'
        CHECK (step IN ('begun', 'planned', 'reviewed', 'commented', 'summarised', 'concluded', 'superseded', 'failed')),
    plan text,                                        -- what is being posted; dropped when it stands
    check_id bigint,
    review_id bigint,
    conclusion text,
    reason text NOT NULL DEFAULT '',
    begun_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (repository_id, number, head_sha, trigger)
);
CREATE INDEX reviews_by_time ON reviews (begun_at);

-- The one comment per pull request that is edited in place.
CREATE TABLE summaries (
    repository_id bigint NOT NULL,
    number integer NOT NULL,
    comment_id bigint NOT NULL,
    PRIMARY KEY (repository_id, number)
);
