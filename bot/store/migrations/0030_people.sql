-- The GitHub App that the set-up page registered: one row, or none. Its secrets are as safe as this database.
CREATE TABLE registration (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    app_id bigint NOT NULL,
    slug text NOT NULL,
    client_id text NOT NULL,
    client_secret text NOT NULL,
    private_key text NOT NULL,
    webhook_secret text NOT NULL,
    webhook_secret_previous text,                     -- accepted too, while a rotation lasts
    git_url text NOT NULL,
    api_url text NOT NULL,
    public_url text NOT NULL,                         -- where GitHub sends deliveries and people
    registered_at timestamptz NOT NULL DEFAULT now()
);

-- Secrets that all processes share and nobody has to think of: what signs cookies, what opens the set-up page.
CREATE TABLE shared_keys (
    name text PRIMARY KEY,
    value text NOT NULL
);

-- Who may set up and operate, besides seeing what they see on GitHub.
CREATE TABLE administrators (
    user_id bigint PRIMARY KEY,
    login text NOT NULL,
    since timestamptz NOT NULL DEFAULT now()
);

-- Browsers that we know. The cookie holds a secret of which only a digest stands here.
CREATE TABLE sessions (
    digest text PRIMARY KEY,
    csrf text NOT NULL,                               -- what every form has to bring
    is_setup boolean NOT NULL DEFAULT false,          -- came by the link of the set-up page
    user_id bigint,                                   -- null before sign-in
    login text NOT NULL DEFAULT '',
    token text NOT NULL DEFAULT '',                   -- GitHub's, for this person
    expires_at timestamptz NOT NULL
);

-- Ways through GitHub that a browser has begun: each ends once, in the same browser.
CREATE TABLE begun (
    digest text PRIMARY KEY,                          -- of the `state`
    session text NOT NULL,                            -- digest of the session that began it
    purpose text NOT NULL,
    details jsonb NOT NULL,
    expires_at timestamptz NOT NULL
);

-- When a signed delivery of each event came last, those that ask for nothing included.
CREATE TABLE heard (
    event text PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);
