"""Optional calls: what is not there is not called, and the path goes on."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run

WRAPPED = """
    'use server'
    import {{ db }} from '../lib/db'
    import {{ auth }} from '../lib/auth'

    async function guard() {{
      const session = await auth()
      if (!session) throw new Error('no')
    }}
    const stop = () => {{ throw new Error('stopped') }}
    async function around(work: () => Promise<unknown>, options: Options = {{}}, hooks: Hooks = undefined) {{
      {call}
      return work()
    }}
    export async function removePost(id: string) {{
      await around(() => db.post.delete({{ where: {{ id }} }}){given})
    }}
"""


def removed(call: str, given: str = "") -> list[str]:
    """What an action does whose wrapper makes this call first."""
    code = WRAPPED.format(call=call, given=given and f", {given}")
    return effects(run({"app/actions.ts": code, **LIBRARY})["removePost"])


MISSING = (
    "options.onStart?.()",
    "options['onStart']?.()",
    "options.hooks?.onStart()",
    "options.hooks?.onStart?.().then().catch()",
    "hooks?.onStart()",
    "hooks?.(work)",
    "await options?.onStart?.(work)",
    "const { onStart } = options; onStart?.()",
    "const [first] = hooks ?? []; first?.()",
)


@pytest.mark.parametrize("call", MISSING)
def test_what_nobody_passed_is_not_called(call: str) -> None:
    assert removed(call) == ["delete post"]


def test_what_was_passed_is_called() -> None:
    assert removed("await options.onStart?.()", "{ onStart: guard }") == ["delete post: Authenticated"]


def test_what_may_be_there_proves_nothing() -> None:
    either = "Math.random() > 0.5 ? { onStart: guard } : "
    assert removed("await options.onStart?.()", either + "{}") == ["delete post"]
    assert removed("await hooks?.onStart()", "{}, " + either + "undefined") == ["delete post"]


def test_what_may_be_there_ends_only_its_own_path() -> None:
    assert removed("options.onStart?.()", "Math.random() > 0.5 ? { onStart: stop } : {}") == ["delete post"]
    assert removed("options.onStart?.()", "{ onStart: stop }") == []


def test_what_is_there_for_the_known_alone_is_called_by_them_alone() -> None:
    given = "{ onStart: (await auth()) ? () => db.note.deleteMany() : undefined }"
    assert removed("await options.onStart?.()", given) == ["delete note: Authenticated", "delete post"]


def test_what_is_proven_missing_ends_the_path() -> None:
    assert removed("hooks.onStart?.()") == []
    assert removed("options.onStart()", "{ onStart: undefined }") == []
    assert removed("options.onStart.now()", "{ onStart: null }") == []


def test_what_nobody_was_seen_to_pass_is_not_proven_missing() -> None:
    assert removed("options.onStart()") == ["delete post"]
