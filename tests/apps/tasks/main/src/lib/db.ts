import { PrismaClient } from '@prisma/client'

const kept = globalThis as unknown as { db?: PrismaClient }

export const db = kept.db ?? new PrismaClient()

if (process.env.NODE_ENV !== 'production') kept.db = db
