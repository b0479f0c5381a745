"""Names of what is personal: how to reach somebody, and where they are."""

from __future__ import annotations

from preship.analyzers.conventions.form import Convention, Where

PERSONAL_COLUMN = Convention(
    id="personal-column",
    means="Columns that only their owner and who runs the application should read: how to reach somebody, and "
    "what they earn.",
    pattern=r"(.*_)?(e_?mail(_?address)?|phone(_?(number|no))?|mobile|telephone|whatsapp|birth_?(date|day)|date_?of_?birth|dob"
    r"|ssn|national_?id|passport(_?number)?|tax_?id|iban|salary|home_?address|street(_?address)?"
    r"|(stripe|paddle|lemon_?squeezy)_?(customer|subscription)_?id|ip(_?address)?)",
    examples=("email", "phone_number", "date_of_birth", "salary"),
    others=("title", "emailed"),
    used_in=("schema/private",),
)

OWNER_ONLY_FIELD = Convention(
    id="owner-only-field",
    means="Fields that an identity provider keeps from browsers, how to reach somebody, and accounts at a "
    "payment service.",
    source="https://clerk.com/docs/users/metadata#private-metadata",
    pattern=r"private_?metadata|e_?mail(_?address)?|phone(_?number)?"
    r"|(stripe|paddle|lemon_?squeezy)_?(customer|subscription)_?id",
    examples=("privateMetadata", "emailAddress", "stripe_customer_id"),
    others=("publicMetadata", "name"),
    used_in=("actions/returned",),
)

WHEREABOUTS_COLUMN = Convention(
    id="whereabouts-column",
    means="Columns that say where somebody is, or lives.",
    pattern=r"(.*_)?(coordinates?|latitude|longitude|lat|lng|lon|geo_?(code|hash|point|location)|street(_?address)?|home_?address)",
    examples=("latitude", "home_address", "geoPoint"),
    others=("city", "address"),
    used_in=("actions/returned",),
)

CONTACT_FIELD = Convention(
    id="contact-field",
    means="Fields with which an anonymous caller leaves an address: a contact form, a newsletter, a waiting list.",
    pattern=r"(e[-_]?mail|phone|reply[-_]?to|correo|courriel|tel[eé]fon|t[eé]l[eé]phone|celular|whatsapp|handynummer)",
    where=Where.INSIDE,
    examples=("email", "replyTo", "phone", "correo"),
    others=("name", "subject"),
    used_in=("actions/excuses/address_left",),
)

ADDRESS_FIELD = Convention(
    id="address-field",
    means="Fields that hold an address.",
    pattern=r"(e[-_]?mail|phone)",
    where=Where.INSIDE,
    examples=("email", "phoneNumber", "userEmail"),
    others=("name", "address"),
    used_in=("actions/one_time", "actions/recovery"),
)

EMAIL_FIELD = Convention(
    id="email-field",
    means="Names of what holds an address: nobody's handle, unlike an id, by which profiles are looked at.",
    pattern=r"e[-_]?mail",
    where=Where.INSIDE,
    examples=("email", "userEmail", "e-mail"),
    others=("id", "mailbox"),
    used_in=("actions/visitors", "actions/world"),
)

KNOWN_OF_PEOPLE_FIELD = Convention(
    id="known-of-people-field",
    means="Columns by which somebody is found whom others know.",
    pattern=r"e?[-_]?mail|phone|user_?name|login|handle|nick",
    where=Where.INSIDE,
    examples=("email", "phone", "userName", "nickname"),
    others=("name", "id"),
    used_in=("actions/enumeration",),
)
