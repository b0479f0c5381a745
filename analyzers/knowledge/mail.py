"""Mail, text messages and pushes: what sends them, and to whom."""

from __future__ import annotations

from analyzers.flow.effects import EMAIL, EffectKind
from analyzers.flow.values import PLAIN
from analyzers.knowledge.rows import Handler, LibraryModel, gives, text
from analyzers.knowledge.services import Chosen, at, field, nothing, part, remote, sdk

SEND, IDENTIFY = EffectKind.SEND, EffectKind.IDENTIFY


def sends(what: str, *, key: Chosen = nothing, data: Chosen | None = None) -> Handler:
    """A call that sends something: to `key`, saying `data`."""
    return remote(SEND, what, key=key, data=data or at(0))


MAIL = sends(EMAIL, key=field("to"))
CONTACT = remote(EffectKind.FETCH, "a mailing list", key=field("email"), data=at(0))
SUBSCRIBER = remote(EffectKind.INSERT, "a mailing list", data=at(0))

MODELS = (
    *sdk(
        ("nodemailer",),
        "https://nodemailer.com/usage/",
        {"sendMail": MAIL, "verify": gives(PLAIN), "close": gives(PLAIN)},
        names=("createTransport",),
    ),
    *sdk(
        ("resend",),
        "https://resend.com/docs/api-reference/emails/send-email",
        {"send": MAIL, "create": SUBSCRIBER, "update": CONTACT, "remove": CONTACT, "get": CONTACT, "list": CONTACT},
        names=("Resend",),
        otherwise=CONTACT,
    ),
    LibraryModel(
        frozenset({"@sendgrid/mail"}),
        "https://github.com/sendgrid/sendgrid-nodejs/tree/main/packages/mail",
        methods={"send": MAIL, "sendMultiple": MAIL},
        otherwise=gives(PLAIN),
    ),
    *sdk(
        ("postmark",),
        "https://postmarkapp.com/developer/integration/official-libraries#node-js",
        dict.fromkeys(
            ("sendEmail", "sendEmailWithTemplate", "sendEmailBatch", "sendEmailBatchWithTemplates"),
            sends(EMAIL, key=field("To")),
        ),
        names=("ServerClient", "Client"),
    ),
    *sdk(
        ("@plunk/node",),
        "https://docs.useplunk.com/working-with-plunk/node-sdk",
        {"send": MAIL, "track": sends("an event", key=field("email"))},
        names=("Plunk",),
        otherwise=CONTACT,
    ),
    *sdk(
        ("loops",),
        "https://loops.so/docs/sdks/javascript",
        dict.fromkeys(("sendTransactionalEmail", "sendEvent"), sends(EMAIL, key=field("email"))),
        names=("LoopsClient",),
        otherwise=CONTACT,
    ),
    *sdk(
        ("mailgun.js",),
        "https://github.com/mailgun/mailgun.js#readme",
        {"client": part, "create": sends(EMAIL, key=field("to", 1), data=at(1))},
        names=("Mailgun",),
    ),
    *sdk(
        ("node-mailjet", "mailtrap", "@getbrevo/brevo", "emailjs", "@emailjs/nodejs", "mailersend", "usesend-js"),
        "https://github.com/mailjet/mailjet-apiv3-nodejs#readme",
        {"apiConnect": part, "post": part, "request": MAIL, "send": MAIL, "sendTransacEmail": MAIL},
        names=("MailtrapClient", "TransactionalEmailsApi", "Client", "SMTPClient", "MailerSend", "UseSend"),
    ),
    LibraryModel(
        frozenset({"@mailchimp/mailchimp_marketing", "@mailchimp/mailchimp_transactional"}),
        "https://mailchimp.com/developer/marketing/api/",
        methods={"send": MAIL, "setConfig": gives(PLAIN)},
        otherwise=CONTACT,
    ),
    *sdk(
        ("twilio",),
        "https://www.twilio.com/docs/libraries/reference/twilio-node/",
        {
            "create": sends("a text message", key=field("to")),
            "services": part,
            "messages": part,
            "verificationChecks": part,
            "fetch": remote(EffectKind.FETCH, "Twilio", key=at(0)),
        },
        names=("Twilio",),
    ),
    *sdk(
        (
            "web-push",
            "expo-server-sdk",
            "pusher",
            "ably",
            "@slack/web-api",
            "@knocklabs/node",
            "@novu/node",
            "@novu/api",
        ),
        "https://github.com/web-push-libs/web-push#readme",
        {
            "sendNotification": sends("a push message", key=at(0), data=at(1)),
            "sendPushNotificationsAsync": sends("a push message"),
            "trigger": sends("a message", key=at(0), data=at(2)),
            "publish": sends("a message", data=at(1)),
            "postMessage": sends("a message", key=field("channel")),
        },
        names=("Expo", "Pusher", "Realtime", "Rest", "WebClient", "Knock", "Novu"),
        functions={
            ("default", "sendNotification"): sends("a push message", key=at(0), data=at(1)),
            ("sendNotification",): sends("a push message", key=at(0), data=at(1)),
        },
    ),
    *sdk(
        ("@onesignal/node-onesignal", "onesignal-node"),
        "https://documentation.onesignal.com/docs/nodejs-client-sdk",
        {
            "createNotification": sends("a push message"),
            **dict.fromkeys(("getUser", "getNotification", "getNotifications", "viewNotification"), CONTACT),
            **dict.fromkeys(("createUser", "updateUser", "deleteUser"), remote(EffectKind.WRITE, "a mailing list")),
        },
        names=("DefaultApi", "Client"),
    ),
    LibraryModel(
        frozenset({"@react-email/components", "@react-email/render", "react-email", "jsx-email", "@react-email/html"}),
        "https://react.email/docs/utilities/render",
        otherwise=text,
    ),
)
