// Prints, as JSON, every member of every built-in of this runtime: whose it is, how a program gets one, what is called.
'use strict'

/** How a program gets one of a class, where `new Class()` does not make it. */
const MADE = {
  AbortSignal: 'new AbortController().signal', AggregateError: 'new AggregateError([new Error()])', AsyncFunction: 'async () => 1',
  BigInt: '1n', Blob: "new Blob(['text'])", Boolean: 'true', BroadcastChannel: "new BroadcastChannel('name')",
  Buffer: "Buffer.from('text')", ByteLengthQueuingStrategy: 'new ByteLengthQueuingStrategy({ highWaterMark: 1 })',
  CloseEvent: "new CloseEvent('close')", CompressionStream: "new CompressionStream('gzip')",
  CountQueuingStrategy: 'new CountQueuingStrategy({ highWaterMark: 1 })', Crypto: 'crypto', CustomEvent: "new CustomEvent('name')",
  DataView: 'new DataView(new ArrayBuffer(8))', DecompressionStream: "new DecompressionStream('gzip')",
  Event: "new Event('name')", File: "new File(['text'], 'name.txt')", FinalizationRegistry: 'new FinalizationRegistry(() => 1)',
  Function: 'function (a) { return a }', 'Intl.DisplayNames': "new Intl.DisplayNames('en', { type: 'region' })", 'Intl.Locale': "new Intl.Locale('en')", Iterator: '[1, 2].values()', MessageEvent: "new MessageEvent('message')",
  MessagePort: 'new MessageChannel().port1', Navigator: 'navigator', Number: '1', Performance: 'performance',
  PerformanceMark: "performance.mark('name')", PerformanceMeasure: "performance.measure('name')",
  PerformanceObserver: 'new PerformanceObserver(() => 1)', Promise: 'Promise.resolve(1)', Proxy: null,
  ReadableStreamBYOBReader: "new ReadableStream({ type: 'bytes' }).getReader({ mode: 'byob' })",
  ReadableStreamDefaultReader: 'new ReadableStream().getReader()', RegExp: '/a(b)/g', Request: "new Request('https://a.example')",
  String: "'text'", SubtleCrypto: 'crypto.subtle', SuppressedError: 'new SuppressedError()', Symbol: "Symbol('name')",
  URL: "new URL('https://a.example/b?c=d')", URLSearchParams: "new URLSearchParams('a=b')",
  WeakRef: 'new WeakRef({})', WebSocket: null, WritableStreamDefaultWriter: 'new WritableStream().getWriter()',
  SharedArrayBuffer: 'new SharedArrayBuffer(8)',
}

/** Objects whose classes have no global name, and namespaces. */
const OTHERS = [
  'Math', 'JSON', 'Reflect', 'Atomics', 'Intl', 'WebAssembly', 'console', 'globalThis', 'process',
  'process.stdout', 'process.stderr', 'process.versions', 'process.release', 'process.report', 'process.features', 'process.config',
  'process.hrtime', 'process.memoryUsage', '({ a: 1 })', '[1, [2]].entries()', 'new Map([[1, 2]]).entries()',
  'new Set([1]).values()', "'text'[Symbol.iterator]()", "'text'.matchAll(/t/g)", 'new Headers({ a: "b" }).entries()',
  'new FormData().entries()', "new URLSearchParams('a=b').entries()", '[1, 2].values().map((x) => x)', 'Iterator.from([1])',
  '(function* () { yield 1 })()', '(async function* () { yield 1 })()', 'function* () { yield 1 }', '(a) => a',
  "new Intl.Segmenter('en').segment('text')", 'Promise.withResolvers()', 'new ReadableStream().values()',
  'new TextEncoder().encode("text")', 'structuredClone(new Map())', 'Object.create(null)', 'Object.freeze({ a: 1 })',
  'Object.groupBy([1], String)', "/a/.exec('a')", 'new Proxy({}, {})',
]

/** Own members: a symbol only where it is one of the language, a name only where a program could write it. */
const namesOf = (object) => {
  const found = new Map()
  for (const key of Reflect.ownKeys(object)) {
    const isSymbol = typeof key === 'symbol'
    const name = isSymbol ? key.description : key
    if (isSymbol ? Symbol[name.replace('Symbol.', '')] !== key : /^\d+$/.test(name)) continue
    found.set(name, { name, isSymbol, isCalled: typeof Reflect.getOwnPropertyDescriptor(object, key).value === 'function' })
  }
  return found
}

/** Members of an object and of all that it inherits from. */
const membersOf = (value) => {
  let found = new Map()
  for (let object = Object(value); object !== null; object = Object.getPrototypeOf(object))
    found = new Map([...namesOf(object), ...found])
  return [...found.values()]
}

const evaluated = (source) => (0, eval)(`(${source})`)
const made = (source) => {
  try {
    return evaluated(source)
  } catch {
    return undefined
  }
}

const classes = new Map()
for (const [prefix, object] of [['', globalThis], ['Intl.', Intl], ['WebAssembly.', WebAssembly]])
  for (const name of Object.getOwnPropertyNames(object))
    if (/^[A-Z]/.test(name) && typeof object[name] === 'function') classes.set(prefix + name, object[name])

const owners = []
for (const [name, type] of classes) {
  owners.push({ owner: name, type: null, made: name, members: [...namesOf(type).values()] })
  if (type.prototype === undefined) continue
  const source = name in MADE ? MADE[name] : `new ${name}()`
  const value = source === null ? undefined : made(source)
  const members = membersOf(value === undefined ? type.prototype : value)
  owners.push({ owner: `${name}.prototype`, type: name, made: value === undefined ? null : source, members })
}
for (const source of OTHERS) owners.push({ owner: source, type: null, made: source, members: membersOf(evaluated(source)) })
process.stdout.write(JSON.stringify(owners), () => process.exit(0))
