"""What begins as nothing and is filled later: it may hold what the code puts there, whoever of it came first."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run

ACTION = """
    'use server'
    import { db } from '../lib/db'
    import { provider } from '../lib/provider'

    export async function removePost(id: string) {
      const sessions = await provider()
      if (!sessions) throw new Error('Not ready')
      const user = await sessions.current()
      if (!user) throw new Error('Not signed in')
      await db.post.delete({ where: { id } })
    }
"""
SESSIONS = """
import { auth } from './auth'
export class Sessions { async current() { const session = await auth(); return session?.user } }
"""
IMPORTED = "import { Sessions } from './sessions'\n"

FILLED_BY_ITS_OWN_MODULE = {
    "a static field, by `this`": """
        class Registry {
          private static sessions: Sessions | null = null
          static get() { if (!this.sessions) this.sessions = new Sessions(); return this.sessions }
        }
        export const provider = () => Registry.get()
    """,
    "a static field, by the name of the class and a helper": """
        const made = async () => new Sessions()
        class Registry {
          static sessions: any = undefined
          static async get() { return Registry.sessions ??= await made() }
        }
        export const provider = () => Registry.get()
    """,
    "a private static field": """
        class Registry {
          static #sessions: Sessions | null = null
          static get() { if (!Registry.#sessions) Registry.#sessions = new Sessions(); return Registry.#sessions }
        }
        export const provider = () => Registry.get()
    """,
    "a static field, outside of its class": """
        class Registry { static sessions: any = null }
        export function boot() { Registry.sessions = new Sessions() }
        export const provider = () => Registry.sessions
    """,
    "a static field of the class above": """
        class Base { static sessions: any = null }
        class Registry extends Base { static boot() { this.sessions = new Sessions() } }
        export const provider = () => Registry.sessions
    """,
    "a property of an object in a static field": """
        class Registry {
          static services: any = {}
          static boot() { Registry.services.sessions = new Sessions() }
        }
        export const provider = () => Registry.services.sessions
    """,
    "a static flag": """
        class Registry {
          static ready = false
          static sessions: any
          static boot() { Registry.ready = true; Registry.sessions = new Sessions() }
          static get() { if (!Registry.ready) throw new Error('Not ready'); return Registry.sessions }
        }
        export const provider = () => Registry.get()
    """,
    "a field of the one instance": """
        class Services { sessions: any = null; boot() { this.sessions = new Sessions() } }
        const services = new Services()
        export const provider = () => services.sessions
    """,
    "a field of the instance in a static field": """
        class Services {
          static one: Services | null = null
          sessions: any = null
          static get() { return Services.one ??= new Services() }
          boot() { this.sessions = new Sessions() }
        }
        export const provider = () => Services.get().sessions
    """,
    "a property of an object with methods": """
        const services = { sessions: null as any, boot() { this.sessions = new Sessions() } }
        export const provider = () => services.sessions
    """,
    "a property, by Object.assign": """
        const services: any = { sessions: null }
        export function boot() { Object.assign(services, { sessions: new Sessions() }) }
        export const provider = () => services.sessions
    """,
    "a property, at the top of the module": """
        const services: any = {}
        export const provider = () => services.sessions
        services.sessions = new Sessions()
    """,
}


@pytest.mark.parametrize("code", FILLED_BY_ITS_OWN_MODULE.values(), ids=list(FILLED_BY_ITS_OWN_MODULE))
def test_what_is_filled_later_holds_what_is_put_there(code: str) -> None:
    assert touched({"lib/provider.ts": IMPORTED + code}) == ["delete post: Authenticated"]


FILLED_BY_ANOTHER = {
    "a property of an object": ("export const services: any = { sessions: null }", "{ services }"),
    "a property of an empty object": ("export const services: any = {}", "{ services }"),
    "a static field": ("export class services { static sessions: any = null }", "{ services }"),
    "a field of an instance": (
        "class Services { sessions: any = null }\nexport const services = new Services()",
        "{ services }",
    ),
    "a property of the default export": ("const all: any = { sessions: undefined }\nexport default all", "services"),
}


@pytest.mark.parametrize(("services", "imported"), FILLED_BY_ANOTHER.values(), ids=list(FILLED_BY_ANOTHER))
@pytest.mark.parametrize("boot", ["services.sessions = new Sessions()", "export function boot() { %s }"])
def test_what_another_module_fills_holds_what_that_one_puts_there(services: str, imported: str, boot: str) -> None:
    head = f"import {imported} from './services'\n"
    files = {
        "lib/services.ts": services,
        "lib/boot.ts": IMPORTED + head + boot.replace("%s", "services.sessions = new Sessions()"),
        "lib/provider.ts": head + "export const provider = () => services.sessions",
    }
    assert touched(files) == ["delete post: Authenticated"]


FILLED_WITH_ANYTHING = {
    "what a setter was given, in a static field": """
        class Registry { static sessions: any = null; static set(given) { Registry.sessions = given } }
        export const provider = () => Registry.sessions
    """,
    "what was registered under a name": """
        const services: Record<string, any> = {}
        export function register(name: string, service: any) { services[name] = service }
        export const provider = () => services.sessions
    """,
    "what was registered in a list": """
        const services: any[] = []
        export function register(service: any) { services.push(service) }
        export const provider = () => services[0]
    """,
    "what was registered beside a field that is empty": """
        const services: Record<string, any> = { sessions: null }
        export function register(name: string, service: any) { services[name] = service }
        export const provider = () => services.sessions
    """,
    "a part of what was read": """
        let sessions: any = null
        export async function boot() { ({ sessions } = await import('some-services')) }
        export const provider = () => sessions
    """,
    "an item of what was read": """
        let sessions: any = null, other: any
        export async function boot() { [sessions, other] = await load() }
        export const provider = () => sessions
    """,
    "a variable of a function that is over": """
        function services() {
          let sessions: any = null
          return { set(given: any) { sessions = given }, get: () => sessions }
        }
        const kept = services()
        export const provider = () => kept.get()
    """,
    "a field that the constructor leaves empty": """
        class Services { sessions; constructor() { this.sessions = null } use(given: any) { this.sessions = given } }
        const services = new Services()
        export const provider = () => services.sessions
    """,
}


@pytest.mark.parametrize("code", FILLED_WITH_ANYTHING.values(), ids=list(FILLED_WITH_ANYTHING))
def test_what_may_be_filled_with_anything_ends_no_path(code: str) -> None:
    assert [each.partition(":")[0] for each in touched({"lib/provider.ts": code})] == ["delete post"]


NEVER_FILLED = {
    "a static field that nobody sets": """
        class Registry { static sessions: any = null }
        export const provider = () => Registry.sessions
    """,
    "a property that nobody sets": """
        const services = { sessions: null as any }
        export const provider = () => services.sessions
    """,
    "a field that only another class has": """
        class Other { static sessions: any = null; static boot() { this.sessions = {} } }
        class Registry { static sessions: any = null }
        export const provider = () => Registry.sessions
    """,
}


@pytest.mark.parametrize("code", NEVER_FILLED.values(), ids=list(NEVER_FILLED))
def test_what_nobody_fills_stays_empty(code: str) -> None:
    assert touched({"lib/provider.ts": code}) == []


def touched(files: dict[str, str]) -> list[str]:
    """What an action does behind a guard that some files provide."""
    return effects(run({"app/actions.ts": ACTION, "lib/sessions.ts": SESSIONS, **files, **LIBRARY})["removePost"])


IDENTITY = """
    import { cookies } from 'next/headers'
    import { auth } from './auth'

    class Identity {
      private kept = new Map<string, { user: any; at: number }>()
      async current() {
        const token = (await cookies()).get('session')?.value
        const key = %s
        const cached = this.kept.get(key)
        if (cached) return cached.user
        const session = await auth()
        if (!session?.user) return null
        this.kept.set(key, { user: session.user, at: Date.now() })
        return session.user
      }
    }
    const identity = new Identity()
    export const provider = () => identity
"""


@pytest.mark.parametrize("key", ["token", "`session:${token}`"])
def test_an_identity_that_is_kept_under_its_own_credential_is_known(key: str) -> None:
    assert touched({"lib/provider.ts": IDENTITY % key}) == ["delete post: Authenticated"]


def test_an_identity_that_is_kept_for_everybody_is_nobodys() -> None:
    assert touched({"lib/provider.ts": IDENTITY % "'session:current'"}) == ["delete post"]
