import { auth } from '@/auth'

type User = { id: string }

/** An action that only runs for a signed-in user, who is its first argument. */
export function withUser<Input, Output>(action: (user: User, input: Input) => Promise<Output>) {
  return async (input: Input) => {
    const session = await auth()
    if (!session?.user?.id) throw new Error('You are not signed in')
    return action({ id: session.user.id }, input)
  }
}
