import { prisma } from '../../lib/db'
import { currentUser } from '../../lib/session'
import { deletePost } from '../actions'

export default async function Posts() {
  const user = await currentUser()
  const posts = await prisma.post.findMany({ where: { authorId: user.id }, select: { id: true, title: true } })
  return posts.map((post) => (
    <form key={post.id} action={deletePost.bind(null, post.id)}>
      {post.title} <button>Delete</button>
    </form>
  ))
}
