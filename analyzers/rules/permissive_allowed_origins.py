"""The configuration lets pages of others call actions with their visitors' sessions.

## What it does
Finds entries of `serverActions.allowedOrigins` in a configuration of Next.js that admit hosts which anybody can get: a
bare wildcard, a wildcard under a top-level domain, or one under a domain that hosts whoever comes (`*.vercel.app`).

## Why this is bad
Next.js compares the `Origin` of a request with the host, and refuses what comes from elsewhere. That is its only
protection against forged requests, and this list is the hole in it. Whoever deploys a page under an admitted host has a
visitor's browser send the request, with the visitor's cookies as far as their `SameSite` lets them go:

```
curl -X POST https://shop.example.com/settings -H 'Origin: https://anybody.vercel.app' -H 'Next-Action: 7f2c…' \\
  -H "Cookie: $WHAT_THE_VISITORS_BROWSER_SENDS" --data '["attacker@example.com"]'
```

## Use instead
Name the hosts. For previews, take the one of this deployment: `process.env.VERCEL_URL`. A wildcard is fine under a
domain of which all names are yours: `*.shop.example.com`.

## How it is decided
As Next.js does: parts between dots are compared from the right, `*` stands for one part and `**` for any number. What
is left without the wildcards is no domain, a top-level domain, or one of a list of domains under which anybody gets a
name, taken from the private section of the Public Suffix List. Entries that only count while developing are left out.
A bare `*` matches nothing in newer versions of Next.js, and everything of one part in older ones: it is never what
anybody meant.

## When it is intended
Hardly ever: `// preship: ignore permissive-allowed-origins -- reason` on the line of the entry.

## What Next.js does give
Without the list, only the host itself may call. The check reads `Origin`, which browsers set and scripts cannot; it
says nothing about who is calling, and `curl` sends whatever it likes.

## References
- CWE-942: Permissive Cross-domain Policy with Untrusted Domains, https://cwe.mitre.org/data/definitions/942.html
- OWASP, Cross-Site Request Forgery Prevention Cheat Sheet,
  https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
- Next.js, serverActions, https://nextjs.org/docs/app/api-reference/config/next-config-js/serverActions
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import AllowedOrigin, Bad, Finding, Good, KnownMiss, NextConfig, Rule, Severity

SHARED = frozenset(
    "vercel.app now.sh netlify.app github.io gitlab.io pages.dev workers.dev herokuapp.com onrender.com fly.dev "
    "up.railway.app web.app firebaseapp.com run.app appspot.com azurewebsites.net azurestaticapps.net cloudfront.net "
    "amplifyapp.com surge.sh deno.dev replit.app replit.dev repl.co glitch.me ngrok.io ngrok.app ngrok.dev "
    "ngrok-free.app ngrok-free.dev trycloudflare.com loca.lt app.github.dev githubpreview.dev gitpod.io csb.app "
    "codesandbox.io stackblitz.io webcontainer.io lovable.app bolt.host blogspot.com co.uk org.uk com.au co.jp com.br "
    "co.in co.za co.nz com.tr com.cn".split()
)
"""Domains under which anybody gets a name. https://publicsuffix.org/list/public_suffix_list.dat"""


def check(config: NextConfig) -> Iterator[Finding]:
    """Report each origin that anybody could be."""
    for origin in config.allowed_origins:
        whose = who_may_have_it(origin)
        if whose is not None:
            yield RULE.at(
                origin.at,
                claim=f"`serverActions.allowedOrigins` admits `{origin.pattern}`: {whose}",
                message="A page there can have its visitors' browsers call every Server Action, and the origin check "
                "of Next.js lets it pass.",
                remedy="Name the hosts that are yours, or put the wildcard under a domain of your own.",
                evidence=f"origin:{origin.pattern}",
            )


def who_may_have_it(origin: AllowedOrigin) -> str | None:
    """Who gets a host that an entry admits; None where it only admits those of its owner."""
    parts = origin.pattern.lower().rpartition(":")[0].split(".") if ":" in origin.pattern else origin.pattern.split(".")
    fixed = [part for part in parts if part not in ("*", "**")]
    if len(fixed) == len(parts):
        return None
    if not fixed:
        return "any host at all, in versions of Next.js that read it so"
    suffix = ".".join(fixed).lower()
    if len(fixed) == 1 and suffix not in ("localhost", "local", "internal", "test"):
        return f"whoever gets a name under `.{suffix}`"
    return f"whoever gets a name under `{suffix}`" if suffix in SHARED else None


def config_with(origins: str) -> dict[str, str]:
    """A configuration that admits these origins."""
    return {
        "next.config.ts": f"""
            import type {{ NextConfig }} from 'next'
            const nextConfig: NextConfig = {{
              experimental: {{
                serverActions: {{
                  allowedOrigins: {origins}
                }},
              }},
            }}
            export default nextConfig
        """
    }


RULE = Rule(
    id="permissive-allowed-origins",
    title="actions may be called from anywhere",
    severity=Severity.MEDIUM,
    cwe=942,
    item=None,
    check=check,
    about=NextConfig,
    examples=(
        Bad("previews of the whole world", config_with("['shop.example.com', '*.vercel.app'],  // <- finding")),
        Bad("a bare wildcard", config_with("['*'],  // <- finding")),
        Bad(
            "a list of its own, wrapped by a plugin",
            {
                "next.config.mjs": """
                    import { withSentryConfig } from '@sentry/nextjs'
                    const origins = ['shop.example.com', '**.com']  // <- finding
                    const nextConfig = { serverActions: { allowedOrigins: origins } }
                    export default withSentryConfig(nextConfig, { silent: true })
                """
            },
        ),
        Good("hosts by name", config_with("['shop.example.com', 'admin.example.com', process.env.VERCEL_URL],")),
        Good("a wildcard under a domain of one's own", config_with("['*.shop.example.com', '*.acme.vercel.app'],")),
        Good(
            "a tunnel while developing",
            config_with("process.env.NODE_ENV === 'development' ? ['localhost:3000', '*.ngrok-free.app'] : [],"),
        ),
        KnownMiss(
            "the list comes from a file of its own",
            {
                "next.config.mjs": """
                    import { origins } from './origins.mjs'
                    export default { serverActions: { allowedOrigins: origins } }
                """,
                "origins.mjs": "export const origins = ['*.vercel.app']",
            },
        ),
    ),
)
