import { sql } from '@/lib/db'
import { Buttons } from './buttons'
import { addNote, archiveNote, deleteNote, draftNote, importNote, listNotes, pinNote, publishNote, renameNote } from './actions'
import { addLabel, clearLabels, peekNote, readNote, renameLabel, showNote } from './more'
import { subscribe } from './public'

export const dynamic = 'force-dynamic'

export default function Notes() {
  async function renameAll(title: string) {
    'use server'
    await sql`UPDATE labels SET name = ${title}`
  }

  return (
    <>
      <form action={addNote}><input name="title" /></form>
      <form action={draftNote}><input name="title" /></form>
      <Buttons
        actions={[archiveNote, deleteNote, importNote, listNotes, pinNote, publishNote, renameNote]}
        more={[addLabel, clearLabels, peekNote, readNote, renameLabel, renameAll, showNote, subscribe]}
      />
    </>
  )
}
