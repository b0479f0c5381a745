"""Mails that say what any account wants to anybody, and mails that may do so."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_ownership import unowned

MAIL = """
  const { createTransport } = await import('nodemailer')
  const from = process.env.MAIL_FROM
  const transport = createTransport({ host: process.env.SMTP_HOST })
"""

MAILS = {
    "recipient, subject and body are the caller's": (
        "await transport.sendMail({ from, to: id, subject: other.subject, html: other.html })",
        ["nodemailer.sendMail"],
    ),
    "the body stands in a frame of the house": (
        "await transport.sendMail({ from, to: id, subject: other, html: `<h1>Preview</h1> ${other}` })",
        ["nodemailer.sendMail"],
    ),
    "the subject is the house's": (
        "await transport.sendMail({ from, to: id, subject: 'An invitation', html: other })",
        [],
    ),
    "the subject begins with words of the house": (
        "await transport.sendMail({ from, to: id, subject: `News from ${other}`, html: other })",
        [],
    ),
    "the recipient is the house": (
        "await transport.sendMail({ from, to: process.env.SUPPORT, subject: id, html: other })",
        [],
    ),
    "the recipient is the session's own address": (
        "await transport.sendMail({ from, to: user.email, subject: id, html: other })",
        [],
    ),
    "the recipient was compared with the session": (
        "if (id !== user.email) return\nawait transport.sendMail({ from, to: id, subject: other, html: other })",
        [],
    ),
    "a role was asked for": (
        "if (user.role !== 'admin') return\nawait transport.sendMail({ from, to: id, subject: other, html: other })",
        [],
    ),
    "the sender is an address that was found for the caller": (
        """
        const box = await db.mailbox.findFirst({ where: { userId: user.id } })
        await transport.sendMail({ from: box.address, to: id, subject: other, html: other })""",
        [],
    ),
}


@pytest.mark.parametrize(("body", "expected"), MAILS.values(), ids=MAILS.keys())
def test_a_mail_is_nobodys_to_send_of_which_the_caller_chooses_recipient_and_words(
    body: str, expected: list[str]
) -> None:
    assert unowned(MAIL + body) == expected
