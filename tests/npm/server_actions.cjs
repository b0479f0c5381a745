// Lists the Server Actions that the Next.js compiler exposes.
// Standard input: a JSON object, path to source. Standard output: a JSON object, path to {actions} or {error}.
const { readFileSync } = require('fs')
const { loadBindings } = require('next/dist/build/swc')

// The compiler notes them in a comment at the head of what it emits: a name per id, whose first byte says its kind.
const NOTE = /__next_internal_action_entry_do_not_use__ (\{.*?\}) \*\//s
const CACHE_BIT = 0x80

// A client module is compiled for the browser as well: on the server only references to it are left.
const CLIENT_REFERENCE = '__next_internal_client_entry_do_not_use__'

async function actionsOf(bindings, path, source) {
  const compiled = await compile(bindings, path, source, true)
  if (compiled.includes(CLIENT_REFERENCE)) await compile(bindings, path, source, false)
  const noted = NOTE.exec(compiled)
  return Object.entries(noted ? JSON.parse(noted[1]) : {})
    .filter(([id]) => !(parseInt(id.slice(0, 2), 16) & CACHE_BIT))
    .map(([, action]) => (typeof action === 'string' ? action : action.name))
    .sort()
}

async function compile(bindings, path, source, isReactServerLayer) {
  const isTypeScript = /\.[mc]?tsx?$/.test(path)
  const parser = isTypeScript
    ? { syntax: 'typescript', tsx: path.endsWith('x'), decorators: true }
    : { syntax: 'ecmascript', jsx: true }
  const output = await bindings.transform(source, {
    filename: '/' + path,
    isServerCompiler: true,
    jsc: { parser, target: 'es2022' },
    serverComponents: { isReactServerLayer, cacheComponentsEnabled: false, useCacheEnabled: true },
    serverActions: {
      isReactServerLayer,
      isDevelopment: false,
      useCacheEnabled: true,
      hashSalt: '',
      cacheKinds: ['default', 'remote', 'private'],
    },
  })
  return output.code
}

async function main() {
  const bindings = await loadBindings()
  const said = {}
  for (const [path, source] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
    try {
      said[path] = { actions: await actionsOf(bindings, path, source) }
    } catch (error) {
      said[path] = { error: String(error.message || error).replace(/\x1b\[[0-9;]*m/g, '') }
    }
  }
  process.stdout.write(JSON.stringify(said), () => process.exit(0))
}
main()
