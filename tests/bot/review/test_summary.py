from dataclasses import replace

import pytest

from preship.analyzers.analysis import (
    Answer,
    DeclaredIn,
    Failure,
    Intended,
    Item,
    Meant,
    Public,
    Severity,
    Status,
    Step,
    Touch,
)
from preship.bot.review.facts import ReviewFacts, headline
from preship.bot.review.links import Links
from preship.bot.review.placement import diff_of
from preship.bot.review.remarks import new_faults, remarks
from preship.bot.review.summary import summary_body
from tests.bot.review.samples import ACTION, CHECKLIST, FINDING, HEAD, SOUND, analysis, comparison, finding

EXPECTED = r"""❌ **Before you ship:** 1 fault to fix in 2 touched Server Actions, 1 action could not be judged in full.

| Server Action | who gets through | before this change | meant for |
| --- | --- | --- | --- |
| `deletePost` `app/posts/actions.ts:7` | **anyone on the internet** | – (new) | not known |

- ❌ Anyone on the internet can delete from `post`: `deletePost` (`app/posts/actions.ts:9`)
- ❔ `deletePost` could not be judged in full: `can` comes from the package `@acme/policy` (`app/posts/actions.ts:8`)
- ❔ `lib/big.ts` could not be read in full: larger than 2 MB

<details>
<summary>What was checked (2 actions), 1 older finding in them, 1 fixed by this change</summary>

#### Checklist

| Server Action | A · authenticates | B · owns | C · validates | D · returns | E · data access | F · placement | G · by curl |
| --- | --- | --- | --- | --- | --- | --- | --- |
| `deletePost`<br><sub>`app/posts/actions.ts:7`, edited</sub> | ❌ **no** | ❔ could not see | ✅ yes | – | – | – | ❌ **no** |
| the inline action of line 20<br><sub>`app/posts/actions.ts:20`, reached by the change, public by design</sub> | – | ✅ yes | ✅ yes | ✅ yes | ✅ yes | ✅ yes | – |

#### Evidence

- `deletePost`, edited. A ❌ **no** · B ❔ could not see, `can()` comes from a package (`app/posts/actions.ts:8`) · C ✅ yes, `schema.parse` (`app/posts/actions.ts:8`)
- the inline action of line 20, reached by the change (`lib/session.ts:4` redirects now), public by design: reads public data only. B ✅ yes · C ✅ yes · D ✅ yes · E ✅ yes · F ✅ yes

#### Could not see

- `can` comes from the package `@acme/policy`: `app/posts/actions.ts:8`

#### Older findings in these actions

- Anyone on the internet can delete from `post`: `deletePost` (`app/posts/actions.ts:9`)

#### Fixed by this change

- Missing authentication in the inline action of line 20

#### Call them yourself, without a session

After `next build`, the first line prints the id of every action. The others call one each; put in its id, and behind the host the path of a page that uses it. Who is refused gets a denial or a redirect to sign in. The arguments name no record.

```sh
node -e 'const m = require("./.next/server/server-reference-manifest.json"); for (const [id, a] of Object.entries({ ...m.node, ...m.edge })) console.log(id, a.exportedName ?? "", a.filename ?? Object.keys(a.workers).join(" "))'
curl -i http://localhost:3000/ -H 'Next-Action: <id of deletePost>' -H 'Content-Type: text/plain;charset=UTF-8' --data-raw '["preship-no-such-record"]'
curl -i http://localhost:3000/ -H 'Next-Action: <id of app/posts/actions.ts:20>' -F '1_id=preship-no-such-record' -F '_1_id=preship-no-such-record' -F '0=["$K1"]'
```

<sub>Preship read commit `c0ffee000000`. `/preship review` reads it again.</sub>

</details>

MARK"""  # noqa: E501 - a whole comment, as it is posted


def of(seen):
    """What a review says of an analysis of which no line is in the diff."""
    holes = remarks(new_faults(seen.actions), diff_of(comparison()), 5)
    return ReviewFacts(seen, holes)


def facts(*actions):
    return of(analysis(*actions))


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
        opened=Public("reads public data only"),
        checklist=tuple(map(public_entry, SOUND.checklist)),
        fixed=(finding(3, status=Status.FIXED),),
    )
    seen = analysis(action, mended, failures=(Failure("lib/big.ts", "larger than 2 MB"),))
    assert summary_body(of(seen), HEAD, Links(), "MARK") == EXPECTED


def test_hostile_names_break_no_row():
    action = replace(SOUND, name="a|b\n| x |", path="app/`|/[x]/page.tsx")
    body = summary_body(facts(action), HEAD, Links(), "MARK")
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
    assert (
        headline(ReviewFacts(seen)) == "Nothing to fix in 1 touched Server Action, 1 action could not be judged in full"
    )


def test_it_is_said_who_is_meant_to_call_an_action():
    declared = replace(SOUND, opened=Public("the price list is for everybody", DeclaredIn.CODE))
    bound = replace(SOUND, needs="ADMIN")
    body = summary_body(facts(declared, bound), HEAD, Links(), "MARK")
    assert "`app/posts/actions.ts:20`, edited, declared public</sub>" in body
    assert "\n- `createPost`, edited, declared public: the price list is for everybody. A ✅" in body
    assert "`app/posts/actions.ts:20`, edited, needs `ADMIN`</sub>" in body
    assert "\n- `createPost`, edited, needs a role or permission: `ADMIN`. A ✅" in body


def test_of_what_stood_before_the_worst_comes_first():
    mild = replace(ACTION, findings=(finding(1, line=8, status=Status.STANDING, severity=Severity.LOW),))
    bad = replace(SOUND, findings=(finding(2, status=Status.STANDING, severity=Severity.CRITICAL),))
    body = summary_body(facts(mild, bad), HEAD, Links(), "")
    listed = body.split("#### Older findings in these actions\n\n")[1].split("\n\n")[0]
    assert [line.split(": ")[1] for line in listed.split("\n")] == [
        "`createPost` (`app/posts/actions.ts:9`)",
        "`deletePost` (`app/posts/actions.ts:8`)",
    ]
    assert "<summary>What was checked (2 actions), 2 older findings in them</summary>" in body
    assert "critical" not in body


def test_files_that_cannot_be_read_for_one_reason_are_one_entry():
    missing = tuple(Failure(f"skills/{n}", "a symbolic link that leads nowhere") for n in range(1, 7))
    body = summary_body(of(analysis(SOUND, failures=missing)), HEAD, Links(), "MARK")
    assert (
        "\n\n- ❔ `skills/1`, `skills/2`, `skills/3` and 3 more could not be read in full:"
        " a symbolic link that leads nowhere\n\n"
    ) in body


def test_a_pull_request_with_nothing_to_do_is_one_line_and_a_fold():
    body = summary_body(facts(replace(SOUND, checklist=SOUND.checklist)), HEAD, Links(), "")
    first, fold = body.split("\n\n", 1)
    assert first == "✅ **Before you ship:** nothing to fix in 1 touched Server Action."
    assert fold.startswith("<details>\n<summary>What was checked (1 action)</summary>\n\n")
    assert fold.endswith("</details>")


def test_a_table_says_who_gets_through_who_did_before_and_for_whom_the_pages_are():
    def known(needs):
        owned = tuple(replace(each, answer=Answer.YES) for each in CHECKLIST)
        return replace(SOUND, checklist=owned, needs=needs)

    asked = Intended(Meant.MEMBERS, "admin", "/teams/[id]", Step("app/teams/layout.tsx", 9, "Auth.js"))
    opened = replace(ACTION, unseen=(), earlier=known("admin"), intended=asked)
    body = summary_body(facts(opened), HEAD, Links(), "")
    assert (
        "| `deletePost` `app/posts/actions.ts:7` | **anyone on the internet** | who has `admin` | who has `admin`:"
        " `/teams/[id]` asks for that (`app/teams/layout.tsx:9`) |\n"
    ) in body
