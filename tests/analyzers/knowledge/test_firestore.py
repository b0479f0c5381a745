"""Firestore, by the Admin SDK's methods and by the client SDK's functions."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.flow.effects import EffectKind
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import returned, seen
from tests.analyzers.running import effects

ADMIN = """
    import { getFirestore } from 'firebase-admin/firestore'
    import { initializeApp } from 'firebase-admin/app'
    const db = getFirestore(initializeApp())
"""
CLIENT = """
    import { getFirestore, collection, doc, getDoc, getDocs, setDoc, addDoc, updateDoc, deleteDoc, query, where,
      writeBatch, orderBy } from 'firebase/firestore'
    const db = getFirestore()
"""


def admin(body: str) -> ActionFacts:
    """The action with this body, on the Admin SDK."""
    return reading.action(ADMIN, f"const user = await me(); {body}")


def client(body: str) -> ActionFacts:
    """The action with this body, on the client SDK."""
    return reading.action(CLIENT, f"const user = await me(); {body}")


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await db.collection('posts').add(input)", "insert posts <- input"),
        ("await db.collection('posts').doc(id).set(input)", "write posts (posts.id: id) <- input"),
        ("await db.collection('posts').doc().set(input)", "insert posts <- input"),
        ("await db.doc('posts/first').update(input)", "write posts (posts.id: own) <- input"),
        ("await db.collection('users').doc(user.id).collection('rooms').doc(id).update(input)",
         "write rooms (users.id: session, rooms.id: id) <- input"),
        ("return db.collection('posts').where('owner', '==', user.id).where('at', '>', input.at).limit(3).get()",
         "read posts (owner: session)"),
        ("const b = db.batch(); b.delete(db.collection('posts').doc(id)); await b.commit()",
         "delete posts (posts.id: id)"),
        ("await db.runTransaction(async (t) => { t.update(db.collection('posts').doc(id), input) })",
         "write posts (posts.id: id) <- input"),
    ],
)  # fmt: skip
def test_methods_say_what_they_do_and_where(body: str, effect: str) -> None:
    assert seen(admin(body)) == [effect]


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await addDoc(collection(db, 'posts'), input)", "insert posts <- input"),
        ("await setDoc(doc(db, 'posts', id), input)", "write posts (posts.id: id) <- input"),
        ("await setDoc(doc(collection(db, 'posts')), input)", "insert posts <- input"),
        ("await updateDoc(doc(db, 'users', user.id, 'rooms', id), input)",
         "write rooms (users.id: session, rooms.id: id) <- input"),
        ("await deleteDoc(doc(db, 'posts', id))", "delete posts (posts.id: id)"),
        ("return getDocs(query(collection(db, 'posts'), where('owner', '==', user.id), orderBy('at')))",
         "read posts (owner: session)"),
    ],
)  # fmt: skip
def test_functions_say_what_they_do_and_where(body: str, effect: str) -> None:
    assert seen(client(body)) == [effect]


def test_a_snapshot_tells_whether_there_is_a_document() -> None:
    def last(facts: ActionFacts) -> str:
        return effects(facts)[-1]

    look = "const s = await db.collection('teams').doc(id).collection('members').doc(user.id).get()"
    write = "await db.collection('teams').doc(id).delete()"
    owned = "delete teams: Authenticated, Owns"
    assert last(admin(f"{look}; if (!s.exists) return null; {write}")) == owned
    assert last(admin(f"{look}; if (!s.data()) return null; {write}")) == owned
    assert last(admin(f"{look}; if (!s) return null; {write}")) == "delete teams: Authenticated"
    many = "const s = await db.collection('members').where('team', '==', id).where('user', '==', user.id).get()"
    assert last(admin(f"{many}; if (s.empty) return null; {write}")) == owned
    assert last(admin(f"{many}; if (s.docs.length === 0) return null; {write}")) == owned
    there = "const s = await getDoc(doc(db, 'teams', id, 'members', user.id)); if (!s.exists()) return null"
    assert last(client(f"{there}; await deleteDoc(doc(db, 'teams', id))")) == owned


def test_an_owner_that_is_compared_owns() -> None:
    body = "const s = await db.collection('posts').doc(id).get(); if (s.data()?.owner !== user.id) throw new Error()"
    facts = admin(f"{body}; await s.ref.delete()")
    assert effects(facts)[-1] == "delete posts: Authenticated, Owns"
    assert seen(facts)[-1] == "delete posts (posts.id: id)"


def test_data_of_a_document_is_the_whole_record() -> None:
    assert returned(admin("return (await db.collection('users').doc(id).get()).data()")) == ["users"]
    assert returned(admin("return (await db.collection('users').get()).docs.map((d) => d.data())")) == ["users"]


def test_the_id_of_a_snapshot_is_what_the_document_was_asked_for_by() -> None:
    action = admin(
        "const found = await db.collection('users').doc(user.id).get();"
        " const author = { ...found.data(), uid: found.id };"
        " await db.collection('drafts').doc(author.uid).delete();"
        " const own = await db.collection('posts').where('owner', '==', user.id).get();"
        " for (const post of own.docs) await db.collection('posts').doc(post.id).delete()"
    )
    assert [effect for effect in seen(action) if effect.startswith("delete")] == [
        "delete drafts (drafts.id: session)",
        "delete posts (posts.id: session)",
    ]


APPS = """
    import { initializeApp, initializeServerApp, getApp, getApps } from 'firebase/app'
    import { getFirestore, collection, doc, getDocs, updateDoc } from 'firebase/firestore'
    import { getStorage, ref, uploadString, uploadBytes, getDownloadURL, deleteObject } from 'firebase/storage'
    import { getAuth } from 'firebase/auth'
    import { cookies } from 'next/headers'
    const app = getApps().length === 0 ? initializeApp({}) : getApp()
    const db = getFirestore(app)
    const storage = getStorage(app)
    async function mine() {
      const authIdToken = (await cookies()).get('__session')?.value
      return initializeServerApp(app, { authIdToken })
    }
"""


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await updateDoc(doc(db, 'posts', id), input)", "write posts (posts.id: id) <- input"),
        ("await uploadString(ref(storage, `a/${id}`), input.data, 'data_url')", "file file storage (id) <- input.data"),
        ("await uploadBytes(ref(ref(storage, 'a'), id), input.data)", "file file storage (id) <- input.data"),
        ("await deleteObject(ref(storage, id))", "file file storage (id)"),
        ("return getDownloadURL(ref(storage, id))", "file file storage (id)"),
    ],
)
def test_the_client_sdk_is_followed_from_its_app(body: str, effect: str) -> None:
    facts = reading.action(APPS, body)
    assert seen(facts) == [effect]
    assert all(e.kind is not EffectKind.UNSEEN for e in facts.effects)


@pytest.mark.parametrize(
    "body",
    [
        "await updateDoc(doc(getFirestore(await mine()), 'posts', id), input)",
        "const d = getFirestore(await mine()); return (await getDocs(collection(d, 'posts'))).docs.map(x => x.data())",
    ],
)
def test_what_is_asked_with_the_callers_token_is_judged_by_the_rules_of_the_database(body: str) -> None:
    assert reading.action(APPS, body).anonymous_effect() is None


def test_the_user_of_the_callers_app_is_who_calls() -> None:
    body = """
      const user = getAuth(await mine()).currentUser
      if (!user) throw new Error('Sign in')
      await updateDoc(doc(db, 'users', user.uid), input)
    """
    facts = reading.action(APPS, body)
    assert seen(facts) == ["write users (users.id: session) <- input"]
    assert facts.anonymous_effect() is None


@pytest.mark.parametrize("app", ["admin", "admin.app()", "admin.apps[0]!", "admin.initializeApp()"])
def test_each_app_of_the_admin_sdk_has_its_store(app: str) -> None:
    now = "admin.firestore.FieldValue.serverTimestamp()"
    body = f"const user = await me(); await {app}.firestore().doc('posts/first').update({{ at: {now} }})"
    found = reading.action("import admin from 'firebase-admin'", body)
    assert seen(found) == ["write posts (posts.id: own) <- at: own"]
    assert EffectKind.UNSEEN not in {effect.kind for effect in found.effects}


@pytest.mark.parametrize(
    ("path", "effect"),
    [
        ("`users/${user.id}/notes/${id}`", "delete notes (users.id: session, notes.id: id)"),
        ("'users/' + user.id + '/notes/' + id", "delete notes (users.id: session, notes.id: id)"),
        ("`${USERS}/${user.id}/notes/${id}`", "delete notes (users.id: session, notes.id: id)"),
        ("`/users/${id}`", "delete users (users.id: id)"),
        ("`users/${user.id}_${id}`", "delete users (users.id: id+session)"),
        ("`${mine}/notes/first`", "delete notes (users.id: session, notes.id: own)"),
        ("noteOf(user.id, id)", "delete notes (users.id: session, notes.id: id)"),
    ],
)
def test_a_path_that_is_put_together_names_each_of_its_steps(path: str, effect: str) -> None:
    head = f"{ADMIN}\nconst USERS = 'users'\nconst noteOf = (owner, note) => `users/${{owner}}/notes/${{note}}`"
    body = f"const user = await me(); const mine = `users/${{user.id}}`; await db.doc({path}).delete()"
    assert seen(reading.action(head, body)) == [effect]


@pytest.mark.parametrize(
    ("call", "effect"),
    [
        ("await deleteDoc(doc(db, `users/${user.id}/notes`, id))", "delete notes (users.id: session, notes.id: id)"),
        ("await addDoc(collection(db, `users/${id}/notes`), input)", "insert notes <- input"),
    ],
)
def test_functions_take_paths_that_are_put_together(call: str, effect: str) -> None:
    assert seen(client(call)) == [effect]


FOUND = "const found = await db.collection('posts').where('slug', '==', id).get()"
READ = "read posts (slug: id)"
MADE = "insert posts <- owner: session"


@pytest.mark.parametrize(
    ("body", "effects_seen"),
    [
        (f"{FOUND}; await found.docs[0].ref.update(input)", [READ, "write posts (slug: id) <- input"]),
        (f"{FOUND}; found.forEach((one) => one.ref.set(input))", [READ, "write posts (slug: id) <- input"]),
        (f"{FOUND}; for (const one of found.docs) await one.ref.delete()", [READ, "delete posts (slug: id)"]),
        ("const made = db.collection('posts').doc(); await made.set({ owner: user.id }); await made.update(input)",
         [MADE, "insert posts <- input"]),
        ("const made = await db.collection('posts').add({ owner: user.id }); await made.update(input)",
         [MADE, "insert posts <- input"]),
        ("await db.collection('posts').doc().collection('notes').doc(id).update(input)",
         ["write notes (notes.id: id) <- input"]),
    ],
)  # fmt: skip
def test_a_document_that_was_found_is_changed_and_a_new_one_is_made(body: str, effects_seen: list[str]) -> None:
    assert seen(admin(body)) == effects_seen


def test_a_document_that_was_just_added_is_a_new_one() -> None:
    body = "const made = await addDoc(collection(db, 'posts'), { owner: user.id }); await updateDoc(made, input)"
    assert seen(client(body)) == [MADE, "insert posts <- input"]
