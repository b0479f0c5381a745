'use client'

export function Buttons({ actions, more }: { actions: unknown[]; more: unknown[] }) {
  return <p>{actions.length + more.length} actions</p>
}
