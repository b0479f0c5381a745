import { z } from 'zod'

export const idSchema = z.string().min(1).max(40)
export const taskSchema = z.object({ title: z.string().trim().min(1).max(200) })
export const profileSchema = z.object({ name: z.string().max(80), bio: z.string().max(500) })
