from dataclasses import replace

import pytest

from analyzers.analysis import Answer, Failure, Item, Severity, Status, Step, Touch
from bot.review.links import Links
from bot.review.summary import headline, summary_body
from tests.bot.review.samples import ACTION, FINDING, HEAD, SOUND, analysis, finding

EXPECTED = r"""## Before you ship

1 new fault in 2 touched Server Actions, 1 action could not be judged in full.

| Server Action | A · authenticates | B · owns | C · validates | D · returns | E · data access | F · placement | G · by curl |
| --- | --- | --- | --- | --- | --- | --- | --- |
| `deletePost`<br><sub>`app/posts/actions.ts:7`, edited</sub> | ❌ **no** | ❔ could not see | ✅ yes | – | – | – | ❌ **no** |
| the inline action of line 20<br><sub>`app/posts/actions.ts:20`, reached by the change, public by design</sub> | – | ✅ yes | ✅ yes | ✅ yes | ✅ yes | ✅ yes | – |

### Brought by this change

- **high**: Missing authentication in `deletePost` (`app/posts/actions.ts:9`, `missing-authentication`)

### Could not see

- `app/posts/actions.ts:8`: `can` comes from the package `@acme/policy`
- `lib/big.ts`: larger than 2 MB

### Stood before

- **high**: Missing authentication in `deletePost` (`app/posts/actions.ts:9`, `missing-authentication`)

### Mended by this change

- Missing authentication in the inline action of line 20

<details>
<summary>The evidence, answer by answer</summary>

`deletePost`, edited

- A · authenticates: ❌ **no**
- B · owns: ❔ could not see, `can()` comes from a package (`app/posts/actions.ts:8`)
- C · validates: ✅ yes, `schema.parse` (`app/posts/actions.ts:8`)
- G · by curl: ❌ **no**, answers anyone
- – D · returns (returns no data); E · data access and F · placement

the inline action of line 20, reached by the change (`lib/session.ts:4` redirects now), public by design: reads public data only

- B · owns: ✅ yes
- C · validates: ✅ yes
- D · returns: ✅ yes
- E · data access: ✅ yes
- F · placement: ✅ yes
- – A · authenticates and G · by curl (reads public data only)

</details>

<details>
<summary>G · Call the actions yourself, without a session</summary>

The id of an action is known only to a build. After `next build`, this prints all ids:

```sh
node -e 'const m = require("./.next/server/server-reference-manifest.json"); for (const [id, a] of Object.entries({ ...m.node, ...m.edge })) console.log(id, a.exportedName ?? "", a.filename ?? Object.keys(a.workers).join(" "))'
```

Put in the id, and behind the host the path of a page that uses the action. An action that refuses answers with its denial or a redirect to sign in, and changes nothing. The arguments name no record.

```sh
# deletePost, app/posts/actions.ts:7
curl -i http://localhost:3000/ -H 'Next-Action: <id of deletePost>' -H 'Content-Type: text/plain;charset=UTF-8' --data-raw '["preship-no-such-record"]'
```

```sh
# the inline action, app/posts/actions.ts:20
curl -i http://localhost:3000/ -H 'Next-Action: <id of the inline action>' -F '1_id=preship-no-such-record' -F '0=["$K1"]'
```

</details>

<sub>Preship read commit `c0ffee000000`. `/preship review` reads it again.</sub>

MARK"""  # noqa: E501 - a whole comment, as it is posted


def public_entry(entry):
    """The answer of an action that is public by design."""
    if entry.item not in (Item.AUTHENTICATION, Item.DIRECT_CALL):
        return entry
    return replace(entry, answer=Answer.NOT_APPLICABLE, evidence="reads public data only")


def test_the_whole_summary():
    action = replace(ACTION, findings=(FINDING, finding(2, status=Status.STANDING)))
    mended = replace(
        SOUND,
        name=None,
        touch=Touch.REACHED,
        touched_by=(Step("lib/session.ts", 4, "redirects now"),),
        public="reads public data only",
        checklist=tuple(map(public_entry, SOUND.checklist)),
        fixed=(finding(3, status=Status.FIXED),),
    )
    seen = analysis(action, mended, failures=(Failure("lib/big.ts", "larger than 2 MB"),))
    assert summary_body(seen, HEAD, Links(), "MARK") == EXPECTED


def test_hostile_names_break_no_row():
    action = replace(SOUND, name="a|b\n| x |", path="app/`|/[x]/page.tsx")
    body = summary_body(analysis(action), HEAD, Links(), "MARK")
    (row,) = [line for line in body.split("\n") if line.startswith("| `a")]
    assert row == ("| `a\\|b \\| x \\|`<br><sub>``app/`\\|/[x]/page.tsx:20``, edited</sub> |" + " ✅ yes |" * 7)


def answered(**answers):
    """The sound action, with other answers to some items."""
    changed = {Item[name.upper()]: answer for name, answer in answers.items()}
    entries = (replace(entry, answer=changed.get(entry.item, entry.answer)) for entry in SOUND.checklist)
    return replace(SOUND, checklist=tuple(entries))


@pytest.mark.parametrize("item", Item)
def test_an_item_without_an_answer_is_told_in_the_headline(item: Item):
    seen = analysis(answered(**{item.name: Answer.UNSEEN}))
    assert headline(seen) == "No new faults in 1 touched Server Action, 1 action could not be judged in full"


def test_it_is_said_who_is_meant_to_call_an_action():
    declared = replace(SOUND, public="declared: the price list is for everybody")
    bound = replace(SOUND, needs="ADMIN")
    body = summary_body(analysis(declared, bound), HEAD, Links(), "MARK")
    assert "`app/posts/actions.ts:20`, edited, declared public</sub>" in body
    assert "\n`createPost`, edited, declared public: the price list is for everybody\n" in body
    assert "`app/posts/actions.ts:20`, edited, needs `ADMIN`</sub>" in body
    assert "\n`createPost`, edited, needs a role or permission: `ADMIN`\n" in body


def test_of_what_stood_before_the_worst_comes_first():
    mild = replace(ACTION, findings=(finding(1, status=Status.STANDING, severity=Severity.LOW),))
    bad = replace(SOUND, findings=(finding(2, status=Status.STANDING, severity=Severity.CRITICAL),))
    listed = summary_body(analysis(mild, bad), HEAD, Links(), "").split("### Stood before\n\n")[1].split("\n\n")[0]
    assert [line.split("**")[1] for line in listed.split("\n")] == ["critical", "low"]
