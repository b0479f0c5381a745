import pytest

from preship.analyzers.project.imports import imported_specifiers


@pytest.mark.parametrize(
    "code",
    [
        "import a from './x'",
        'import a, { b as c } from "./x"',
        "import * as a from './x'",
        "import './x'",
        "import{a}from'./x'",
        "import {\n  a,\n  b,\n} from './x'",
        "export * from './x'",
        "export { a as default } from './x'",
        "export * as a from './x'",
        "const a = await import('./x')",
        "const a = await import(/* webpackChunkName: 'y' */ './x')",
        "const a = await import(`./x`)",
        "const a = require('./x')",
        "import a = require('./x')",
        "import a from /* here */ './x'",
        "import a from // here\n './x'",
        "import a from '\\u002e/x'",
        "import a from '\\x2e\\u{2f}x'",
        "import a from './\\\nx'",
        "import type, { a } from './x'",
        "import type from './x'",
        "import { type A, b } from './x'",
        "import { /* import type { */ bar } from './x'",
        "import { // import type {\n bar } from './x'",
        "import { /*\nimport type { a */ bar } from './x'",
        "const s = \"it's\"; import a from './x'",
        "/* ' */ import a from './x'",
        'const s = "from /*"; import a from \'./x\'; /* */ "y"',
        "const s = \"from //\"; import a from './x'",
        "import a from /* 1 */ /* 2 */ // 3\n /**/ './x'",
        "import a from /*" + "*" * 5000 + "*/ './x'",
        "import a from './x' with { type: 'json' }",
        "dynamic(() => import('./x'), { ssr: false })",
    ],
)
def test_an_import_that_runs_is_never_missed(code: str) -> None:
    assert "./x" in imported_specifiers(code.encode())


@pytest.mark.parametrize(
    "code",
    [
        "import type { A } from './x'",
        "import type A from './x'",
        "import type * as A from './x'",
        "export type { A } from './x'",
        "  import type {\n    A,\n    B,\n  } from './x'",
        "db.from('./x')",
        "const a = './x'",
    ],
)
def test_what_is_gone_when_the_code_runs_is_left_out(code: str) -> None:
    assert imported_specifiers(code.encode()) == ()


def test_each_specifier_comes_once_in_order() -> None:
    code = b"import a from 'b'\nimport type { T } from 't'\nimport c from 'a'\nimport('b')\n"
    assert imported_specifiers(code) == ("b", "a")


@pytest.mark.parametrize(
    "code",
    [
        b"",
        b"\xff\xfe\0",
        b"from " * 50_000,
        b"from/*" * 50_000,
        b"from/*" * 50_000 + b"*/",
        b"from/**/" * 50_000,
        b"from//" * 50_000,
        b"/*from/**/" * 50_000,
        b"from'" * 50_000,
        b"from`" * 50_001,
        b"/**/" * 50_000 + b"from" + b"/**/" * 50_000,
        b"import type {" * 50_000,
        b"import type { a " + b"\n" * 100_000,
        b"import type " + b" " * 100_000,
        b"from '" + b"\\" * 100_000,
        b"import (" * 50_000,
        b"from '\\u{ffffff}'",
    ],
)
def test_hostile_text_is_only_text(code: bytes) -> None:
    imported_specifiers(code)
