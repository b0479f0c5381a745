import { z } from 'zod'

export const Id = z.string().min(1)
export const Text = z.string().min(1).max(2000)
