"""Payments: what moves money, begins a purchase or opens a customer's account, and what only looks."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.facts import Strength, authenticated
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import PLAIN, Library, Value, unknown
from analyzers.knowledge.rows import Handler, LibraryModel, gives
from analyzers.knowledge.services import at, by_verb, remote, sdk

PAY, READ = EffectKind.PAY, EffectKind.READ

CATALOGUE = frozenset({"customers", "products", "prices", "coupons", "promotionCodes", "webhookEndpoints", "taxIds"})
"""Resources whose change moves no money."""


def signed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`webhooks.constructEvent(body, signature, secret)` throws unless the sender knows the secret."""
    calling.may_fail()
    calling.prove(authenticated("the signature of the payment service", calling.span, Strength.PROVEN))
    return unknown()


def resource(host: str) -> Handler:
    """A resource of a payment service, by its verb; the catalogue of things and people moves no money."""
    money = by_verb(host, PAY)
    record = by_verb(
        host,
        EffectKind.WRITE,
        {"create": EffectKind.INSERT, "del": EffectKind.DELETE, "delete": EffectKind.DELETE},
    )

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        owner = library.path[-2] if len(library.path) > 1 else ""
        return (record if owner in CATALOGUE else money)(library, given, calling)

    return handle


def stripe(
    host: str, packages: tuple[str, ...], names: tuple[str, ...], source: str
) -> tuple[LibraryModel, LibraryModel]:
    """A client of resources and verbs, as Stripe's."""
    return sdk(
        packages,
        source,
        {
            **dict.fromkeys(("constructEvent", "constructEventAsync", "unmarshal"), signed),
            "autoPagingToArray": resource(host),
        },
        names=names,
        otherwise=resource(host),
    )


def by_function(host: str, library_names: tuple[str, ...], source: str, quiet: tuple[str, ...] = ()) -> LibraryModel:
    """A package of functions that are named by verb and thing: `cancelSubscription(id)`."""
    return LibraryModel(
        frozenset(library_names),
        source,
        methods=dict.fromkeys(quiet, gives(PLAIN)),
        otherwise=by_verb(host, PAY),
    )


PLAID_READS = (
    "accountsGet",
    "accountsBalanceGet",
    "authGet",
    "identityGet",
    "institutionsGetById",
    "investmentsHoldingsGet",
    "itemGet",
    "liabilitiesGet",
    "transactionsGet",
    "transactionsSync",
    "transferGet",
)

MODELS = (
    *stripe("Stripe", ("stripe",), ("Stripe",), "https://docs.stripe.com/api"),
    *stripe("Paddle", ("@paddle/paddle-node-sdk",), ("Paddle",), "https://developer.paddle.com/api-reference/overview"),
    *stripe("Polar", ("@polar-sh/sdk",), ("Polar",), "https://docs.polar.sh/api-reference"),
    *stripe("Razorpay", ("razorpay",), ("Razorpay",), "https://razorpay.com/docs/api/"),
    *stripe("Mollie", ("@mollie/api-client",), ("createMollieClient",), "https://docs.mollie.com/reference/overview"),
    *stripe(
        "Mercado Pago",
        ("mercadopago",),
        ("MercadoPagoConfig", "Payment", "Preference", "PreApproval"),
        "https://github.com/mercadopago/sdk-nodejs#readme",
    ),
    *stripe("PayPal", ("@paypal/paypal-server-sdk",), ("Client", "OrdersController"), "https://developer.paypal.com/"),
    *stripe("Square", ("square",), ("Client", "SquareClient"), "https://developer.squareup.com/reference/square"),
    by_function(
        "Lemon Squeezy",
        ("@lemonsqueezy/lemonsqueezy.js",),
        "https://docs.lemonsqueezy.com/api",
        ("lemonSqueezySetup",),
    ),
    *sdk(
        ("plaid",),
        "https://plaid.com/docs/api/",
        {
            **dict.fromkeys(PLAID_READS, by_verb("Plaid", READ)),
            **dict.fromkeys(
                ("linkTokenCreate", "itemPublicTokenExchange", "processorTokenCreate", "itemRemove"),
                remote(EffectKind.FETCH, "Plaid", data=at(0)),
            ),
        },
        names=("PlaidApi", "Configuration"),
        otherwise=by_verb("Plaid", PAY),
    ),
    *sdk(
        ("dwolla-v2",),
        "https://github.com/Dwolla/dwolla-v2-node#readme",
        {
            "get": remote(READ, "Dwolla", key=at(0)),
            "post": remote(PAY, "Dwolla", key=at(0), data=at(1)),
            "delete": remote(PAY, "Dwolla", key=at(0)),
        },
        names=("Client",),
    ),
)
