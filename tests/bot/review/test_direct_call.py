from dataclasses import replace

from preship.analyzers.analysis import DeclaredParameter
from preship.bot.review.direct_call import IDS_COMMAND, direct_calls
from tests.bot.review.samples import ACTION


def call(*types, name="deletePost"):
    """The command of one action with parameters of these types, between the fences."""
    parameters = tuple(DeclaredParameter(f"argument {place}", each) for place, each in enumerate(types, 1))
    block = direct_calls([replace(ACTION, name=name, parameters=parameters)]).split("\n\n")[1]
    fence, ids, *commands = block.split("\n")
    assert ids == IDS_COMMAND
    return "\n".join([fence, *commands])


def test_arguments_are_sent_as_json_and_name_no_record():
    assert call("string", "", "string[]", "{ id: string }", "Input", "number") == (
        "```sh\n"
        "curl -i http://localhost:3000/ -H 'Next-Action: <id of deletePost>'"
        " -H 'Content-Type: text/plain;charset=UTF-8' --data-raw"
        ' \'["preship-no-such-record", "preship-no-such-record", [], {"id": "preship-no-such-record"},'
        ' {"id": "preship-no-such-record"}, -1]\'\n'
        "```"
    )


def test_a_form_is_sent_as_one():
    assert call("State | undefined", "FormData") == (
        "```sh\n"
        "curl -i http://localhost:3000/ -H 'Next-Action: <id of deletePost>'"
        " -F '1_id=preship-no-such-record' -F '_1_id=preship-no-such-record'"
        ' -F \'0=[{"id": "preship-no-such-record"}, "$K1"]\'\n'
        "```"
    )


def test_a_hostile_name_stays_one_quoted_word_in_one_fence():
    assert call(name="x'; rm -rf / #\n```") == (
        "````sh\n"
        "curl -i http://localhost:3000/ -H 'Next-Action: <id of x'\"'\"'; rm -rf / # ```>'"
        " -H 'Content-Type: text/plain;charset=UTF-8' --data-raw '[]'\n"
        "````"
    )


def test_an_inline_action_is_named_by_its_place():
    assert "<id of app/posts/actions.ts:7>" in call(name=None)


def test_each_action_is_one_line_of_one_block():
    block = direct_calls([ACTION, replace(ACTION, name="createPost")])
    assert block.count("```") == 2
    assert [line.split("<id of ")[1].split(">")[0] for line in block.split("\n") if line.startswith("curl")] == [
        "deletePost",
        "createPost",
    ]


def handler(method, address="/api/posts/[id]/files/[[...path]]"):
    """A route handler."""
    return replace(ACTION, name=method, form="route", address=address, name_in_code=f"{method} {address}")


def test_a_route_handler_is_called_by_its_method_and_path():
    assert direct_calls([handler("GET"), handler("DELETE", "/api/x")]) == (
        "Each line calls a route handler. Who is refused gets the status 401 or 403, or a redirect to sign in. What is"
        " sent names no record.\n\n"
        "```sh\n"
        "curl -i -X GET http://localhost:3000/api/posts/preship-no-such-record/files/preship-no-such-record\n"
        "curl -i -X DELETE http://localhost:3000/api/x -H 'Content-Type: application/json' --data-raw"
        ' \'{"id": "preship-no-such-record"}\'\n'
        "```"
    )


def test_actions_and_route_handlers_are_called_apart():
    blocks = direct_calls([handler("GET"), ACTION]).split("\n\n")
    assert [block.startswith("```") for block in blocks] == [False, True, False, True]
    assert "Next-Action" in blocks[1]
    assert "Next-Action" not in blocks[3]


def test_a_hostile_folder_stays_one_quoted_word():
    assert "curl -i -X GET 'http://localhost:3000/a'\"'\"'; rm -rf /'" in direct_calls(
        [handler("GET", "/a'; rm -rf /")]
    )
