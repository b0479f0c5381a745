-- What reviews of a pull request told, so that nothing is told twice, even where somebody deleted the comment.
CREATE TABLE told (
    repository_id bigint NOT NULL,
    number integer NOT NULL,                          -- of the pull request
    fingerprint text NOT NULL,
    rule text NOT NULL,
    path text NOT NULL,                               -- of the action's file
    action text,                                      -- its name; null for one without
    base_sha text NOT NULL,                           -- the merge base of the change that it was found in
    told_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository_id, number, fingerprint)
);

-- What people asked to ignore on a pull request.
CREATE TABLE dismissals (
    repository_id bigint NOT NULL,
    number integer NOT NULL,
    fingerprint text NOT NULL,
    rule text NOT NULL,
    who text NOT NULL,                                -- login of whoever asked for it
    reason text NOT NULL,
    comment_id bigint NOT NULL,                       -- where it was asked for
    dismissed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository_id, number, fingerprint)
);

-- Threads that we resolved, so that those which people resolved are known from them.
CREATE TABLE resolved_threads (
    repository_id bigint NOT NULL,
    number integer NOT NULL,
    thread text NOT NULL,
    PRIMARY KEY (repository_id, number, thread)
);

-- The branch that a review compared with; null for reviews of earlier versions.
ALTER TABLE reviews ADD COLUMN base_ref text;
CREATE INDEX reviews_by_pull_request ON reviews (repository_id, number, id);
