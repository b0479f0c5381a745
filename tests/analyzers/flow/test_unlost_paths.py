"""Paths go on: what nobody was seen to fill was filled by somebody, or the program would fail where it stands."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run

HEAD = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    import { collect, extend, make, load, emitter, each } from 'anything'
    const db = new PrismaClient()
"""
FILES = {
    "lib/tools.ts": "export const other = 1",
    "lib/cjs.js": "module.exports = { track() {} }",
    "lib/holder.ts": "export let holder\nexport const services = {}\nexport function setHolder(x) { holder = x }",
    **LIBRARY,
}

BEFORE_A_DELETE = {
    "a client in a static field that begins as null": """
        class Db { static db = null; static get() { if (!Db.db) Db.db = make(); return Db.db } }
        function make() { return new PrismaClient() }
        export async function remove(id: string) { await Db.get().post.delete({ where: { id } }) }
    """,
    "a client that a static method makes on first use": """
        class Db { private static db: PrismaClient; static get() { if (!this.db) { this.db = make() } return this.db } }
        function make() { return new PrismaClient() }
        export async function remove(id: string) { await Db.get().post.delete({ where: { id } }) }
    """,
    "a client that goes by a local variable into a private field": """
        class Db {
          static #db?: PrismaClient
          static get() {
            if (!Db.#db) { const made = new PrismaClient(); Db.#db = made }
            return Db.#db
          }
        }
        export async function remove(id: string) { await Db.get().post.delete({ where: { id } }) }
    """,
    "a static field that is filled from outside": """
        class Config { static hooks: any }
        Config.hooks = { before() {} }
        export async function remove(id: string) { Config.hooks.before(); await db.post.delete({ where: { id } }) }
    """,
    "a map in a static field": """
        class Cache { static kept = new Map(); }
        export async function remove(id: string) {
          Cache.kept.get(id).touch(); Cache.kept.set(id, 1);
          await db.post.delete({ where: { id } })
        }
    """,
    "what a module does not export": """
        import * as tools from '../lib/tools'
        export async function remove(id: string) {
          tools.track(id); tools.default.x();
          await db.post.delete({ where: { id } })
        }
    """,
    "what a CommonJS module gives": """
        const tools = require('../lib/cjs')
        export async function remove(id: string) { tools.track(id); await db.post.delete({ where: { id } }) }
    """,
    "an item of a list that others fill": """
        export async function remove(id: string) {
          const found = []; collect(found); found[0].touch();
          await db.post.delete({ where: { id } })
        }
    """,
    "an item behind those that are written": """
        export async function remove(id: string) {
          const found = ['a']; collect(found); found[1].trim(); found.at(5).trim();
          await db.post.delete({ where: { id } })
        }
    """,
    "a store that somebody else has entered": """
        import { AsyncLocalStorage } from 'node:async_hooks'
        const store = new AsyncLocalStorage()
        export async function remove(id: string) {
          store.getStore().log(id); store.enterWith({});
          await db.post.delete({ where: { id } })
        }
    """,
    "Reflect.apply": """
        export async function remove(id: string) { await Reflect.apply(db.post.delete, db.post, [{ where: { id } }]) }
    """,
    "call of a method": """
        export async function remove(id: string) { await db.post.delete.call(db.post, { where: { id } }) }
    """,
    "apply of a method": """
        export async function remove(id: string) { await db.post.delete.apply(db.post, [{ where: { id } }]) }
    """,
    "a property of a function": """
        function hit() {}
        hit.count = () => 1
        export async function remove(id: string) {
          hit.count(); hit.missing();
          await db.post.delete({ where: { id } })
        }
    """,
    "a function with properties": """
        const api = Object.assign(() => 1, { log() {} })
        export async function remove(id: string) { api.log(); api(); await db.post.delete({ where: { id } }) }
    """,
    "a property that is defined": """
        export async function remove(id: string) {
          const o = {}; Object.defineProperty(o, 'log', { value() {} }); o.log();
          await db.post.delete({ where: { id } })
        }
    """,
    "an object that others extend": """
        export async function remove(id: string) {
          const o: any = {}; extend(o); o.log();
          await db.post.delete({ where: { id } })
        }
    """,
    "a registry that others fill": """
        const registry: any = {}
        export async function register(n) { registry[n] = () => 1 }
        export async function remove(id: string) {
          registry.log(); registry[id]();
          await db.post.delete({ where: { id } })
        }
    """,
    "an object with a prototype": """
        export async function remove(id: string) {
          const o = Object.create({ log() {} }); o.log(); Object.setPrototypeOf(o, {});
          await db.post.delete({ where: { id } })
        }
    """,
    "a reference that is filled later": """
        const ref = { current: null }
        export async function init() { ref.current = make() }
        export async function remove(id: string) { ref.current.log(); await db.post.delete({ where: { id } }) }
    """,
    "a variable that is destructured into": """
        let logger
        export async function init() { ({ logger } = await load()) }
        export async function remove(id: string) { logger.info('x'); await db.post.delete({ where: { id } }) }
    """,
    "variables that a list is dealt out to": """
        let logger; let other = null
        export async function init() { [logger, other] = await load() }
        export async function remove(id: string) {
          logger.info('x'); other.x();
          await db.post.delete({ where: { id } })
        }
    """,
    "a variable that a loop fills": """
        let last
        export async function init() { for (last of await load()) { } }
        export async function remove(id: string) { last.info('x'); await db.post.delete({ where: { id } }) }
    """,
    "a variable that another module fills": """
        import { holder, setHolder } from '../lib/holder'
        export async function remove(id: string) { holder.info('x'); await db.post.delete({ where: { id } }) }
    """,
    "an object that another module fills": """
        import { services } from '../lib/holder'
        export async function remove(id: string) { services.mail.info('x'); await db.post.delete({ where: { id } }) }
    """,
    "a promise that is resolved from outside": """
        export async function remove(id: string) {
          let resolve; const p = new Promise((r) => { resolve = r }); resolve(1); await p;
          await db.post.delete({ where: { id } })
        }
    """,
    "a variable that a callback fills": """
        export async function remove(id: string) {
          let row: any; await each((r) => { row = r }); row.x();
          await db.post.delete({ where: { id } })
        }
    """,
    "a variable that a listener fills": """
        export async function remove(id: string) {
          let body: any = null; emitter.on('data', (r) => { body = r }); body.x();
          await db.post.delete({ where: { id } })
        }
    """,
    "a field that a listener fills": """
        class Reader {
          buffer: any = null
          constructor() { emitter.on('data', (r) => { this.buffer = r }) }
          read() { return this.buffer.x() }
        }
        export async function remove(id: string) { new Reader().read(); await db.post.delete({ where: { id } }) }
    """,
    "a field that another method fills": """
        class Service {
          client: any = null
          async init() { this.client = await make() }
          async run() { await this.init(); return this.client.x() }
        }
        export async function remove(id: string) {
          const s = new Service(); await s.run();
          await db.post.delete({ where: { id } })
        }
    """,
    "a field of a service that an earlier call fills": """
        class Service { client: any; async init() { this.client = await make() } run() { return this.client.x() } }
        const s = new Service()
        export async function remove(id: string) { s.run(); await db.post.delete({ where: { id } }) }
    """,
    "a field that begins as null": """
        class Service { client: any = null; connect() { this.client = make() } run() { return this.client.x() } }
        const s = new Service()
        s.connect()
        export async function remove(id: string) { s.run(); await db.post.delete({ where: { id } }) }
    """,
    "an iterator, step by step": """
        function* ids() { yield 1 }
        export async function remove(id: string) {
          const it = ids(); const { value } = it.next(); value.toFixed(); it.return();
          await db.post.delete({ where: { id } })
        }
    """,
    "what a pattern has found": """
        export async function remove(id: string) {
          const m = /(?<x>a)/.exec('a'); m.groups.x.trim(); m[1].trim(); m.index.toFixed();
          await db.post.delete({ where: { id } })
        }
    """,
    "properties of an exception": """
        export async function remove(id: string) {
          const e = new Error('x', { cause: 1 }); e.stack.trim(); e.cause.x(); e.code.trim();
          await db.post.delete({ where: { id } })
        }
    """,
    "an instance of a function": """
        function Old(this: any) { this.x = 1 }
        Old.prototype.run = function () {}
        export async function remove(id: string) {
          const o = new (Old as any)(); o.run();
          await db.post.delete({ where: { id } })
        }
    """,
    "classes that extend built-ins": """
        class Cache extends Map { load(id) { this.set(id, 1); return this.get(id) } }
        class Problem extends Error { constructor(m) { super(m); this.captured = Error.captureStackTrace(this) } }
        const c = new Cache()
        export async function remove(id: string) {
          c.load(id).toFixed(); c.forEach((x) => x); c.size; new Problem('x').stack.trim();
          await db.post.delete({ where: { id } })
        }
    """,
    "arguments": """
        function log() { return arguments[0].trim() + arguments[1] }
        export async function remove(id: string) { log('x'); await db.post.delete({ where: { id } }) }
    """,
    "a field of an object, by this": """
        const api = { client: null, get() { if (!this.client) this.client = make(); return this.client } }
        export async function remove(id: string) { api.get().x(); await db.post.delete({ where: { id } }) }
    """,
    "a method under a symbol": """
        const K = Symbol('k')
        export async function remove(id: string) {
          const o = { [K]: () => 1 }; o[K]();
          await db.post.delete({ where: { id } })
        }
    """,
    "the process": """
        export async function remove(id: string) {
          process.on('x', () => 1); process.stdout.write('x'); process.memoryUsage().rss.toFixed();
          await db.post.delete({ where: { id } })
        }
    """,
    "a default export that is not there": """
        import tools from '../lib/tools'
        export async function remove(id: string) { tools.track(id); await db.post.delete({ where: { id } }) }
    """,
}


@pytest.mark.parametrize("code", BEFORE_A_DELETE.values(), ids=BEFORE_A_DELETE.keys())
def test_what_stands_before_a_delete_does_not_hide_it(code: str) -> None:
    facts = run({"app/actions.ts": HEAD + code, **FILES})["remove"]
    assert ("delete", "post") in [(effect.kind, effect.target) for effect in facts.touching_effects()]


ENDED = {
    "null": "const found = null; found.close()",
    "undefined": "const found = undefined; found.close()",
    "nothing given back": "const find = () => {}; find().close()",
    "a call of null": "const found = null; found()",
    "a class that is null": "const Found = null; new Found()",
    "process.exit": "process.exit(1)",
}


@pytest.mark.parametrize("code", ENDED.values(), ids=ENDED.keys())
def test_what_is_proven_to_fail_ends_the_path(code: str) -> None:
    body = f"export async function remove(id: string) {{ {code}; await db.post.delete({{ where: {{ id }} }}) }}"
    assert effects(run({"app/actions.ts": HEAD + body, **FILES})["remove"]) == []
