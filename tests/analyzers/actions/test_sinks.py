"""What a caller can write into texts that servers act on, told by what is done to it on the way."""

from __future__ import annotations

import pytest

from preship.analyzers.actions import sinks
from tests.analyzers.running import run


def addresses(code: str, head: str = "") -> list[str]:
    """The inputs that choose the host of a request of an action with this body."""
    source = f"'use server'\n{head}\nexport async function act(input: any, other: string) {{\n{code}\n}}\n"
    found = run(source)["act"].written(sinks.addresses)
    return [str(o.parameter) for written in found for o in written.named_by if hasattr(o, "parameter")]


@pytest.mark.parametrize(
    "code",
    [
        "await fetch(input)",
        "await fetch(`${input}/path`)",
        "await fetch('https://' + input)",
        "await fetch(`https://api.example.com.${input}/`)",
        "await fetch(new URL(input))",
        "await fetch(new URL(input).toString())",
        "await fetch(new URL(input).href)",
        "await fetch(input.trim())",
        "await fetch(new URL(input, 'https://example.com/'))",
        "await fetch(new URL(`//${input}/users`, 'https://example.com/'))",
        "await fetch(new URL('/users', input))",
        "await fetch(input ? input : 'https://example.com/')",
        "if (typeof input !== 'string') return\nawait fetch(input)",
        "if (!input) return\nawait fetch(input)",
    ],
)
def test_an_address_that_the_caller_begins_leads_anywhere(code: str) -> None:
    assert addresses(code) == ["input"]


@pytest.mark.parametrize(
    "code",
    [
        "await fetch(`https://example.com/${input}`)",
        "await fetch('/api/' + input)",
        "await fetch(`${process.env.API}/users/${input}`)",
        "await fetch(`${process.env.API}${input}`)",
        "await fetch(new URL(`/users/${input}`, process.env.API))",
        "const url = new URL('https://example.com/')\nurl.searchParams.set('q', input)\nawait fetch(url.toString())",
        "await fetch(`https://example.com/?q=${encodeURIComponent(input)}`)",
        "await fetch(Number(input))",
        "if (!input.startsWith('https://example.com/')) return\nawait fetch(input)",
        "if (!/^https:\\/\\/example\\.com\\//.test(input)) return\nawait fetch(input)",
        "if (new URL(input).hostname !== 'example.com') return\nawait fetch(input)",
        "if (!['https://a.example/', 'https://b.example/'].includes(input)) return\nawait fetch(input)",
        "const answer = await fetch(`https://example.com/${input}`)\nawait fetch((await answer.json()).next)",
    ],
)
def test_an_address_whose_host_is_ours_or_was_compared_leads_there(code: str) -> None:
    assert addresses(code) == []


@pytest.mark.parametrize(
    ("head", "check"),
    [
        ("import ipaddr from 'ipaddr.js'", "ipaddr.parse(input).range() !== 'unicast'"),
        ("import { isPrivate } from 'ip'", "isPrivate(input)"),
        ("import net from 'node:net'\nconst list = new net.BlockList()", "list.check(input)"),
        ("const inside = (ip) => ip.startsWith('10.') || ip.startsWith('192.168.')", "inside(input)"),
        ("const inside = (ip) => /^(10|127)[.]/.test(ip)", "inside(input)"),
        ("const NETWORKS = [/^10\\./, /^127\\./]", "NETWORKS.some((network) => network.test(input))"),
        ("const NETWORKS = ['10.0.0.0/8', '127.0.0.0/8']", "NETWORKS.some((network) => within(network, input))"),
        ("const first = (ip) => Number(ip.split('.')[0])", "first(input) === 10"),
    ],
)
def test_an_address_that_was_held_against_private_networks_is_none_of_them(head: str, check: str) -> None:
    refusal = f"if ({check}) throw new Error('No')\n"
    assert addresses(f"{refusal}await fetch(`http://${{input}}/`)", head) == []
    assert addresses(f"await fetch(`http://${{input}}/`)\n{refusal}", head) == ["input"]
    assert addresses(f"{refusal}await fetch(`http://${{other}}/`)", head) == ["other"]


@pytest.mark.parametrize(
    "check",
    [
        "new URL(input).protocol !== 'https:'",
        "input.length === 0",
        "new URL(input).port === '22'",
        "input === '127.0.0.1'",
    ],
)
def test_a_check_of_something_else_says_nothing_of_the_host(check: str) -> None:
    assert addresses(f"if ({check}) throw new Error('No')\nawait fetch(input)") == ["input"]


def test_a_base_address_stands_before_those_of_its_instance() -> None:
    head = "import axios from 'axios'\nconst api = axios.create({ baseURL: process.env.API_URL })"
    assert addresses("await api.get(`/users/${input}`)\nawait api.get(input)", head) == []
    assert addresses("await axios.get(input)", head) == ["input"]


@pytest.mark.parametrize(
    ("schema", "is_open"),
    [
        ("z.string()", True),
        ("z.string().url()", True),
        ("z.enum(['a', 'b'])", False),
        ("z.string().uuid()", False),
        ("z.coerce.number().int()", False),
        ("z.string().regex(/^[a-z]+$/)", False),
        ("z.number().optional()", False),
    ],
)
def test_a_schema_that_leaves_no_words_lets_nothing_be_written(schema: str, is_open: bool) -> None:
    head = f"import {{ z }} from 'zod'\nconst schema = z.object({{ value: {schema} }})"
    assert bool(addresses("const { value } = schema.parse(input)\nawait fetch(value)", head)) is is_open


def segments(code: str, head: str = "") -> list[str]:
    """The inputs in the path of a request that is shown a key, of an action with this body."""
    source = f"'use server'\n{head}\nexport async function act(input: any, other: string) {{\n{code}\n}}\n"
    found = run(source)["act"].written(sinks.segments)
    return [str(o.parameter) for written in found for o in written.named_by if hasattr(o, "parameter")]


KEYED = "{ headers: { 'X-Api-Key': process.env.API_KEY } }"


@pytest.mark.parametrize(
    "code",
    [
        f"await fetch(`https://example.com/v1/${{input}}`, {KEYED})",
        f"await fetch(`https://example.com/v1/${{input}}?q=${{other}}`, {KEYED})",
        f"await fetch(`${{process.env.API_URL}}/v1/${{input}}/${{encodeURIComponent(other)}}`, {KEYED})",
        f"await fetch(`https://example.com/v1/${{encodeURIComponent(other)}}/${{input}}`, {KEYED})",
        f"let url = 'https://example.com/v1/' + input\nurl += '?q=' + other\nawait fetch(url, {KEYED})",
        f"await fetch(new URL(`https://example.com/v1/${{input}}`), {KEYED})",
        f"await fetch(new URL(`/v1/${{input}}`, process.env.API_URL), {KEYED})",
        f"await fetch(new URL(`v1/${{input}}/runs`, 'https://example.com').toString(), {KEYED})",
        "const base = process.env.API_URL || 'http://localhost:3006'\nconst url = new URL(`/v1/${input}`, base)\n"
        f"url.searchParams.append('q', other)\nawait fetch(url.href, {KEYED})",
        "await fetch(`https://example.com/v1/${input}?key=${process.env.API_KEY}`)",
    ],
)
def test_what_the_caller_puts_into_a_path_leads_to_other_endpoints(code: str) -> None:
    assert segments(code) == ["input"]


@pytest.mark.parametrize(
    "code",
    [
        "await fetch(`https://example.com/v1/${input}`)",
        f"await fetch(`https://example.com/v1/?q=${{input}}`, {KEYED})",
        f"await fetch(`https://example.com/v1/${{encodeURIComponent(input)}}`, {KEYED})",
        f"await fetch(new URL(`/v1/${{encodeURIComponent(input)}}`, process.env.API_URL), {KEYED})",
        f"await fetch(new URL(`/v1/runs?id=${{input}}`, process.env.API_URL), {KEYED})",
        "await fetch(new URL(`/v1/${input}`, process.env.API_URL))",
        f"await fetch(`https://example.com/v1/${{Number(input)}}`, {KEYED})",
        f"if (!/^[a-z]+$/.test(input)) return\nawait fetch(`https://example.com/v1/${{input}}`, {KEYED})",
        "await fetch(`https://example.com/v1/${input}`, { headers: { 'X-Version': process.env.API_VERSION } })",
    ],
)
def test_a_path_without_words_of_the_callers_or_without_a_key_leads_nowhere_else(code: str) -> None:
    assert segments(code) == []


def test_what_was_shown_to_be_the_callers_is_not_made_up() -> None:
    head = (
        "import { auth } from '@clerk/nextjs/server'\nimport { PrismaClient } from '@prisma/client'\n"
        "const prisma = new PrismaClient()"
    )
    found = (
        "const { userId } = await auth()\nif (!userId) return\n"
        "if (!(await prisma.site.findFirst({ where: { id: input, ownerId: userId } }))) return\n"
    )
    request = f"await fetch(`https://example.com/v1/${{input}}`, {KEYED})"
    assert segments(found + request, head) == []
    assert segments(request, head) == ["input"]


def test_each_place_is_told_once() -> None:
    assert addresses("for (const link of input) await fetch(link)\nawait fetch(other)") == ["input", "other"]


@pytest.mark.parametrize(
    ("call", "is_anybodys"),
    [
        ("fetch(`${process.env.NEXT_PUBLIC_API_URL}/checkouts/${id}`, { method: 'POST', body: id })", True),
        ("fetch(`https://api.example.com/v1/checkouts/${id}`)", True),
        ("fetch(`${process.env.BACKEND_URL}/checkouts/${id}`, { method: 'DELETE' })", True),
        ("fetch(`https://api.example.com/v1/${id}?key=${process.env.SEARCH_API_KEY}`)", False),
        ("fetch('https://a.io', { headers: { Authorization: `Bearer ${process.env.API_TOKEN}` }, body: id })", False),
        ("fetch(`http://localhost:8080/rows/${id}`)", False),
        ("fetch(`http://backend:8080/rows/${id}`)", False),
        ("fetch('http://10.0.0.7/rows', { body: id })", False),
        ("fetch(id)", False),
    ],
)
def test_a_request_is_anybodys_where_the_server_lends_it_nothing(call: str, is_anybodys: bool) -> None:
    facts = run(f"'use server'\nexport async function act(id: string) {{ return await {call} }}")["act"]
    found = facts.anonymous_effect()
    assert found is not None
    assert found.is_doubtful is is_anybodys


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("import axios from 'axios'", "await axios.get(input)"),
        ("import axios from 'axios'", "await axios({ url: input, method: 'post' })"),
        ("import superagent from 'superagent'", "await superagent.post(input).set('X', 'y').send({ a: 1 })"),
        ("import wretch from 'wretch'", "await wretch(input).get().text()"),
        ("import needle from 'needle'", "await needle('post', input, { a: 1 })"),
        ("import needle from 'needle'", "await needle.get(input)"),
        ("import phin from 'phin'", "await phin({ url: input })"),
        ("import got from 'got'", "await got(input).json()"),
        ("import ky from 'ky'", "await ky.get(input).json()"),
        ("import { request } from 'undici'", "await request(input)"),
        ("import { ofetch } from 'ofetch'", "await ofetch(input)"),
        ("import rp from 'request-promise'", "await rp({ url: input })"),
        ("import { request } from 'gaxios'", "await request({ url: input })"),
        ("import https from 'node:https'", "https.get(input, () => {})"),
    ],
)
def test_every_known_client_calls_the_address_that_it_is_given(head: str, code: str) -> None:
    assert addresses(code, head) == ["input"]


def written_into(sink: object, head: str, code: str) -> list[str]:
    """The inputs that an action with this body writes into commands or code."""
    source = f"'use server'\n{head}\nexport async function act(input: any, other: string) {{\n{code}\n}}\n"
    found = run(source)["act"].written(sink)  # type: ignore[arg-type]
    return [str(o.parameter) for written in found for o in written.named_by if hasattr(o, "parameter")]


TRANSPORT = "import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'"


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("import { execa } from 'execa'", "await execa(input, ['a'])"),
        ("import { execa } from 'execa'", "await execa`${input} --version`"),
        ("import { execa } from 'execa'", "await execa({ shell: true })`git log ${input}`"),
        ("import { $ } from 'execa'", "await $({ shell: true })`git log ${input}`"),
        ("import { $ } from 'zx'", "await $`${input}`"),
        ("import * as pty from 'node-pty'", "pty.spawn(input, [], {})"),
        (TRANSPORT, "new StdioClientTransport({ command: input, args: [] })"),
        (TRANSPORT, "new StdioClientTransport({ command: 'npx', args: input })"),
        ("import { Experimental_StdioMCPTransport as T } from 'ai/mcp-stdio'", "new T({ command: input })"),
        ("import { spawn } from 'node:child_process'", "spawn('sh', ['-c', `convert ${input} out.png`])"),
        ("import { execFile } from 'child_process'", "execFile('/bin/bash', ['-lc', 'ls ' + input], () => {})"),
        ("import { spawnSync } from 'child_process'", "spawnSync('cmd.exe', ['/c', input])"),
        ("import { spawn } from 'child_process'", "spawn('git', ['log', input], { shell: true })"),
        ("import { spawn } from 'child_process'", "spawn('bash', input)"),
        ("import { Client } from 'ssh2'", "const c = new Client()\nc.exec(`docker restart ${input}`, () => {})"),
        (
            "import { NodeSSH } from 'node-ssh'",
            "const s = new NodeSSH()\nawait s.execCommand('docker restart ' + input)",
        ),
    ],
)
def test_a_program_of_the_callers_runs_by_other_doors_as_well(head: str, code: str) -> None:
    assert written_into(sinks.commands, head, code) == ["input"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("import { execa } from 'execa'", "await execa('git', ['log', input])"),
        ("import { execa } from 'execa'", "await execa`git log ${input}`"),
        ("import { $ } from 'zx'", "await $`git log ${input}`"),
        (TRANSPORT, "new StdioClientTransport({ command: 'npx', args: ['-y', 'server'] })"),
        ("import { spawn } from 'child_process'", "spawn('sh', ['-c', 'convert \"$1\" out.png', '--', input])"),
        ("import { spawn } from 'child_process'", "spawn('git', ['log', input], { shell: false })"),
        ("import { spawn } from 'child_process'", "spawn('sh', ['-c', `kill ${Number(input)}`])"),
        ("import { spawn } from 'child_process'", "spawn('git', ['log', input], { cwd: '/srv' })"),
        ("import { NodeSSH } from 'node-ssh'", "const s = new NodeSSH()\nawait s.execCommand('docker ps')"),
    ],
)
def test_an_argument_of_a_program_of_ours_is_no_command(head: str, code: str) -> None:
    assert written_into(sinks.commands, head, code) == []


@pytest.mark.parametrize(
    ("head", "code", "found"),
    [
        ("import ejs from 'ejs'", "return ejs.render(input, { name: other })", ["input"]),
        ("import pug from 'pug'", "return pug.compile(input)({})", ["input"]),
        ("import nunjucks from 'nunjucks'", "return nunjucks.renderString(`Dear ${input}`, {})", ["input"]),
        ("import ejs from 'ejs'", "return ejs.render('Dear <%= name %>', { name: input })", []),
        ("import nunjucks from 'nunjucks'", "return nunjucks.render('mail.html', { name: input })", []),
    ],
)
def test_a_template_of_the_callers_is_code(head: str, code: str, found: list[str]) -> None:
    assert written_into(sinks.code, head, code) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("await fs.copyFile('/data/a', `/data/${input}`)", ["input"]),
        ("await fs.rename(`/data/${input}`, '/data/a')", ["input"]),
        ("await fs.cp('/data/a', `/data/${input}`, { recursive: true })", ["input"]),
        ("await fs.rename('/data/a', path.join('/data', path.basename(input)))", []),
        ("await fs.symlink(input, '/data/a')", ["input"]),
        ("await fs.writeFile('/data/a', input)", []),
    ],
)
def test_where_a_file_goes_is_a_path_as_well(code: str, found: list[str]) -> None:
    head = "import fs from 'node:fs/promises'\nimport path from 'node:path'"
    assert written_into(sinks.paths, head, code) == found


SSE = "import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'"
HTTP = "import { StreamableHTTPClientTransport as T } from '@modelcontextprotocol/sdk/client/streamableHttp.js'"


@pytest.mark.parametrize(
    ("head", "code", "found"),
    [
        (SSE, "new SSEClientTransport(new URL(input))", ["input"]),
        (HTTP, "new T(new URL(input.url), { requestInit: { headers: {} } })", ["input"]),
        ("import { createMCPClient } from '@ai-sdk/mcp'",
         "await createMCPClient({ transport: { type: 'sse', url: input } })", ["input"]),
        (HTTP, "new T(new URL('https://mcp.example.com/' + encodeURIComponent(input)))", []),
        (SSE, "if (new URL(input).host !== 'mcp.example.com') return\nnew SSEClientTransport(new URL(input))", []),
    ],
)  # fmt: skip
def test_a_server_of_tools_is_called_at_its_address(head: str, code: str, found: list[str]) -> None:
    assert written_into(sinks.addresses, head, code) == found


FILES = (
    "import { writeFile } from 'node:fs/promises'\nimport path from 'node:path'\nimport { createJiti } from 'jiti'\n"
)
PLACE = "const file = path.join(process.cwd(), 'x.mjs')\n"


@pytest.mark.parametrize(
    "code",
    [
        "await writeFile(file, input)\nawait createJiti(import.meta.url).import(file)",
        "await writeFile(file, `export default ${input}`)\nawait import(file)",
        "await writeFile(file, input)\nrequire(file)",
    ],
)
def test_text_that_is_written_to_a_file_and_then_loaded_is_code(code: str) -> None:
    assert written_into(sinks.code, FILES, PLACE + code) == ["input"]


@pytest.mark.parametrize(
    "code",
    [
        "await writeFile(file, input)",
        "await import(file)\nawait writeFile(file, input)",
        "await writeFile(file, 'export default 1')\nawait import(file)",
        "await import(`./locales/${input}.json`)",
    ],
)
def test_what_is_only_written_or_only_loaded_is_none(code: str) -> None:
    assert written_into(sinks.code, FILES, PLACE + code) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("await fs.writeFile(`/data/${input.name.split('.').pop()}`, 'x')", []),
        (
            "const ext = input.split('.').pop().toLowerCase()\nawait fs.writeFile(path.join('/data', `a.${ext}`), 'x')",
            [],
        ),
        ("await fs.writeFile(`/data/${input.split('.')[0]}`, 'x')", []),
        ("await fs.writeFile(`/data/${input.split('/').pop()}`, 'x')", ["input"]),
        ("await fs.writeFile(`/data/${input.split('.').pop()}/${input}`, 'x')", ["input"]),
    ],
)
def test_no_piece_between_dots_climbs_out_of_a_folder(code: str, found: list[str]) -> None:
    head = "import fs from 'node:fs/promises'\nimport path from 'node:path'"
    assert written_into(sinks.paths, head, code) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("await fetch(`http://billing:8080/users/${input}`)", ["input"]),
        ("await fetch(`http://localhost:3001/users/${input}/keys`)", ["input"]),
        ("await fetch(`http://10.0.0.7/users/${encodeURIComponent(input)}`)", []),
        ("await fetch(`https://api.example.com/users/${input}`)", []),
    ],
)
def test_a_path_on_a_host_that_only_the_server_reaches_is_written_into(code: str, found: list[str]) -> None:
    assert written_into(sinks.segments, "", code) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("return { redirectTo: input }", ["input"]),
        ("return { success: true, data: { redirectTo: input } }", ["input"]),
        ("const url = new URL(input)\nurl.searchParams.set('error', other)\nreturn { data: { redirectTo: url.href } }",
         ["input"]),
        ("return { data: { next: { callbackUrl: input.trim() } } }", ["input"]),
        ("return { data: { redirectTo: `/posts/${input}` } }", []),
        ("return { data: { redirectTo: new URL(`/posts/${input}`, process.env.APP_URL).toString() } }", []),
        ("if (!input.startsWith('https://example.com/')) return { error: 'No' }\n"
         "return { data: { redirectTo: input } }", []),
    ],
)  # fmt: skip
def test_an_answer_sends_its_receiver_on_however_deep_the_address_stands(code: str, found: list[str]) -> None:
    assert written_into(sinks.redirects, "", code) == found


SIGNED = """
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
const sign = (payload: string) => createHmac('sha256', process.env.KEY!).update(payload).digest('base64url')
const read = (payload: string) => JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
function opened(ticket: string) {
  const [payload, signature] = ticket.split('.')
  if (!timingSafeEqual(Buffer.from(sign(payload)), Buffer.from(signature))) return { ok: false }
  return { ok: true, next: read(payload).next }
}
"""


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("const { ok, next } = opened(input)\nif (!ok) return\nreturn { redirectTo: next }", []),
        ("const [payload, signature] = input.split('.')\nif (sign(payload) !== signature) throw new Error('No')\n"
         "return { redirectTo: read(payload).next }", []),
        ("if (sign(input) !== other) return { error: 'No' }\nreturn { redirectTo: input }", []),
        ("const mac = createHmac('sha256', process.env.KEY!)\nmac.update(input.next)\n"
         "if (mac.digest('hex') !== other) return\nreturn { redirectTo: input.next }", []),
        ("if (!timingSafeEqual(Buffer.from(other), Buffer.from(sign(input)))) throw new Error('No')\n"
         "return { redirectTo: input }", []),
        ("const [payload] = input.split('.')\nreturn { redirectTo: read(payload).next }", ["input"]),
        ("if (sign(other) !== input.signature) return\nreturn { redirectTo: input.next }", ["input"]),
        ("if (createHash('sha256').update(input).digest('hex') !== other) return\nreturn { redirectTo: input }",
         ["input"]),
    ],
)  # fmt: skip
def test_what_the_server_has_signed_is_no_word_of_the_callers(code: str, found: list[str]) -> None:
    assert written_into(sinks.redirects, SIGNED, code) == found


SUPABASE = (
    "import { createClient } from '@supabase/supabase-js'\n"
    "const supabase = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)"
)
AIRTABLE = "import Airtable from 'airtable'\nconst base = new Airtable({ apiKey: process.env.KEY }).base('app')"
SANITY = "import { createClient } from 'next-sanity'\nconst client = createClient({ token: process.env.SANITY_TOKEN })"
POCKETBASE = "import PocketBase from 'pocketbase'\nconst pb = new PocketBase('http://db:8090')"
POSTS = "await supabase.from('posts').select('id')"


@pytest.mark.parametrize(
    ("head", "code", "found"),
    [
        (SUPABASE, f"{POSTS}.or(`title.ilike.%${{input}}%,body.ilike.%${{input}}%`)", ["input"]),
        (SUPABASE, f"{POSTS}.eq('team', other).or('author.eq.' + input)", ["input"]),
        (SUPABASE, f"{POSTS}.or('author.eq.' + input)\n{POSTS}.or('editor.eq.' + input)", ["input"]),
        (SUPABASE, f"{POSTS}.not('id', 'in', `(${{input.join(',')}})`)", ["input"]),
        (AIRTABLE, "await base('people').select({ filterByFormula: `{Email} = '${input}'` }).all()", ["input"]),
        (SANITY, "await client.fetch(`*[_type == 'post' && slug.current == '${input}'][0]`)", ["input"]),
        (POCKETBASE, "await pb.collection('posts').getFirstListItem(`slug = '${input}'`)", ["input"]),
        (POCKETBASE, "await pb.collection('posts').getList(1, 20, { filter: `title ~ '${input}'` })", ["input"]),
        (SUPABASE, f"{POSTS}.ilike('title', `%${{input}}%`).eq('team', other)", []),
        (SUPABASE, f"{POSTS}.or(`author.eq.${{Number(input)}},public.eq.true`)", []),
        (SUPABASE, f"const q = input.replace(/[,()]/g, ' ')\n{POSTS}.or(`title.ilike.%${{q}}%`)", []),
        (SUPABASE, f"if (!['a', 'b'].includes(input)) return\n{POSTS}.or(`kind.eq.${{input}},kind.is.null`)", []),
        (SUPABASE, f"const q = input.replace(/[,()]/g, '').slice(0, 100)\n{POSTS}.or(`title.ilike.%${{q}}%`)", []),
        (
            SUPABASE,
            "const q = input.slice(0, 100).replace(/[,()]/g, '').replaceAll('%', '').toLocaleLowerCase()\n"
            f"{POSTS}.or(`title.ilike.%${{q}}%`)",
            [],
        ),
        (SUPABASE, f"const q = input.trim().slice(0, 100)\n{POSTS}.or(`title.ilike.%${{q}}%`)", ["input"]),
        (SUPABASE, f"const q = 'x'.replace('x', input).slice(0, 100)\n{POSTS}.or(`title.ilike.%${{q}}%`)", ["input"]),
        (SUPABASE, f"const q = String(Number(input)).substring(0, 4)\n{POSTS}.or(`year.eq.${{q}}`)", []),
        (SUPABASE, f"{POSTS}.filter('title', 'eq', input)", []),
        (SANITY, "await client.fetch(`*[_type == 'post' && slug.current == $slug][0]`, { slug: input })", []),
        (POCKETBASE, "await pb.collection('posts').getFirstListItem(pb.filter('slug = {:s}', { s: input }))", []),
        (AIRTABLE, "await base('people').select({ filterByFormula: '{Public} = 1' }).all()", []),
    ],
)
def test_a_filter_that_a_store_reads_from_a_text_is_written_into(head: str, code: str, found: list[str]) -> None:
    assert written_into(sinks.filters, head, code) == found


CLERK = f"import {{ auth }} from '@clerk/nextjs/server'\n{SUPABASE}"
SEARCH = "await supabase.from('people').select('id').or(`name.eq.${input}`)"
OWN = (
    "import { createServerClient } from '@supabase/ssr'\nimport { cookies } from 'next/headers'\n"
    "const own = async () => {\n  const jar = await cookies()\n"
    "  return createServerClient('https://x.example', process.env.NEXT_PUBLIC_ANON!, { cookies: jar as any })\n}"
)


@pytest.mark.parametrize(
    ("head", "code", "finds_more"),
    [
        (SUPABASE, SEARCH, True),
        (CLERK, f"const {{ userId }} = await auth()\nif (!userId) return\n{SEARCH}", True),
        (CLERK, f"const {{ sessionClaims }} = await auth()\n"
         f"if (sessionClaims?.metadata?.role !== 'admin') return\n{SEARCH}", False),
        (OWN, f"const supabase = await own()\n{SEARCH}", False),
    ],
)  # fmt: skip
def test_conditions_of_ones_own_find_nothing_new_for_who_may_read_it_all(
    head: str, code: str, finds_more: bool
) -> None:
    source = f"'use server'\n{head}\nexport async function act(input: string) {{\n{code}\n}}\n"
    (found,) = run(source)["act"].written(sinks.filters)
    assert sinks.finds_more(found.effect) is finds_more


@pytest.mark.parametrize(
    ("other", "judges"),
    [
        ("fetch('http://backend:8080/orders', { headers: { Authorization: `Bearer ${token}` } })", True),
        ("axios.get('http://backend:8080/me', { headers: { Authorization: `Bearer ${token}` } })", True),
        ("fetch('http://backend:8080/orders', { headers: { Cookie: (await cookies()).toString() } })", True),
        ("fetch('http://backend:8080/orders', { headers: { Authorization: `Bearer ${process.env.KEY}` } })", False),
        ("fetch('http://backend:9090/orders', { headers: { Authorization: `Bearer ${token}` } })", False),
        ("fetch('http://backend:8080/orders')", False),
    ],
)
def test_a_back_end_that_others_tell_who_is_calling_judges_by_itself(other: str, judges: bool) -> None:
    facts = run(f"""
        'use server'
        import axios from 'axios'
        import {{ cookies }} from 'next/headers'
        export async function rows(id: string) {{ return await fetch(`http://backend:8080/rows/${{id}}`) }}
        export async function other() {{
          const token = (await cookies()).get('token')?.value
          return await {other}
        }}
    """)["rows"]
    found = facts.anonymous_effect()
    assert found is not None
    assert facts.asks_who_judges(found.effect) is judges
