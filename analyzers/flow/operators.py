"""What operators give: above all, what an equality would prove."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from operator import ge, gt, le, lt

from preship.analyzers.conventions.privileges import (
    DESCRIPTION_COLUMN,
    RANK_COLUMN,
    RIGHT_COLUMN,
    RIGHT_FLAG,
    STATE_COLUMN,
)
from preship.analyzers.conventions.roles import LEAST_ROLE
from preship.analyzers.conventions.secrets import CREDENTIAL_FIELD
from preship.analyzers.conventions.sessions import KIND_CLAIM, OWN_ID_PART, TENANT_PART, TOKEN_CLAIM, TOKEN_KIND
from preship.analyzers.conventions.tables import PRIVILEGED_TABLE, SETTINGS_TABLE, STATE_TABLE
from preship.analyzers.flow.belonging import are_names, belonging, found_among
from preship.analyzers.flow.containers import HIDDEN
from preship.analyzers.flow.facts import (
    NO_FACTS,
    Among,
    Authenticated,
    Belongs,
    Excluded,
    Facts,
    Known,
    Lacks,
    Owns,
    Role,
    Strength,
    Unnamed,
    Valid,
    agreed,
    authenticated,
    contradict,
    has_right,
    knows_a_secret,
    owns,
    without_totals,
)
from preship.analyzers.flow.origins import (
    GIVEN_BEFORE,
    NOTHING,
    SEALED,
    SETTINGS,
    Caught,
    Input,
    Origin,
    Origins,
    Remote,
    Request,
    Secret,
    Session,
    Stored,
    Unfollowed,
    gathered,
)
from preship.analyzers.flow.texts import HARMLESS, LONGEST_TEXT, joined
from preship.analyzers.flow.values import (
    UNDEFINED,
    Alternative,
    Array,
    Constant,
    Object,
    Shape,
    Truth,
    Unknown,
    Value,
    assuming,
    callbacks_in,
    choice,
    is_nullish,
    is_undefined,
    of,
    origins_of,
    text_of,
    totals_in,
    truth_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.source.numbers import COMBINING, combined
from preship.analyzers.source.tree import Span

MOST_PAIRS = 36
"""Pairs of alternatives compared one by one; beyond, only the origins are."""

EDITABLE = frozenset({"user_metadata", "raw_user_meta_data", "unsafeMetadata", "unsafe_metadata", "clientMetadata"})
"""Parts of a session that its owner may write as they like, from the browser: what stands there says nothing of them.

https://supabase.com/docs/guides/auth/managing-user-data, https://clerk.com/docs/guides/users/extending and
https://docs.stack-auth.com/docs/concepts/custom-user-data
"""


def is_identity(origins: Origins) -> bool:
    """Whether a value of these origins stands for the caller: it derives from a verified session."""
    return any(
        isinstance(root, Session) and root.is_verified and EDITABLE.isdisjoint(root.path)
        for origin in origins
        for root in (origin.key if isinstance(origin, Stored) else (origin,))
    )


def subjects(origins: Origins) -> set[Origin]:
    """What a comparison with the caller's identity proves to be the caller's own."""
    found: set[Origin] = set()
    for origin in origins:
        if isinstance(origin, Stored):
            found.add(record_of(origin))
            found |= {root for root in origin.key if isinstance(root, Input | Request)}
        elif isinstance(origin, Input | Request):
            found.add(origin)
    return found


def record_of(origin: Stored) -> Stored:
    """The record that a property belongs to."""
    return replace(origin, is_whole=True, path=())


def equality_proves(first: Shape, second: Shape, span: Span) -> tuple[Facts, Facts]:
    """The facts that hold where two values are equal, and where they are not."""
    left, right = origins_of(of(first)), origins_of(of(second))
    for one, other, known, shape in ((left, right, first, second), (right, left, second, first)):
        facts = identity_equals(one, other, shape, span) or credential_equals(one, other, span)
        facts = facts or signature_equals(known, other, span)
        if facts:
            return facts | compared(one, other, span), lacking(facts)
    if isinstance(second, Constant) or isinstance(first, Constant):
        return valid(left | right, span), excluded(first, second, span)
    return belonging(left, right, span), NO_FACTS


def valid(tested: Origins, span: Span, *, is_whole: bool = True) -> Facts:
    """What it proves to be one of a few known values: an input is checked, an exception was expected."""
    known: Facts = frozenset(Known(o, span, is_whole) for o in tested if isinstance(o, Input))
    expected: Facts = frozenset(Valid(Caught(o.path), span) for o in tested if isinstance(o, Caught))
    return known | expected | frozenset(Valid(o, span) for o in tested if isinstance(o, Input))


def excluded(first: Shape, second: Shape, span: Span) -> Facts:
    """What it proves not to be a text that the code names."""
    for named, tested in ((first, second), (second, first)):
        if isinstance(named, Constant) and isinstance(named.value, str) and named.value:
            return frozenset(Excluded(o, span) for o in origins_of(of(tested)) if isinstance(o, Input))
    return NO_FACTS


def lacking(facts: Facts) -> Facts:
    """What it proves not to have the roles that these facts would be: where they are the least, to have another one."""
    refused = [fact for fact in facts if isinstance(fact, Role)]
    others = (replace(r, any_of=(Unnamed.ANOTHER,)) for r in refused if all(map(LEAST_ROLE.matches, r.any_of)))
    return frozenset(Lacks(fact.any_of, fact.by) for fact in refused) | frozenset(others)


def compared(known: Origins, sent: Origins, span: Span) -> Facts:
    """What is equal to something that the caller did not choose has its shape."""
    if any(isinstance(o, Input) for o in known):
        return NO_FACTS
    return frozenset(Valid(o, span) for o in sent if isinstance(o, Input))


def named_by(key: Value, name: str, span: Span) -> Facts:
    """What it proves that a key is this name: in a table of what each role may do, it tells the role."""
    may_be = (a.shape for a in key.alternatives if not isinstance(a.shape, Constant) or a.shape.value == name)
    proofs = [equality_proves(shape, Constant(name), span)[0] for shape in may_be]
    return reduce(agreed, proofs) if proofs else NO_FACTS


def told_by_its_key(shape: Object, key: Value, span: Span) -> Object:
    """An object or a map of which a part is chosen: which part it is tells what the key was."""
    fields = tuple((n, v if n in HIDDEN else under(v, named_by(key, n, span))) for n, v in shape.fields)
    return replace(shape, fields=fields)


BY_THE_ENVIRONMENT = "named in the environment"
"""The role of those whom a setting of the deployment names."""


def identity_equals(identity: Origins, other: Origins, shape: Shape, span: Span) -> Facts:
    """What it proves that a part of the caller's identity equals something: a role, or that it is the caller's."""
    if not is_identity(identity):
        return NO_FACTS
    if isinstance(shape, Constant) and isinstance(shape.value, str | int | float) and shape.value is not False:
        if not isinstance(shape.value, str | bool) and not all(map(counts_rights, identity)):
            return NO_FACTS
        return right((flag_of(identity) if shape.value is True else str(shape.value),), identity, span)
    if is_set(other):
        return frozenset({Role((BY_THE_ENVIRONMENT,), span)})
    if not is_identity(other) or any(isinstance(o, Stored) for o in other):
        return named_among(other, span) or owns(subjects(other) - set(identity), span, is_personal=is_own_id(identity))
    return NO_FACTS


def counts_rights(origin: Origin) -> bool:
    """Whether what a number stands for may be a right: the key of a role, a rank, a kind of account, a flag."""
    parts = origin.path if isinstance(origin, Session | Stored) else ()
    asked = (RIGHT_COLUMN, RANK_COLUMN, KIND_CLAIM, RIGHT_FLAG)
    return any(each.matches(part) for part in parts for each in asked)


def is_own_id(identity: Origins) -> bool:
    """Whether a part of the caller's identity is their own id."""
    return bool(identity) and all(
        isinstance(o, Session | Stored)
        and bool(o.path)
        and OWN_ID_PART.matches(o.path[-1])
        and (isinstance(o, Session) or all(isinstance(root, Session) for root in o.key))
        for o in identity
    )


def named_among(rows: Origins, span: Span) -> Facts:
    """What it proves that the caller is named in one of these rows, where in all of them the privileged stand.

    Rows that the caller chose, and those found by who is calling, tell whose they are.
    """
    is_list = all(isinstance(o, Stored) and not o.key and PRIVILEGED_TABLE.matches(o.model) for o in rows)
    table = table_of(rows) if is_list and rows else None
    return frozenset({Role((table,), span, table=table)}) if table is not None else NO_FACTS


def flag_of(identity: Origins) -> str:
    """What a flag in a part of the caller's identity is called."""
    return min((o.path[-1] for o in identity if isinstance(o, Session | Stored) and o.path), default=Unnamed.FLAG)


def right(any_of: tuple[str, ...], identity: Origins, span: Span) -> Facts:
    """What a role or permission proves, one of several, that stands in a part of the caller's identity.

    One that was looked up for a tenant or record of the caller's choice holds there, and shows that they belong there.
    Nor does one that was looked up for the tenant they work in hold in any other.
    """
    parts = [o for o in identity if isinstance(o, Session | Stored) and o.path]
    if parts and all(tells_a_state(o) or tells_of_the_token(o, any_of) for o in parts):
        return NO_FACTS
    keys = [root for o in identity if isinstance(o, Stored) and is_identity(frozenset({o})) for root in o.key]
    chosen = frozenset(root for root in keys if isinstance(root, Input | Request))
    current = frozenset(root for root in keys if isinstance(root, Session) and names_a_tenant(root))
    return owns(chosen, span) | {Role(any_of, span, chosen | current, told_by(identity), table_of(identity))}


def tells_a_state(origin: Session | Stored) -> bool:
    """Whether a part of the caller's identity, or of what was found by it, tells how things are and nobody's right."""
    if isinstance(origin, Stored) and STATE_TABLE.matches(origin.model):
        # What the settings of a role say that it may do is a right: `roleConfig.permissions`.
        return not RIGHT_COLUMN.matches(origin.path[-1])
    return STATE_COLUMN.matches(origin.path[-1])


def tells_of_the_token(origin: Session | Stored, words: tuple[str, ...]) -> bool:
    """Whether a part of the caller's identity tells of the token that it stands in: each of them gets such a one."""
    claim = origin.path[-1]
    return TOKEN_CLAIM.matches(claim) or (KIND_CLAIM.matches(claim) and any(map(TOKEN_KIND.matches, words)))


def names_a_tenant(origin: Session) -> bool:
    """Whether a part of a session says in which tenant its owner works just now."""
    return bool(origin.path) and TENANT_PART.matches(origin.path[-1])


def told_by(identity: Origins) -> Session | None:
    """The part of the session that something comes from, if it comes from nowhere else."""
    parts = [o for o in identity if isinstance(o, Session)]
    return min(parts, key=str) if len(parts) == len(identity) else None


def table_of(identity: Origins) -> str | None:
    """The one table from which something comes, if it comes from nowhere else."""
    tables = {o.model if isinstance(o, Stored) else None for o in identity}
    return tables.pop() if len(tables) == 1 else None


def credential_equals(known: Origins, sent: Origins, span: Span) -> Facts:
    """What it proves that the caller sends a value which only those know who may: a secret, or a record's own."""
    if not sent or not all(isinstance(o, Input | Request) for o in sent):
        return NO_FACTS
    if any(isinstance(o, Secret) for o in known):
        signed = vouched_for(known, sent, span)
        return signed | by_a_secret(signed, span)
    records = {record_of(o) for o in known if isinstance(o, Stored) and o.path and CREDENTIAL_FIELD.matches(o.path[-1])}
    return owns(records, span, Strength.LIKELY)


def signature_equals(known: Shape, sent: Origins, span: Span) -> Facts:
    """What it proves that the caller sends what the code has made with a key of its own, of an input or of nothing."""
    if not isinstance(known, Unknown) or not any(map(is_sealed, known.origins)):
        return NO_FACTS
    facts = vouched_for(known.origins, sent, span)
    if facts:
        return facts | authenticated("a shared secret", span)
    is_all_ours = all(isinstance(o, Remote) and o.host == SETTINGS for o in known.origins)
    is_sent = bool(sent) and all(isinstance(o, Input | Request) for o in sent)
    return knows_a_secret(span) if is_all_ours and is_sent else NO_FACTS


def is_sealed(origin: Origin) -> bool:
    """Whether a secret of the program's is in a hash, a signature or a cipher text, or in a part of one."""
    return isinstance(origin, Remote) and origin.host == SETTINGS and origin.path[:1] == SEALED.path


def by_a_secret(signed: Facts, span: Span) -> Facts:
    """Who sends a secret, or something signed: a program, or somebody who brings a cookie or a token of theirs."""
    is_somebodys = any(isinstance(fact, Known) and isinstance(fact.subject, Request) for fact in signed)
    return authenticated("a shared secret", span) if is_somebodys else knows_a_secret(span)


def vouched_for(signature: Origins, sent: Origins, span: Span) -> Facts:
    """What it proves that the caller sends the signature of something: the server has written that itself, for them."""
    if not sent or not all(isinstance(o, Input | Request) for o in sent):
        return NO_FACTS
    if not any(isinstance(o, Secret) or is_sealed(o) for o in signature):
        return NO_FACTS
    signed = frozenset(o for o in signature if isinstance(o, Input | Request))
    return owns(signed, span, Strength.LIKELY) | frozenset(Known(o, span) for o in signed)


def compare(first: Shape, second: Shape, span: Span, *, loosely: bool) -> Shape:
    """Whether two shapes are equal, as far as that is known."""
    if isinstance(first, Constant) and isinstance(second, Constant):
        if loosely and is_nullish(first) and is_nullish(second):
            return Constant(True)
        if is_undefined(first) and is_undefined(second):
            return Constant(True)
        same_kind = isinstance(first.value, bool) == isinstance(second.value, bool)
        return Constant(first.value == second.value and same_kind)
    for one, other in ((first, second), (second, first)):
        if is_nullish(one) and (truth_of(other) is Truth.TRUTHY or is_made_with_a_secret(other)):
            return Constant(False)
        if isinstance(one, Constant) and isinstance(other, Unknown):
            truth = truth_of(one)
            if {truth, other.truth} == {Truth.TRUTHY, Truth.FALSY}:
                return Constant(False)
    when_true, when_false = equality_proves(first, second, span)
    for one, other in ((first, second), (second, first)):
        more_true, more_false = told_by_the_other(one, other)
        when_true, when_false = when_true | more_true, when_false | more_false
    found = without_secrets(origins_of(of(first)) | origins_of(of(second)))
    return Unknown(found, Truth.MAYBE, when_true, when_false, True, is_primitive=True)


def is_made_with_a_secret(shape: Shape) -> bool:
    """Whether something is a hash or a signature, or made of one: it is always there."""
    return isinstance(shape, Unknown) and any(map(is_sealed, shape.origins))


def is_number_of(shape: Unknown, facts: Facts) -> bool:
    """Whether a number is how many of something were sent, which these facts say is the caller's, or within theirs.

    As many records were found: each of them is.
    """
    numbers = [o for o in shape.origins if isinstance(o, Input) and o.path[-1:] == ("length",)]
    lists = [(o.parameter, *o.path[:-1]) for o in numbers]
    theirs = [
        (s.parameter, *s.path) for f in facts if isinstance(f, Owns | Belongs) and isinstance(s := f.subject, Input)
    ]
    is_theirs = (any(each[: len(name)] == name for each in theirs) for name in lists)
    return len(lists) == len(shape.origins) > 0 and all(is_theirs)


def told_by_the_other(one: Shape, other: Shape) -> tuple[Facts, Facts]:
    """What follows for something from being equal to something else, and from not being so."""
    if isinstance(one, Constant) and isinstance(other, Unknown):
        return told_by_a_constant(one, other)
    is_number = isinstance(one, Unknown) and isinstance(other, Unknown) and is_number_of(one, other.when_true)
    return (other.when_true if is_number and isinstance(other, Unknown) else NO_FACTS), NO_FACTS


def told_by_a_constant(constant: Constant, other: Unknown) -> tuple[Facts, Facts]:
    """What follows from something being equal to a constant, and from not being so: its truth."""
    if truth_of(constant) is Truth.FALSY:
        return other.when_false, other.when_true
    return other.when_true, other.when_false if constant.value is True else NO_FACTS


def without_secrets(origins: Origins) -> Origins:
    """What is made of values of these origins and gives no secret away: a yes or no, a hash."""
    return frozenset(Remote(SETTINGS) if isinstance(o, Secret) else o for o in origins)


def equal(first: Value, second: Value, span: Span, *, loosely: bool = False) -> Value:
    """`===`, and `==` where `loosely`."""
    if len(first.alternatives) * len(second.alternatives) > MOST_PAIRS:
        return of(
            compare(Unknown(origins_of(first)), Unknown(origins_of(second)), span, loosely=loosely),
        )

    def judge(a: Alternative, b: Alternative) -> Shape:
        if is_absence_of(a, first, b.shape) or is_absence_of(b, second, a.shape):
            return Constant(False)
        if not loosely and (lacks_a_session(a, first, b.shape) or lacks_a_session(b, second, a.shape)):
            return Constant(False)
        if stands_in_for_a_secret(a, first, b) or stands_in_for_a_secret(b, second, a):
            likely = knows_a_secret(span, Strength.LIKELY)
            return Unknown(NOTHING, Truth.MAYBE, likely, NO_FACTS, True, is_primitive=True)
        if a.shape == b.shape and is_the_callers_id(a.shape):
            return Constant(True)
        return compare(a.shape, b.shape, span, loosely=loosely)

    one = standing_in(own_where_none_was_sent(first, second, span), second, span)
    other = standing_in(own_where_none_was_sent(second, first, span), first, span)
    return pairwise(one, other, judge)


def is_the_callers_id(shape: Shape) -> bool:
    """Whether a value is the caller's own id as the session has it, and nothing that was made of it."""
    is_as_it_is = isinstance(shape, Unknown) and not shape.is_primitive and len(shape.origins) == 1
    return is_as_it_is and isinstance(shape, Unknown) and is_identity(shape.origins) and is_own_id(shape.origins)


def own_where_none_was_sent(tested: Value, named: Value, span: Span) -> Value:
    """A value that is compared with the caller's own id, which takes the place of one that may be left out.

    `const whose = userId ?? me.id`: where it is the caller's own, nobody else's was sent.
    """
    own = named.alternatives[0].shape if len(named.alternatives) == 1 else None
    if own is None or len(tested.alternatives) == 1 or not is_the_callers_id(own):
        return tested
    theirs = owns(subjects(origins_of(tested)) & inputs_in(tested), span, is_personal=True)
    found = tested.alternatives
    return Value(tuple(Alternative(a.shape, a.under | theirs) if a.shape == own else a for a in found))


def inputs_in(value: Value) -> frozenset[Origin]:
    """What of a value the caller sends."""
    return frozenset(o for o in origins_of(value) if isinstance(o, Input | Request))


def stands_in_for_a_secret(a: Alternative, value: Value, sent: Alternative) -> bool:
    """Whether a text takes the place of a secret where the deployment has set none: `process.env.SECRET || 'dev'`.

    Where it has, only those who know it send the same.
    """
    is_text = isinstance(a.shape, Constant) and isinstance(a.shape.value, str) and bool(a.shape.value)
    found = origins_of(Value((sent,)))
    is_sent = bool(found) and all(isinstance(o, Input | Request) for o in found)
    return is_text and is_sent and any(isinstance(o, Secret) for o in origins_of(value))


def standing_in(tested: Value, named: Value, span: Span) -> Value:
    """A value that is compared with a text: what stands in for a missing input is no word of the caller's."""
    text = text_of(named)
    inputs = [o for o in origins_of(tested) if isinstance(o, Input)] if text and len(tested.alternatives) > 1 else []
    known, other = (frozenset(kind(o, span) for o in inputs) for kind in (Known, Excluded))
    return Value(
        tuple(
            Alternative(a.shape, a.under | (known if a.shape.value == text else other))
            if isinstance(a.shape, Constant)
            else a
            for a in tested.alternatives
        )
    )


def is_absence_of(one: Alternative, value: Value, other: Shape) -> bool:
    """Whether one side is missing where the caller's identity is compared, which is there once there is a session.

    Nor is a record that is not there the one that an input names: what is done to it happens to nothing.
    """
    if not is_nullish(one.shape) or len(value.alternatives) == 1 or not isinstance(other, Unknown):
        return False
    if other.truth is not Truth.FALSY and (is_identity(other.origins) or are_names(origins_of(value), other.origins)):
        return True
    # A deployment that asks for a secret has one.
    if other.origins and all(isinstance(o, Secret) for o in other.origins):
        return True
    # `session?.user?.id` of a session that was tested before.
    return has_authentication(one.under) and any(
        isinstance(a.shape, Unknown) and is_identity(a.shape.origins) for a in value.alternatives
    )


def lacks_a_session(one: Alternative, value: Value, other: Shape) -> bool:
    """Whether one side is what `session?.user.id` is without a session, and the other one a column of a record.

    A column holds what was stored, or `null`: never `undefined`. Loosely, `null` equals it: that is another matter.
    """
    is_left_out = is_undefined(one.shape)
    would_be_known = any(is_identity(a.shape.origins) for a in value.alternatives if isinstance(a.shape, Unknown))
    return is_left_out and would_be_known and is_column(other)


def is_column(shape: Shape) -> bool:
    """Whether a value is what a column of a record holds."""
    found = shape.origins if isinstance(shape, Unknown) else frozenset()
    return bool(found) and all(isinstance(o, Stored) and len(o.path) == 1 for o in found)


def pairwise(first: Value, second: Value, result: Callable[[Alternative, Alternative], Shape]) -> Value:
    """The results for each pair of alternatives that can be true together."""
    found = [
        Value((Alternative(result(a, b), without_totals(a.under | b.under)),))
        for a in first.alternatives
        for b in second.alternatives
        if not (a.under and b.under and contradict(a.under, b.under))
    ]
    return unite(*found)


def negated(value: Value) -> Value:
    """`!value`."""
    found: list[Alternative] = []
    for a in value.alternatives:
        truth, held = truth_of(a.shape), without_totals(a.under)
        if truth is Truth.MAYBE:
            shape = a.shape
            assert isinstance(shape, Unknown)  # noqa: S101
            told = without_secrets(shape.origins)
            opposite = Unknown(told, Truth.MAYBE, shape.when_false, shape.when_true, True, is_primitive=True)
            found.append(Alternative(opposite, held))
        else:
            found.append(Alternative(Constant(truth is Truth.FALSY), held))
    return Value(tuple(found))


def boolean(value: Value) -> Value:
    """`!!value`, `Boolean(value)`."""
    return negated(negated(value))


def arithmetic(operator: str, first: Value, second: Value) -> Value:
    """Operators that give a primitive and prove nothing."""
    if operator == "+":
        left, right = first.alternatives, second.alternatives
        if len(left) == len(right) == 1:
            a, b = left[0].shape, right[0].shape
            if (
                isinstance(a, Constant)
                and isinstance(b, Constant)
                and isinstance(a.value, str)
                and isinstance(b.value, str)
                and len(a.value) + len(b.value) <= LONGEST_TEXT
            ):
                return of(Constant(a.value + b.value))
    if operator in COMBINING and (mask := mask_of(operator, first, second)) is not None:
        return mask
    if operator != "+":
        found = origins_of(first) | origins_of(second)
        made = of(Unknown(found, is_checked=True, is_primitive=True, text=HARMLESS))
        return under(made, totals_in((first, second)))
    return joined((first, second))


def mask_of(operator: str, first: Value, second: Value) -> Value | None:
    """`1 << 3`, `VIEW | DELETE`: the bits that the code names; None where either side is no number of its own."""
    if lowest_in(first) is None or lowest_in(second) is None:
        return None
    if len(first.alternatives) * len(second.alternatives) > MOST_PAIRS:
        return None

    def one(a: Alternative, b: Alternative) -> Shape:
        assert isinstance(a.shape, Constant) and isinstance(b.shape, Constant)  # noqa: S101, PT018
        made = combined(operator, a.shape.value, b.shape.value)
        return Constant(made) if made is not None else Unknown(frozenset(), is_checked=True, is_primitive=True)

    return pairwise(first, second, one)


def masked(first: Value, second: Value, span: Span) -> Value:
    """`a & b`: what is left of the caller's rights of those that the code names, each a bit."""
    for held, asked in ((first, second), (second, first)):
        bits, parts = lowest_in(asked), origins_of(held)
        if bits and is_identity(parts) and are_rights(parts):
            facts = right((f"{flag_of(parts)} & {bits:g}",), parts, span)
            return of(Unknown(without_secrets(parts), Truth.MAYBE, facts, is_checked=True, is_primitive=True))
    return arithmetic("&", first, second)


def ordered(operator: str, first: Value, second: Value, span: Span) -> Value:
    """`<`, `>`, `<=`, `>=`: a comparison of an input with anything checks that input; `count > 0` is its truth."""
    first, second = (with_a_rank(first), second) if operator[0] == "<" else (first, with_a_rank(second))
    told = outranking(operator, first, second, span)
    counted = truth_of_count(operator, first, second)
    # That somebody stands above nothing tells of no rank; that they are of the first does.
    if counted is not None and (not any(told) or lowest_in(second) == 0):
        return counted
    if len(first.alternatives) * len(second.alternatives) > MOST_PAIRS:
        return of(order(operator, Unknown(origins_of(first)), Unknown(origins_of(second)), told, span))
    return pairwise(first, second, lambda a, b: order(operator, a.shape, b.shape, told, span))


def with_a_rank(value: Value) -> Value:
    """A rank that was looked up by the caller's role, and is asked whether it is below another.

    What is not in the table is below nothing, and would pass: but it has a place for each role that there is.
    """
    ranks = [a for a in value.alternatives if a.shape != UNDEFINED_SHAPE]
    is_by_role = any(has_right(a.under) for a in ranks) and all(isinstance(a.shape, Constant) for a in ranks)
    return Value(tuple(ranks)) if is_by_role and len(ranks) < len(value.alternatives) else value


def outranking(operator: str, first: Value, second: Value, span: Span) -> tuple[Facts, Facts]:
    """What follows from the caller's rank being at least as high as something, where it is and where it is not."""
    if tells_a_rank(first):
        facts = at_least(second, first, span)
        return (facts, NO_FACTS) if operator[0] == ">" else (NO_FACTS, facts)
    if tells_a_rank(second):
        facts = at_least(first, second, span)
        return (facts, NO_FACTS) if operator[0] == "<" else (NO_FACTS, facts)
    return NO_FACTS, NO_FACTS


def tells_a_rank(value: Value) -> bool:
    """Whether a number is a part of the caller's identity that says how high they stand, or what it is without one."""
    parts = origins_of(value)
    return is_identity(parts) and all(
        isinstance(o, Session | Stored)
        and is_identity(frozenset({o}))
        and (any(RANK_COLUMN.matches(".".join(o.path[-length:])) for length in (1, 2)) or is_ordered_role(o))
        for o in parts
    )


def is_ordered_role(origin: Session | Stored) -> bool:
    """Whether a role is compared as more or less: it is a number then, and says how high its holder stands."""
    return bool(origin.path) and RIGHT_COLUMN.matches(origin.path[-1])


def at_least(asked: Value, held: Value, span: Span) -> Facts:
    """What it proves that the caller's rank is what was asked for: by the code, the application, or a record."""
    if (limit := lowest_in(asked)) is not None:
        return right((f"{flag_of(origins_of(held))} {limit}",), origins_of(held), span)
    return asked_of_them(origins_of(held), origins_of(asked), span)


def lowest_in(value: Value) -> float | None:
    """The lowest number that a value may be; None where it may be something else."""
    shapes = [a.shape for a in value.alternatives]
    numbers = [s.value for s in shapes if isinstance(s, Constant) and isinstance(s.value, int | float)]
    return min(numbers) if numbers and len(numbers) == len(shapes) else None


def asked_of_them(held: Origins, asked: Origins, span: Span) -> Facts:
    """What it proves that the caller has what is asked for: a right where nobody who calls chooses what that is."""
    if is_identity(asked):
        return NO_FACTS
    return owns(subjects(asked), span) | (right((Unnamed.LISTED,), held, span) if is_set_up(asked) else NO_FACTS)


def is_set_up(asked: Origins) -> bool:
    """Whether something was set up for the whole application: it stands in settings that no caller chooses."""
    seen = [o for o in asked if not was_seen_before(o)]
    return bool(seen) and all(
        isinstance(o, Stored) and SETTINGS_TABLE.matches(o.model) and bool(o.path) and all(map(was_seen_before, o.key))
        for o in seen
    )


def was_seen_before(origin: Origin) -> bool:
    """Whether something was kept for a while from an earlier call."""
    return isinstance(origin, Unfollowed) and origin.what == GIVEN_BEFORE


UNDEFINED_SHAPE = Constant(UNDEFINED)
"""Is neither more nor less than anything: https://tc39.es/ecma262/multipage/abstract-operations.html#sec-islessthan"""

ORDERS: dict[str, Callable[[float, float], bool]] = {"<": lt, ">": gt, "<=": le, ">=": ge}


def order(operator: str, first: Shape, second: Shape, told: tuple[Facts, Facts], span: Span) -> Shape:
    """How two shapes compare: numbers that are known, the rank of a role above all, tell the answer.

    What else it proves, where it is so and where it is not, is `told`.
    """
    known = compared_numbers(operator, first, second)
    if known is not None:
        return known
    found = origins_of(of(first)) | origins_of(of(second))
    valid: Facts = frozenset(Valid(o, span) for o in found if isinstance(o, Input))
    when_true, when_false = (valid | facts for facts in told)
    return Unknown(without_secrets(found), Truth.MAYBE, when_true, when_false, is_checked=True, is_primitive=True)


def truth_of_count(operator: str, first: Value, second: Value) -> Value | None:
    """`n > 0`, `n >= 1`, `n < 1`, `n <= 0`: the truth of `n`, or its opposite; a known number is compared as such."""
    limit = second.alternatives[0].shape if len(second.alternatives) == 1 else None
    if not all(isinstance(a.shape, Constant | Unknown) for a in first.alternatives):
        return None
    if not isinstance(limit, Constant) or (operator, limit.value) not in {(">", 0), (">=", 1), ("<", 1), ("<=", 0)}:
        return None
    truth = boolean if operator[0] == ">" else negated
    found = [(Value((a,)), compared_numbers(operator, a.shape, limit)) for a in first.alternatives]
    return unite(*(truth(n) if answer is None else under(of(answer), n.alternatives[0].under) for n, answer in found))


def compared_numbers(operator: str, first: Shape, second: Shape) -> Constant | None:
    """How two known numbers compare; None where they are not known."""
    if isinstance(first, Constant) and isinstance(second, Constant):
        left, right = first.value, second.value
        if isinstance(left, int | float) and isinstance(right, int | float):
            return Constant(ORDERS[operator](left, right))
    return Constant(False) if UNDEFINED_SHAPE in (first, second) else None


TYPES = {str: "string", bool: "boolean", int: "number", float: "number"}


def type_name(shape: Shape) -> str | None:
    """What `typeof` gives, where it is known."""
    if isinstance(shape, Constant):
        if is_undefined(shape):
            return "undefined"
        return "object" if shape.value is None else TYPES[type(shape.value)]
    if isinstance(shape, Object | Array):
        return "object"
    return None


def type_check(value: Value, wanted: str, span: Span) -> Value:
    """`typeof value === wanted`."""

    def judge(shape: Shape) -> Shape:
        name = type_name(shape)
        if name is not None:
            return Constant(name == wanted)
        found = origins_of(of(shape))
        valid: Facts = frozenset(Valid(o, span) for o in found if isinstance(o, Input))
        if isinstance(shape, Unknown) and shape.truth is Truth.TRUTHY and wanted == "undefined":
            return Constant(False)
        proof = valid if wanted != "undefined" else NO_FACTS
        return Unknown(found, Truth.MAYBE, proof, is_checked=True, is_primitive=True)

    return unite(*[Value((Alternative(judge(a.shape), a.under),)) for a in value.alternatives])


def contains(collection: Value, item: Value, span: Span) -> Value:
    """`collection.includes(item)`: membership in the caller's own list proves what it names."""
    held = origins_of(collection)
    known = literals_in(collection)
    words = frozenset(str(k.value) for k in known if isinstance(k, Constant))
    if not known and is_exhaustive(collection):
        return of(membership(NOTHING, origins_of(item) - identities(item), span))
    if not known:
        names = texts_of(item)
        told = [told_by_items(name, collection, span) for name in names]
        if told and all(told):
            return unite(*(each for each in told if each is not None))
        found_in = listed(names, held, span) if names else membership(held, origins_of(item), span)
        return of(replace(found_in, when_true=found_in.when_true | let_in(collection)))
    # What only one of the alternatives could be, the others are as much as nothing.
    expected = valid(frozenset(o for o in origins_of(item) if isinstance(o, Caught)), span)
    found: list[Alternative] = []
    for a in item.alternatives:
        is_known = isinstance(a.shape, Constant)
        shape = Constant(a.shape in known) if is_known else membership(held, origins_of(of(a.shape)), span, words)
        found.append(Alternative(shape, a.under | expected if a.shape in known else a.under))
    return unite(*(Value((a,)) for a in found))


def let_in(collection: Value) -> Facts:
    """What holds where a list has any item at all, as what a check lets into it: the rights of a role."""
    elements = [a.shape.element for a in collection.alternatives if isinstance(a.shape, Array)]
    if not elements or len(elements) < len(collection.alternatives):
        return NO_FACTS
    held = [a.under for element in elements for a in element.alternatives]
    return reduce(agreed, held) if held else NO_FACTS


def is_exhaustive(collection: Value) -> bool:
    """Whether a list holds all there is of its kind, or an object is asked for its names: that only checks a word."""
    return all(
        a.shape.is_exhaustive if isinstance(a.shape, Array) else isinstance(a.shape, Object) and a.shape.brand is None
        for a in collection.alternatives
    )


def identities(item: Value) -> Origins:
    """The parts of the caller's identity that a value comes from."""
    return frozenset(o for o in origins_of(item) if is_identity(frozenset({o})))


def literals_in(collection: Value) -> frozenset[Shape]:
    """The items of a list that is written out; none where it is not."""
    shape = collection.alternatives[0].shape if len(collection.alternatives) == 1 else None
    if not isinstance(shape, Array) or shape.items is None:
        return frozenset()
    items = [a.shape for item in shape.items for a in item.alternatives]
    return frozenset(items) if all(isinstance(item, Constant) for item in items) else frozenset()


def told_by_items(name: str, collection: Value, span: Span) -> Value | None:
    """Whether a word is in a list of words of which each is there in some cases; None where others may be in it.

    The rights that a table gives the caller's roles, one after another, above all.
    """
    shape = collection.alternatives[0].shape if len(collection.alternatives) == 1 else None
    words = shape.element.alternatives if isinstance(shape, Array) else ()
    same = [a.under for a in words if a.shape == Constant(name)]
    if not same or not all(isinstance(a.shape, Constant) for a in words):
        return None
    return of(Unknown(NOTHING, Truth.MAYBE, reduce(agreed, same), is_checked=True, is_primitive=True))


def place_of(collection: Value, item: Value, span: Span) -> Value:
    """`collection.indexOf(item)`: where it is found, or -1. Of a list that is written out, the place tells the item."""
    shape = collection.alternatives[0].shape if len(collection.alternatives) == 1 else None
    items = shape.items if isinstance(shape, Array) else None
    words = [item.alternatives[0].shape for item in items or () if len(item.alternatives) == 1]
    if not words or len(words) != len(items or ()) or not all(isinstance(word, Constant) for word in words):
        answer = contains(collection, item, span)
        found, missing = assuming(answer, truthy=True), assuming(answer, truthy=False)
        places = [(of(Constant(0)), found[1])] if found else []
        return choice((span, "place"), *places, *([(MISSING, missing[1])] if missing else []))
    outcomes: list[Value] = []
    for a in item.alternatives:
        if isinstance(a.shape, Constant):
            outcomes.append(under(of(Constant(words.index(a.shape))) if a.shape in words else MISSING, a.under))
            continue
        each = [(of(Constant(n)), equality_proves(a.shape, word, span)[0]) for n, word in enumerate(words)]
        outcomes.append(under(choice((span, "place"), *each, (MISSING, NO_FACTS)), a.under))
    return unite(*outcomes)


MISSING = of(Constant(-1))
"""The place of what is not in a list."""


def ends(text: Value, end: Value, span: Span) -> Value:
    """`text.endsWith(end)`: the caller's address ends with a domain of those who have a role."""
    named = text_of(end)
    is_domain = named is not None and re.fullmatch(r"@[\w.-]+\.\w+", named) is not None
    told = origins_of(text)
    if not is_identity(told) or not (is_domain or is_set(origins_of(end))):
        return contains(text, end, span)
    facts: Facts = frozenset({Role((named or BY_THE_ENVIRONMENT,), span, told_by=told_by(told))})
    return of(Unknown(without_secrets(told), Truth.MAYBE, facts, is_checked=True, is_primitive=True))


def is_set(origins: Origins) -> bool:
    """Whether a value comes from the deployment's settings alone."""
    return bool(origins) and all(isinstance(o, Secret) for o in origins)


def texts_of(value: Value) -> tuple[str, ...]:
    """The texts one of which a value is, as each of a list that is asked for; none where it may be anything else."""
    shapes = [a.shape for a in value.alternatives]
    texts = {s.value for s in shapes if isinstance(s, Constant) and isinstance(s.value, str)}
    are_all = all(isinstance(s, Constant) and isinstance(s.value, str) for s in shapes)
    return tuple(sorted(texts)) if are_all else ()


def listed(names: tuple[str, ...], held: Origins, span: Span) -> Unknown:
    """Whether one of these words is in a list: one that keeps what the caller may do proves a right."""
    columns = [o for o in held if isinstance(o, Session | Stored) and o.path]
    keeps_rights = is_identity(held) and bool(columns) and not any(map(describes_somebody, columns))
    facts = right(names, held, span) if keeps_rights else NO_FACTS
    return Unknown(without_secrets(held), Truth.MAYBE, facts, is_checked=True, is_primitive=True)


def describes_somebody(origin: Session | Stored) -> bool:
    """Whether a text tells of a person in words of their own; the name of a role or permission says which it is."""
    if not DESCRIPTION_COLUMN.matches(origin.path[-1]):
        return False
    owner = origin.path[-2] if len(origin.path) > 1 else origin.model if isinstance(origin, Stored) else ""
    return not RIGHT_COLUMN.matches(owner)


def among(tested: Origins, words: frozenset[str], span: Span) -> Facts:
    """That an input is one of these words, where they are known."""
    return frozenset(Among(o, words, span) for o in tested if isinstance(o, Input)) if words else NO_FACTS


def membership(held: Origins, asked: Origins, span: Span, words: frozenset[str] = frozenset()) -> Unknown:
    """Whether something of these origins is in a list of those, or of these words."""
    facts = denied = NO_FACTS
    if is_identity(held) and not is_identity(asked):
        facts = asked_of_them(held, asked, span) if are_rights(held) else owns(subjects(asked), span)
    elif is_identity(asked) and not is_identity(held):
        found = named_among(held, span) or (
            asked_of_them(asked, held, span) if are_rights(asked) else owns(subjects(held), span)
        )
        facts = found or right(tuple(sorted(words)) or (Unnamed.LISTED,), asked, span)
        denied = lacking(facts) if words else NO_FACTS
    elif not held and asked:
        facts = valid(asked, span) | among(asked, words, span)
    else:
        facts = found_among(held, asked, span)
    return Unknown(without_secrets(held | asked), Truth.MAYBE, facts, denied, is_checked=True, is_primitive=True)


def are_rights(identity: Origins) -> bool:
    """Whether parts of the caller's identity say what they may do."""
    return all(isinstance(o, Session | Stored) and bool(o.path) and RIGHT_COLUMN.matches(o.path[-1]) for o in identity)


def judged_together(values: tuple[Value, ...], span: Span) -> tuple[Facts, Facts]:
    """What the truth of an unread call proves that is given both an identity and a resource: a policy's answer."""
    found = frozenset(o for value in values for o in origins_of(value))
    if not is_identity(found):
        return NO_FACTS, NO_FACTS
    named = subjects(frozenset(o for o in found if not is_identity(frozenset({o}))))
    facts = owns(named, span, Strength.LIKELY) if named else frozenset({Role((Unnamed.POLICY,), span)})
    return facts, facts


def has_authentication(facts: Facts, strength: Strength = Strength.PROVEN) -> bool:
    """Whether the caller's identity is proven at least this surely."""
    return any(isinstance(f, Authenticated) and f.strength >= strength for f in facts)


def opaque(values: tuple[Value, ...], call: Unfollowed, span: Span) -> Value:
    """What an unread call gives: anything that its arguments could tell, and its truth what a policy's would.

    Of the calls of one unknown package that led here, the last one says what could not be seen.
    """
    told = (o for value in values for o in origins_of(value))
    package = call.package
    found = frozenset(o for o in told if not (package and isinstance(o, Unfollowed) and o.package == package))
    found |= {call}
    when_true, when_false = judged_together(values, span)
    return of(Unknown(gathered(found), Truth.MAYBE, when_true, when_false, callbacks=callbacks_in(values)))


__all__ = ["arithmetic", "boolean", "contains", "equal", "is_identity", "negated", "opaque", "ordered", "unknown"]
