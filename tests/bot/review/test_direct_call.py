from dataclasses import replace

from bot.review.direct_call import direct_call
from tests.bot.review.samples import ACTION


def call(*parameters, name="deletePost"):
    return direct_call(replace(ACTION, name=name, parameters=parameters))


def test_arguments_are_sent_as_json_and_name_no_record():
    assert call("id: string", "count = 1", "tags: string[]", "{ id }: { id: string }", "input: Input", "n: number") == (
        "```sh\n"
        "# deletePost, app/posts/actions.ts:7\n"
        "curl -i http://localhost:3000/ -H 'Next-Action: <id of deletePost>'"
        " -H 'Content-Type: text/plain;charset=UTF-8' --data-raw"
        ' \'["preship-no-such-record", "preship-no-such-record", [], {"id": "preship-no-such-record"},'
        ' {"id": "preship-no-such-record"}, -1]\'\n'
        "```"
    )


def test_a_form_is_sent_as_one():
    assert call("previous: State | undefined", "form: FormData") == (
        "```sh\n"
        "# deletePost, app/posts/actions.ts:7\n"
        "curl -i http://localhost:3000/ -H 'Next-Action: <id of deletePost>'"
        ' -F \'1_id=preship-no-such-record\' -F \'0=[{"id": "preship-no-such-record"}, "$K1"]\'\n'
        "```"
    )


def test_a_hostile_name_stays_one_quoted_word_in_one_fence():
    assert call(name="x'; rm -rf / #\n```") == (
        "````sh\n"
        "# x'; rm -rf / # ```, app/posts/actions.ts:7\n"
        "curl -i http://localhost:3000/ -H 'Next-Action: <id of x'\"'\"'; rm -rf / # ```>'"
        " -H 'Content-Type: text/plain;charset=UTF-8' --data-raw '[]'\n"
        "````"
    )


def test_an_inline_action_has_no_name_to_look_for():
    assert "<id of the inline action>" in call(name=None)
