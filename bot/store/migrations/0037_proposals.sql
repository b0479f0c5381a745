-- Pull requests that we opened because somebody asked for a decision to hold for its kind.
CREATE TABLE proposals (
    repository_id bigint NOT NULL,
    proposed_in integer NOT NULL,                     -- the pull request that proposes it
    number integer NOT NULL,                          -- the one on which it was asked for
    rule text NOT NULL,
    actions text NOT NULL,                            -- the pattern
    who text NOT NULL,                                -- login of whoever asked for it
    reason text NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository_id, proposed_in)
);
CREATE INDEX proposals_newest ON proposals (repository_id, proposed_at DESC);
