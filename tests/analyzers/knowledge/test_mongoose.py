"""Mongoose: models, lazy queries, documents."""

from __future__ import annotations

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import returned, seen
from tests.analyzers.running import effects

MODELS = {
    "models/post.ts": """
        import mongoose, { Schema, models, model } from 'mongoose'
        const PostSchema = new Schema({ title: String, author: { type: Schema.Types.ObjectId, ref: 'User' } })
        PostSchema.index({ title: 1 })
        export const Post = models.Post || model('Post', PostSchema)
        export const User = mongoose.models?.User || mongoose.model<any>('User', new mongoose.Schema({}))
        export default Post
    """
}
HEAD = """
    import Post, { User } from '../models/post'
    import mongoose, { Types } from 'mongoose'
"""


def action(body: str) -> ActionFacts:
    """The action with this body."""
    return reading.action(HEAD, body, MODELS)


def test_each_method_does_what_it_says() -> None:
    def does(call: str) -> list[str]:
        return seen(action(f"await {call}"))

    assert does("Post.create({ title: input.title })") == ["insert Post <- title: input.title"]
    assert does("Post.findById(id)") == ["read Post (_id: id)"]
    assert does("Post.findById(new mongoose.Types.ObjectId(id)).populate('author').lean()") == ["read Post (_id: id)"]
    assert does("Post.findByIdAndUpdate(id, { $set: { title: input.title }, $inc: { views: 1 } })") == [
        "write Post (_id: id) <- title: input.title, views: own"
    ]
    assert does("Post.findOneAndUpdate({ _id: id }, input, { new: true })") == ["write Post (_id: id) <- input"]
    assert does("Post.deleteOne({ _id: id })") == ["delete Post (_id: id)"]
    assert does("Post.find({ author: id }).sort({ createdAt: -1 }).limit(3).exec()") == ["read Post (author: id)"]
    assert does("Post.find().where('author').equals(id)") == ["read Post (?: id)"]
    assert does("Post.countDocuments({ author: id })") == ["read Post (author: id)"]
    assert does("Post.aggregate([{ $match: { author: id } }, { $sample: { size: 3 } }])") == ["read Post (author: id)"]
    assert seen(action("Post.findByIdAndDelete(id)")) == []
    assert seen(action("return Post.findByIdAndDelete(id).then((p) => p)")) == ["delete Post (_id: id)"]


def test_only_equal_conditions_choose_documents() -> None:
    def key(filter_: str) -> list[str]:
        return seen(action(f"const user = await me(); await Post.deleteMany({filter_})"))[-1:]

    assert key("{ _id: id, author: user.id }") == ["delete Post (_id: id, author: session)"]
    assert key("{ _id: id, author: { $ne: user.id } }") == ["delete Post (_id: id)"]
    assert key("{ _id: { $in: input.ids }, $or: [{ author: user.id }, { editors: user.id }] }") == [
        "delete Post (_id: input.ids, author: session, editors: session)"
    ]
    assert key("{ _id: id, $or: [{ author: user.id }, { title: input.title }] }") == [
        "delete Post (_id: id, title: input.title)"
    ]


def test_documents_save_and_delete_themselves() -> None:
    assert seen(action("const post = new Post({ title: input.title }); await post.save()")) == [
        "insert Post <- title: input.title"
    ]
    assert seen(action("const post = Post({ title: input.title }); await post.save()")) == [
        "insert Post <- title: input.title"
    ]
    assert seen(action("const p = await Post.findById(id); p.title = input.title; await p.save()")) == [
        "read Post (_id: id)",
        "write Post (id) <- title: input.title",
    ]
    assert seen(action("const p = await Post.findById(id); if (!p) return; await p.deleteOne()")) == [
        "read Post (_id: id)",
        "delete Post (id)",
    ]


def test_an_owner_that_is_compared_owns() -> None:
    def last(test: str) -> str:
        body = (
            f"const user = await me(); const p = await Post.findById(id); {test}; await Post.deleteOne({{ _id: id }})"
        )
        return effects(action(body))[-1]

    owned = "delete Post: Authenticated, Owns"
    assert last("if (p.author.toString() !== user.id) throw new Error()") == owned
    assert last("if (!p.author.equals(user.id)) throw new Error()") == owned
    assert last("if (String(p?.author) !== user.id) return null") == owned
    assert last("if (!p) return null") == "delete Post: Authenticated"


def test_selected_columns_are_not_the_whole_document() -> None:
    assert returned(action("return User.findById(id)")) == ["User"]
    assert returned(action("return JSON.parse(JSON.stringify(await User.find({})))")) == ["User"]
    assert returned(action("return User.findById(id).select('name email')")) == ["User._id", "User.email", "User.name"]
    assert returned(action("return User.findById(id, { name: 1 }).lean()")) == ["User._id", "User.name"]
    assert returned(action("return User.findById(id).select('-password')")) == ["User."]


def test_the_driver_beneath_a_connection_is_known() -> None:
    def does(call: str) -> list[str]:
        return seen(action(f"await {call}"))

    assert does("mongoose.connection.db.collection('users').deleteOne({ email: id })") == ["delete users (email: id)"]
    assert does("mongoose.connection.collection('users').find({ email: id }).toArray()") == ["read users (email: id)"]
    connected = "(await mongoose.connect(process.env.MONGODB_URI)).connection.db"
    assert does(f"{connected}.collection('users').findOne({{ email: id }})") == ["read users (email: id)"]
