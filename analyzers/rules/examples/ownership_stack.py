"""Files that the examples of missing ownership check share."""

from __future__ import annotations

AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""

PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""
