"""The configuration lets anybody send bodies of any size to actions.

## What it does
Finds `serverActions.bodySizeLimit` of 100 MB and more in a configuration of Next.js.

## Why this is bad
Next.js reads the whole body of a request to an action before the action runs, and so before it asks who is calling.
With a limit beyond reason, a few requests of anybody fill the memory of the server.

```
head -c 900M /dev/zero | curl -X POST https://shop.example.com/ -H 'Next-Action: 7f2c…' --data-binary @-
```

## Use instead
Leave the limit at its 1 MB, or raise it to what a form needs. Large files go to the storage itself, by a signed address
that an action gives to those who may upload.

## How it is decided
As Next.js reads it: a number of bytes, or a text with a unit (`b`, `kb`, `mb`, `gb`, `tb`, `pb`). 100 MB is chosen from
what real applications set: forms with pictures have up to 50.

## When it is intended
Behind a proxy that has a limit of its own: `// preship: ignore oversized-body -- reason` on the line of the limit.

## What Next.js does give
A limit of 1 MB where nothing is configured.

## References
- CWE-770: Allocation of Resources Without Limits or Throttling, https://cwe.mitre.org/data/definitions/770.html
- Next.js, serverActions, https://nextjs.org/docs/app/api-reference/config/next-config-js/serverActions#bodysizelimit
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import Bad, Finding, Good, KnownMiss, NextConfig, Rule, Severity

BEYOND_REASON = 100 * 1024 * 1024


def check(config: NextConfig) -> Iterator[Finding]:
    """Report each limit that is none."""
    for limit in config.body_limits:
        if limit.size >= BEYOND_REASON:
            yield RULE.at(
                limit.at,
                claim=f"`serverActions.bodySizeLimit` is `{limit.text}`: Next.js reads as much from anybody before "
                "an action asks who is calling, and a few such requests fill the server's memory",
                remedy="Leave it at 1 MB or what a form needs; large files go to the storage, by a signed address.",
                evidence=f"limit:{limit.text}",
            )


def config_with(limit: str) -> dict[str, str]:
    """A configuration with this limit."""
    return {
        "next.config.ts": f"""
            import type {{ NextConfig }} from 'next'
            const nextConfig: NextConfig = {{
              experimental: {{
                serverActions: {{
                  bodySizeLimit: {limit}
                }},
              }},
            }}
            export default nextConfig
        """
    }


RULE = Rule(
    id="oversized-body",
    title="actions read bodies of any size",
    severity=Severity.LOW,
    cwe=770,
    item=None,
    check=check,
    about=NextConfig,
    examples=(
        Bad("half a gigabyte", config_with("'500mb',  // <- finding")),
        Bad("in bytes", config_with("2147483648,  // <- finding")),
        Bad("a gigabyte, with a space", config_with("'1 GB',  // <- finding")),
        Good("what a form with pictures needs", config_with("'10mb',")),
        Good("the default, in bytes", config_with("1048576,")),
        KnownMiss("a product", config_with("500 * 1024 * 1024,")),
    ),
)
