-- How our last requests to the forge ended, whichever process made them.
CREATE TABLE contact (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    answered_at timestamptz,
    failed_at timestamptz,
    failures integer NOT NULL DEFAULT 0               -- since the last answer
);

-- What the forge said last of how much an installation may ask.
CREATE TABLE quotas (
    installation bigint PRIMARY KEY,                  -- 0 for the app itself
    remaining integer NOT NULL,
    quota integer NOT NULL,
    resets_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now()
);
