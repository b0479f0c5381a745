"""What code calls on an argument although plain data has no such method: a client that only tests pass.

Besides data, the caller can only send functions of the server that they name, whose answers are promises.
https://react.dev/reference/rsc/use-server#serializable-parameters-and-return-values
"""

from __future__ import annotations

from preship.analyzers.flow.calling import CallingHere
from preship.analyzers.flow.library import Arguments
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import Promise, Shape, Unknown, Value, of, property_of

OF_DATA = frozenset(
    """
    BYTES_PER_ELEMENT add append arrayBuffer at buffer byteLength byteOffset bytes cancel catch charAt charCodeAt clear
    codePointAt concat constructor copyWithin delete description drop endsWith entries every fill filter finally find
    findIndex findLast findLastIndex flat flatMap forEach get getAll getBigInt64 getBigUint64 getDate getDay getFloat16
    getFloat32 getFloat64 getFullYear getHours getInt16 getInt32 getInt8 getMilliseconds getMinutes getMonth getReader
    getSeconds getTime getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds
    getUTCMinutes getUTCMonth getUTCSeconds getUint16 getUint32 getUint8 getYear has hasOwnProperty includes indexOf
    isPrototypeOf isWellFormed join keys lastIndexOf length link localeCompare map match matchAll next normalize padEnd
    padStart pipeThrough pipeTo pop propertyIsEnumerable push reduce reduceRight repeat replace replaceAll resize
    return reverse search set setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime
    setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds shift size slice
    some sort splice split startsWith stream subarray substr substring take tee text then throw toArray toDateString
    toExponential toFixed toGMTString toISOString toJSON toLocaleDateString toLocaleLowerCase toLocaleString
    toLocaleTimeString toLocaleUpperCase toLowerCase toPrecision toReversed toSorted toSpliced toString toTimeString
    toUTCString toUpperCase toWellFormed trim trimEnd trimLeft trimRight trimStart unshift valueOf values with
    """.split()
)
"""Methods of what arguments arrive as: texts, numbers, lists, dates, maps, sets, forms, files, streams, promises.

https://tc39.es/ecma262/, https://w3c.github.io/FileAPI/, https://xhr.spec.whatwg.org/#interface-formdata
"""

OF_PROMISES = frozenset({"then", "catch", "finally", "constructor", "toString", "valueOf", "hasOwnProperty"})


def answer(owner: Unknown, name: str, given: Arguments, calling: CallingHere) -> Value | None:
    """What such a method gives: a promise of what the caller chooses, and callbacks get that; None for any other."""
    if name in OF_DATA or not _is_sent(owner):
        return None
    chosen = of(property_of(owner, name))
    for value in given.all():
        calling.run_callbacks(value, chosen)
    return of(Promise(chosen))


def is_none_of(shape: Shape, name: str) -> bool:
    """Whether a method is asked of the promise itself that such a function has given: the call throws."""
    if not isinstance(shape, Promise) or name in OF_PROMISES:
        return False
    found = shape.value.alternatives
    return bool(found) and all(isinstance(a.shape, Unknown) and _is_sent(a.shape) for a in found)


def _is_sent(shape: Unknown) -> bool:
    return bool(shape.origins) and all(isinstance(origin, Input) for origin in shape.origins)
