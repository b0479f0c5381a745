"""Wrappers of the repository hand on what the caller sends, whatever their calling convention."""

from __future__ import annotations

import textwrap

import pytest

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import origins_of
from tests.analyzers.running import run

FILES = {
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    "packages/actions/package.json": '{ "name": "@acme/actions", "main": "index.ts" }',
    "package.json": '{ "workspaces": ["packages/*"] }',
}

ACTIONS = """
'use server'
import { z } from 'zod'
import { shape } from 'shapely'
import { action } from '../lib/action'
import { prisma } from '../lib/prisma'
const schema = z.object({ email: z.string() })
"""

WORK = "prisma.user.update({ where: { email: data.email }, data: { banned: true } })"

SESSION = """
import { auth } from '../auth'
async function requireSession() {
  const session = await auth()
  if (!session?.user) throw new Error('Sign in')
  return session
}
"""

CONVENTIONS = {
    "options first": (
        "action({ input: schema }, async (data) => WORK)",
        """
        export const action = (options, fn) => async (input) => {
          await requireSession()
          return fn(options.input.parse(input))
        }
        """,
    ),
    "options first, destructured": (
        "action({ input: schema, roles: ['admin'] }, async (data) => WORK)",
        """
        export function action({ input: schema, roles = [] }, fn) {
          return async function (raw) {
            const session = await requireSession()
            const parsed = schema.safeParse(raw)
            if (!parsed.success) return { error: 'invalid' }
            return { data: await fn(parsed.data, session) }
          }
        }
        """,
    ),
    "options last": (
        "action(async (data) => WORK, { input: schema })",
        """
        export const action = (fn, options = {}) => async (input) => {
          await requireSession()
          return fn(options.input ? options.input.parse(input) : input)
        }
        """,
    ),
    "no options, though some may come": (
        "action({}, async (data) => WORK)",
        """
        export const action = (options, fn) => async (input) => {
          await requireSession()
          return fn(options.input ? options.input.parse(input) : input)
        }
        """,
    ),
    "optional chain on the options": (
        "action(async (data) => WORK)",
        """
        export const action = (fn, options) => async (input) => {
          await requireSession()
          return fn(options?.input?.parse(input) ?? input)
        }
        """,
    ),
    "the handler among the options": (
        "action({ schema, handler: async (data) => WORK })",
        """
        export function action({ schema, handler }) {
          return async (input) => {
            await requireSession()
            return handler(schema.parse(input))
          }
        }
        """,
    ),
    "a method as the handler among the options": (
        "action({ schema, async handler({ data }) { return WORK } })",
        """
        export const action = (options) => async (input) => {
          const session = await requireSession()
          return options.handler({ data: options.schema.parse(input), session })
        }
        """,
    ),
    "curried": (
        "action({ input: schema })(async (data) => WORK)",
        """
        export const action = (options) => (fn) => async (input) => {
          await requireSession()
          return fn(options.input.parse(input))
        }
        """,
    ),
    "a builder with a handler": (
        "action.input(schema).handler(async (data) => WORK)",
        """
        function builder(state) {
          return {
            input: (schema) => builder({ ...state, schema }),
            handler: (fn) => async (raw) => {
              await requireSession()
              return fn(state.schema ? state.schema.parse(raw) : raw)
            },
          }
        }
        export const action = builder({})
        """,
    ),
    "a class": (
        "new action(schema).run(async (data) => WORK)",
        """
        class Action {
          constructor(schema) { this.schema = schema }
          run(fn) {
            return async (input) => {
              await requireSession()
              return fn(this.schema.parse(input))
            }
          }
        }
        export const action = Action
        """,
    ),
    "a class that builds itself up": (
        "action.create().input(schema).handler(async (data) => WORK)",
        """
        class Builder {
          private schema
          static create() { return new Builder() }
          input(schema) { this.schema = schema; return this }
          handler(fn) {
            const schema = this.schema
            return async (...args) => {
              await requireSession()
              return fn(schema.parse(args[0]))
            }
          }
        }
        export const action = Builder
        """,
    ),
    "all arguments": (
        "action(async (data) => WORK)",
        """
        export const action = (fn) => async (...args) => {
          await requireSession()
          return fn(...args)
        }
        """,
    ),
    "apply": (
        "action(async (data) => WORK)",
        """
        export function action(fn) {
          return async function (...args) {
            await requireSession()
            return fn.apply(this, args)
          }
        }
        """,
    ),
    "apply with the arguments object": (
        "action(async (data) => WORK)",
        """
        export function action(fn) {
          return async function () {
            await requireSession()
            return fn.apply(this, arguments)
          }
        }
        """,
    ),
    "call": (
        "action(async (data) => WORK)",
        """
        export function action(fn) {
          return async function (first) {
            await requireSession()
            return await fn.call(null, first)
          }
        }
        """,
    ),
    "bind": (
        "action(async (session, data) => WORK)",
        """
        export const action = (fn) => async (...args) => fn.bind(null, await requireSession())(...args)
        """,
    ),
    "overloaded by the kind of the first argument": (
        "action({ input: schema }, async (data) => WORK)",
        """
        export function action(optionsOrFn, maybeFn) {
          const options = typeof optionsOrFn === 'function' ? {} : optionsOrFn
          const fn = typeof optionsOrFn === 'function' ? optionsOrFn : maybeFn
          return async (input) => {
            await requireSession()
            const data = options.input ? options.input.parse(input) : input
            return fn(data)
          }
        }
        """,
    ),
    "overloaded, and called with the function alone": (
        "action(async (data) => WORK)",
        """
        export function action(optionsOrFn, maybeFn) {
          const [options, fn] = typeof optionsOrFn === 'function' ? [{}, optionsOrFn] : [optionsOrFn, maybeFn]
          return async (input) => {
            await requireSession()
            return fn(options.input?.parse(input) ?? input)
          }
        }
        """,
    ),
    "defaults spread below the options": (
        "action({ input: schema }, async (data) => WORK)",
        """
        const defaults = { input: undefined, auth: true }
        export const action = (given, fn) => async (input) => {
          const options = { ...defaults, ...given }
          if (options.auth) await requireSession()
          return fn(options.input ? await options.input.parseAsync(input) : undefined)
        }
        """,
    ),
    "a parameter's default among the options": (
        "action({ input: schema }, async (data) => WORK)",
        """
        export const action = ({ input = undefined, auth = true }, fn) => async (raw) => {
          if (auth) await requireSession()
          const data = input && input.parse(raw)
          return fn(data)
        }
        """,
    ),
    "a schema validated by a helper": (
        "action({ input: schema }, async (data) => WORK)",
        """
        async function validated(schema, raw) {
          const result = await schema.safeParseAsync(raw)
          if (!result.success) throw new Error(result.error.message)
          return result.data
        }
        export const action = (options, fn) => async (raw) => {
          await requireSession()
          return fn(await validated(options.input, raw))
        }
        """,
    ),
    "a result that is assigned": (
        "action({ input: schema }, async (data) => WORK)",
        """
        export const action = (options, fn) => async (raw) => {
          await requireSession()
          let data
          if (options.input) {
            const result = options.input.safeParse(raw)
            if (!result.success) return { error: 'invalid' }
            data = result.data
          }
          try {
            return { ok: true, value: await fn(data) }
          } catch (error) {
            return { ok: false }
          }
        }
        """,
    ),
    "a context that is filled": (
        "action({ input: schema }, async ({ data, user }) => WORK)",
        """
        export const action = (options, fn) => async (raw) => {
          const context = {}
          context.user = (await requireSession()).user
          context.data = options.input.parse(raw)
          return fn(context)
        }
        """,
    ),
    "a schema of no known library": (
        "action({ input: { parse: (raw) => ({ email: String(raw.email) }) } }, async (data) => WORK)",
        """
        export const action = (options, fn) => async (input) => {
          await requireSession()
          return fn(options.input.parse(input))
        }
        """,
    ),
    "a schema of an unknown package": (
        "action({ input: shape({ email: 'string' }) }, async (data) => WORK)",
        """
        export const action = (options, fn) => async (input) => {
          await requireSession()
          return fn(options.input.parse(input))
        }
        """,
    ),
    "the previous state first": (
        "action(schema, async (data) => WORK)",
        """
        export const action = (schema, fn) => async (previous, form) => {
          await requireSession()
          const parsed = schema.safeParse(Object.fromEntries(form))
          if (!parsed.success) return { ...previous, errors: parsed.error.flatten() }
          return fn(parsed.data)
        }
        """,
    ),
    "a middleware chain": (
        "action(async ({ data }) => WORK)",
        """
        const steps = [async (context, next) => next({ ...context, session: await requireSession() })]
        export const action = (fn) => async (data) => {
          const dispatch = (index, context) =>
            index === steps.length ? fn(context) : steps[index](context, (next) => dispatch(index + 1, next))
          return dispatch(0, { data })
        }
        """,
    ),
    "a default export in a wrapper of a wrapper": (
        "action({ input: schema }, async (data) => WORK)",
        """
        const logged = (fn) => async (...args) => { console.log('called'); return fn(...args) }
        const secured = (fn) => async (...args) => { await requireSession(); return fn(...args) }
        export const action = (options, fn) => logged(secured(async (input) => fn(options.input.parse(input))))
        """,
    ),
}


def acting(action: str, library: str) -> ActionFacts:
    """The action `ban` of an application with this wrapper."""
    text = f"{ACTIONS}export const ban = {action.replace('WORK', WORK)}\n"
    found = run({**FILES, "app/actions.ts": text, "lib/action.ts": SESSION + textwrap.dedent(library)})
    return found["ban"]


def proves_a_session_and_takes_input(facts: ActionFacts) -> None:
    """The write is found by what the caller sends, and behind the wrapper's check."""
    [effect] = facts.touching_effects()
    assert any(isinstance(origin, Input) for origin in origins_of(effect.key))
    assert facts.anonymous_effect() is None
    assert not facts.crashes


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_wrapper_hands_the_input_on(convention: str) -> None:
    proves_a_session_and_takes_input(acting(*CONVENTIONS[convention]))


def test_a_wrapper_in_another_package_of_the_workspace_hands_the_input_on() -> None:
    text = ACTIONS.replace("../lib/action", "@acme/actions")
    text += f"export const ban = action({{ input: schema }}, async (data) => {WORK})\n"
    library = """
        export const action = (options, fn) => async (input) => {
          await requireSession()
          return fn(options.input.parse(input))
        }
    """
    wrapper = SESSION.replace("'../auth'", "'../../auth'") + textwrap.dedent(library)
    found = run({**FILES, "app/actions.ts": text, "packages/actions/index.ts": wrapper})
    proves_a_session_and_takes_input(found["ban"])


@pytest.mark.parametrize(
    "action",
    [
        "wrap(async (data) => WORK)",
        "wrap({ input: schema }, async (data) => WORK)",
        "wrap({ input: schema })(async (data) => WORK)",
        "wrap.input(schema).handler(async (data) => WORK)",
        "wrap({ input: schema, handler: async (data) => WORK })",
        "new wrap(schema).run(async (data) => WORK)",
    ],
)
@pytest.mark.parametrize("package", ["wrapping-paper", "./not-in-the-tree"])
def test_what_unknown_code_wraps_runs_with_arguments_that_are_not_known(action: str, package: str) -> None:
    text = ACTIONS.replace("{ action } from '../lib/action'", f"wrap from '{package}'")
    found = run({**FILES, "app/actions.ts": f"{text}export const ban = {action.replace('WORK', WORK)}\n"})["ban"]
    [effect] = found.touching_effects()
    assert effect.target == "user"
    assert origins_of(effect.key)
    assert not found.crashes
