"""Clients that open a connection to the host they are given, and what looks first where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Request, Stored
from preship.analyzers.flow.values import Library, Object, Promise, Value, of, origins_of, unite
from preship.analyzers.knowledge.rows import DEFAULT, Handler, is_absent, name_of, option
from preship.analyzers.knowledge.services import at

Host = Callable[[Arguments], Value | None]
"""Which part of the arguments says where a connection leads."""


@dataclass(frozen=True, slots=True)
class Row:
    """Calls of one kind of package that open a connection."""

    packages: frozenset[str]
    names: frozenset[str]
    """The functions, methods and classes, by their last name; `default` for what a package exports as a whole."""

    host: Host
    source: str
    """The documentation that says so (URL)."""


def option_of(*names: str) -> Host:
    """Some fields of the options that come first."""

    def chosen(given: Arguments) -> Value:
        found = [option(given.at(0), name) for name in names]
        return unite(*(value for value in found if not is_absent(value)))

    return chosen


def address_or(*names: str) -> Host:
    """An address that comes first, or fields of the options in its place."""

    def chosen(given: Arguments) -> Value | None:
        is_options = any(isinstance(a.shape, Object) for a in given.at(0).alternatives)
        return option_of(*names)(given) if is_options else given.at(0)

    return chosen


def of_transport(given: Arguments) -> Value | None:
    """`createMCPClient({ transport: { type: 'sse', url } })`."""
    found = option(option(given.at(0), "transport"), "url")
    return None if is_absent(found) else found


def behind_the_port(given: Arguments) -> Value | None:
    """`connect(port, host)`, or options."""
    is_options = any(isinstance(a.shape, Object) for a in given.at(0).alternatives)
    return option_of("host")(given) if is_options else given.at(1)


def row(packages: str, names: str, host: Host, source: str) -> Row:
    """A row of the table; packages and names are separated by spaces."""
    return Row(frozenset(packages.split()), frozenset(names.split()), host, source)


ROWS = (
    row(
        "nodemailer",
        "createTransport",
        address_or("host", "url"),
        "https://nodemailer.com/smtp/#1-single-connection",
    ),
    row("imap node-imap", "default Connection", option_of("host"), "https://github.com/mscdex/node-imap#connection"),
    row("imapflow", "default ImapFlow", option_of("host"), "https://imapflow.com/docs/api/imapflow-client"),
    row("net", "connect createConnection", behind_the_port, "https://nodejs.org/api/net.html#netconnect"),
    row("tls", "connect", behind_the_port, "https://nodejs.org/api/tls.html#tlsconnectoptions-callback"),
    row("ssh2", "connect", option_of("host"), "https://github.com/mscdex/ssh2#client-methods"),
    row(
        "ssh2-sftp-client",
        "connect",
        option_of("host"),
        "https://github.com/theophilusx/ssh2-sftp-client#connectconfig--sftpstream",
    ),
    row("node-ssh", "connect", option_of("host"), "https://github.com/steelbrain/node-ssh#api"),
    row("basic-ftp", "access connect", address_or("host"), "https://github.com/patrickjuchli/basic-ftp#client-api"),
    row("ldapjs ldapts", "createClient Client", option_of("url"), "https://github.com/ldapts/ldapts#create-a-client"),
    row("pg", "Pool Client", address_or("connectionString", "host"), "https://node-postgres.com/apis/client"),
    row("postgres", "default", address_or("host"), "https://github.com/porsager/postgres#connection"),
    row(
        "mysql2 mysql2/promise mysql mariadb",
        "createConnection createPool",
        address_or("host", "uri"),
        "https://sidorares.github.io/node-mysql2/docs#first-query",
    ),
    row(
        "mssql", "connect ConnectionPool", address_or("server"), "https://github.com/tediousjs/node-mssql#configuration"
    ),
    row(
        "mongodb",
        "MongoClient connect",
        at(0),
        "https://mongodb.github.io/node-mongodb-native/6.0/classes/MongoClient.html",
    ),
    row(
        "mongoose",
        "createConnection",
        at(0),
        "https://mongoosejs.com/docs/api/mongoose.html#Mongoose.prototype.createConnection()",
    ),
    row("ioredis iovalkey", "default Redis", address_or("host"), "https://redis.github.io/ioredis/classes/Redis.html"),
    row(
        "redis @redis/client",
        "createClient",
        option_of("url"),
        "https://github.com/redis/node-redis/blob/master/docs/client-configuration.md",
    ),
    row(
        "@clickhouse/client",
        "createClient",
        option_of("url", "host"),
        "https://clickhouse.com/docs/integrations/javascript",
    ),
    row(
        "@elastic/elasticsearch @opensearch-project/opensearch",
        "Client",
        option_of("node"),
        "https://www.elastic.co/guide/en/elasticsearch/client/javascript-api/current/basic-config.html",
    ),
    row("amqplib amqplib/callback_api", "connect", address_or("hostname"), "https://amqp-node.github.io/amqplib/"),
    row("mqtt", "connect connectAsync", address_or("host"), "https://github.com/mqttjs/MQTT.js#connect"),
    row("ws", "default WebSocket", at(0), "https://github.com/websockets/ws/blob/master/doc/ws.md"),
    row("socket.io-client", "default io connect", at(0), "https://socket.io/docs/v4/client-api/#iourl"),
    row(
        " ".join(
            f"@modelcontextprotocol/sdk/client/{name}{ending}"
            for name in ("streamableHttp", "sse", "websocket")
            for ending in ("", ".js")
        ),
        "StreamableHTTPClientTransport SSEClientTransport WebSocketClientTransport",
        at(0),
        "https://modelcontextprotocol.io/docs/concepts/transports",
    ),
    row(
        "ai @ai-sdk/mcp",
        "createMCPClient experimental_createMCPClient",
        of_transport,
        "https://ai-sdk.dev/docs/ai-sdk-core/mcp-tools",
    ),
    row("rss-parser", "parseURL", at(0), "https://github.com/rbren/rss-parser#nodejs"),
    row("feedparser-promised", "parse", address_or("uri"), "https://github.com/alabeduarte/feedparser-promised#usage"),
    row("open-graph-scraper", "default", option_of("url"), "https://github.com/jshemas/openGraphScraper#options"),
    row("link-preview-js", "getLinkPreview", at(0), "https://github.com/ospfranco/link-preview-js#api"),
    row("unfurl.js", "unfurl", at(0), "https://github.com/jacktuck/unfurl#usage"),
    row("@extractus/article-extractor", "extract", at(0), "https://github.com/extractus/article-extractor#extract"),
    row("puppeteer", "goto", at(0), "https://pptr.dev/api/puppeteer.page.goto"),
    row("jsdom", "fromURL", at(0), "https://github.com/jsdom/jsdom#fromurl"),
    row("cheerio", "fromURL", at(0), "https://cheerio.js.org/docs/basics/loading#fromurl"),
)

CHECKS = (
    row("net", "check", at(0), "https://nodejs.org/api/net.html#blocklistcheckaddress-type"),
    row("ip", "isPrivate isPublic", at(0), "https://github.com/indutny/node-ip#usage"),
    row("private-ip is-private-ip", "default", at(0), "https://github.com/frenchbread/private-ip#usage"),
    row("ssrfcheck", "isSSRFSafeURL", at(0), "https://github.com/felippe-regazio/ssrfcheck#usage"),
    row(
        "request-filtering-agent",
        "useAgent",
        at(0),
        "https://github.com/azu/request-filtering-agent#useagenturl-options",
    ),
    row("ssrf-req-filter", "default", at(0), "https://github.com/y-mehta/ssrf-req-filter#usage"),
)
"""Calls that hold an address against private networks."""

BY_PACKAGE = {
    package: tuple(r for r in (*ROWS, *CHECKS) if package in r.packages)
    for r in (*ROWS, *CHECKS)
    for package in r.packages
}


def note_connection(library: Library, given: Arguments, calling: Calling) -> None:
    """Say where a call connects to or looks first, if it does and the program does not know it by itself."""
    package = library.root.split("#", maxsplit=1)[0]
    name = library.path[-1] if library.path else DEFAULT[0]
    for known in BY_PACKAGE.get(package, ()):
        host = known.host(given) if name in known.names else None
        if host is not None and any(isinstance(o, Input | Request | Stored) for o in origins_of(host)):
            kind = EffectKind.SCREEN if known in CHECKS else EffectKind.DIAL
            calling.emit(kind, name_of(library), name_of(library), key=host)


def promised(root: str) -> Handler:
    """A call that promises a thing."""
    return lambda library, given, calling: of(Promise(of(Library(root))))
