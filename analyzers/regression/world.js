// Outside of this project stands nothing real: sessions are what `world.user` says, and databases remember what is
// written to them. A row belongs to somebody else, unless it was asked for by the caller's own id.
process.env.SKIP_ENV_VALIDATION = '1'
const OWNER = 'preship-owner'
const OTHER = 'preship-other'
const CALLER = { id: OTHER, name: OTHER, email: `${OTHER}@preship.invalid`, role: 'user' }
const world = { user: null, cookie: undefined, writes: [], own: [], isOwner: false }
const session = () => world.user && { user: world.user, session: { userId: OTHER }, expires: '2999-01-01T00:00:00Z' }
const GIVEN = Symbol('what was given')
const WRITES =
  /^(create|insert|update|upsert|delete|remove|save|set|add|push|pull|destroy|increment|decrement|replace|bulkWrite|put|send|publish|enqueue|trigger|upload|findOneAnd|findByIdAnd|del$|hset|incr)/
const WRITING_SQL = /\b(insert\s+into|update\s+\S+\s+set|delete\s+from|merge\s+into)\b/i
const ANEW = /^(\$extends|\$use|withAccelerate|model|db|collection|connect|\$connect|schema|createConnection|startSession|default|neon|createPool|createClient)$/
const ONE = /(First|Unique|One|ById|OrThrow)|^(single|maybeSingle|get|save|create|upsert)$/

const operators = new Proxy({}, { get: () => (...given) => given })

/** Whether a value, or any part of it, is such. */
function some(value, isSuch, seen = new Set()) {
  if (isSuch(value)) return true
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return false
  seen.add(value)
  if (value[GIVEN]) return value[GIVEN].some((call) => some(call.given, isSuch, seen))
  if (typeof value !== 'function') return Object.values(value).some((inner) => some(inner, isSuch, seen))
  try {
    return some(value(store('row'), operators), isSuch, seen)
  } catch {
    return false
  }
}

const mentionsCaller = (value) => some(value, (each) => typeof each === 'string' && each.includes(OTHER))
const isWritingSql = (value) => some(value, (each) => typeof each === 'string' && WRITING_SQL.test(each))
const nameOf = (value) => (typeof value === 'string' ? value : value?.[Symbol.for('drizzle:Name')])
// No text of a row is the very text that a session holds, unless its owner calls.
const asText = (who) => world.isOwner ? who : Object.assign(new String(who), { equals: (other) => String(other) === who })

function row(who, table) {
  const known = { id: who, userId: who, ownerId: who, role: 'user', isAdmin: false, deletedAt: null, owner: who, toString: () => who }
  return new Proxy(known, {
    get(target, key) {
      if (typeof key === 'symbol' || key in target) return target[key]
      if (key === 'then' || key === 'toJSON') return undefined
      if (/^(save|remove|destroy|update|updateOne|delete|deleteOne)$/.test(key))
        return async (...given) => {
          ;(who === OTHER || (world.user && mentionsCaller(given)) ? world.own : world.writes).push(`${table}.${key}`)
          return row(who, table)
        }
      if (/^(set|toObject|lean|populate)$/.test(key)) return () => row(who, table)
      if (key === 'equals') return (other) => String(other) === who
      if (/(At|expires|Expires)$/.test(key)) return new Date(Date.now() + 86_400_000)
      if (/(count|total|amount|price|quantity|balance|stock|version|position)$/i.test(key)) return 1
      if (/^(user|owner|author|team|organization|workspace|project)$/.test(key)) return row(who, key)
      return /[^s]s$/.test(key) && key !== 'status' ? [row(who, key)] : asText(who)
    },
  })
}

async function settled(path, calls, answer) {
  const verbs = calls.map((call) => call.verb)
  const given = calls.map((call) => call.given)
  const isWrite = verbs.some((verb) => WRITES.test(verb)) || isWritingSql(given)
  const isOwn = world.user !== null && mentionsCaller(given)
  const text = (each) => (Array.isArray(each) ? each.filter((part) => typeof part === 'string').join('?') : nameOf(each))
  const said = [path.join('.'), ...given.flat().map(text)].filter(Boolean).join(' ')
  if (isWrite) (isOwn ? world.own : world.writes).push(said)
  const isAboutCallers = /\b(user|account|profile|session)s?\b/i.test(said)
  const isNobody = world.user === null && isAboutCallers && some(given, (each) => each === undefined)
  const rows = isOwn ? (isAboutCallers && !isWrite ? [row(OTHER, said)] : []) : isNobody ? [] : [row(OWNER, said)]
  const isOne = verbs.some((verb) => ONE.test(verb))
  if (answer) return answer(isOne && !verbs.includes('insert') ? rows[0] ?? null : rows)
  return verbs.includes('count') ? rows.length : isOne ? rows[0] ?? null : rows
}

function store(path, calls = [], answer = undefined, own = {}) {
  const parts = typeof path === 'string' ? [path] : path
  const last = parts[parts.length - 1]
  return new Proxy(function () {}, {
    get(_, key) {
      if (key === GIVEN) return calls
      if (key === Symbol.toPrimitive) return () => parts.join('.')
      if (typeof key === 'symbol' || key === 'toJSON') return undefined
      if (key in own) return own[key]
      if (key === 'then') return calls.some((call) => call.verb !== 'new') ? (...on) => settled(parts, calls, answer).then(...on) : undefined
      if (key === 'catch' || key === 'finally') return (...on) => settled(parts, calls, answer)[key](...on)
      return store([...parts, String(key)], calls, answer)
    },
    set: () => true,
    has: () => true,
    apply(_, self, given) {
      const run = given.find((each) => typeof each === 'function')
      if (run && /^(\$?transaction|begin|withTransaction)$/.test(last)) return Promise.resolve(run(store(parts[0], [], answer)))
      if (/^\$transaction$/.test(last) && Array.isArray(given[0])) return Promise.all(given[0])
      if (ANEW.test(last) && !given[0]?.raw) return store(last === 'model' ? [String(given[0])] : parts, [], answer)
      return store(parts, [...calls, { verb: last, given }], answer)
    },
    construct: (_, given) => store(parts, [...calls, { verb: 'new', given }], answer),
  })
}

const refusal = (how) => (to) => {
  throw new Error(`${how} ${to ?? ''}`)
}

/** A module with these names, as compilers of either kind of module read it. */
const moduleOf = (source, names) => ({
  __esModule: true,
  ...Object.fromEntries(names.map((name) => [name, source[name]])),
  default: source.default ?? source,
})

async function attempt(call) {
  Object.assign(world, { writes: [], own: [] })
  try {
    return JSON.stringify(await call()) ?? ''
  } catch (error) {
    return `refused: ${error}`
  }
}
