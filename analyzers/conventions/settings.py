"""Environment variables."""

from __future__ import annotations

from preship.analyzers.conventions.form import Convention, Where

SECRET_SETTING = Convention(
    id="secret-setting",
    means="Names of settings that open something.",
    pattern=r"secret|key|token|passw|credential|_dsn|database_url|connection_string",
    where=Where.INSIDE,
    examples=("STRIPE_SECRET", "API_KEY", "DATABASE_URL"),
    others=("NODE_ENV", "PORT"),
    used_in=("actions/returned",),
)

BROWSER_SETTING = Convention(
    id="browser-setting",
    means="Names of keys that services give out to be printed into pages.",
    pattern=r"public|publishable|site_?key|client_id|anon",
    where=Where.INSIDE,
    examples=("NEXT_PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY", "SITE_KEY"),
    others=("STRIPE_SECRET_KEY",),
    used_in=("actions/returned",),
)

ANONYMOUS_KEY_SETTING = Convention(
    id="anonymous-key-setting",
    means="What variables that hold the public key are called.",
    source="https://supabase.com/docs/guides/api/api-keys",
    pattern=r"ANON|PUBLISHABLE|PUBLIC",
    where=Where.INSIDE,
    examples=("SUPABASE_ANON_KEY", "PUBLISHABLE_KEY"),
    others=("SUPABASE_SERVICE_ROLE_KEY",),
    used_in=("knowledge/supabase",),
)

SERVICE_KEY_SETTING = Convention(
    id="service-key-setting",
    means="Variables that hold a key for which no rule of the database counts.",
    pattern=r"SERVICE|SECRET|ADMIN|PRIVATE",
    where=Where.INSIDE,
    examples=("SUPABASE_SERVICE_ROLE_KEY", "SECRET_KEY"),
    others=("SUPABASE_ANON_KEY",),
    used_in=("knowledge/supabase",),
)

ADMIN_KEY_SETTING = Convention(
    id="admin-key-setting",
    means="Variables that hold a key of those who run the application, beside the one of its users.",
    pattern=r"(^|_)(ADMIN|STAFF|BACK_?OFFICE|SUPER_?USER|MODERATOR|OPERATOR)S?_",
    where=Where.INSIDE,
    examples=("ADMIN_JWT_SECRET", "BACKOFFICE_SESSION_KEY", "APP_STAFF_TOKEN_SECRET"),
    others=("JWT_SECRET", "ADMINISTRATION_URL"),
    used_in=("knowledge/tokens",),
)
