"""Checks on Stripe's records of payments, before they become facts."""

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, QUARANTINE, WARN, Check, Suite

KEYS = ("stream_id", "batch_id", "record_id")
TRUE = {"value_set": [True]}
# Vendors' clocks differ from ours: a day ahead is no fault.
NOT_AHEAD = {"max_value": 1}
AMOUNT = {"min_value": 0, "max_value": 1e15}
# Every word that the vendor knows, checked Nov 2026.
PARTS = {"value_set": ["open", "paid", "canceled"]}
CHARGES = {"value_set": ["succeeded", "pending", "failed"]}
REFUNDS = {"value_set": ["pending", "requires_action", "succeeded", "failed", "canceled"]}

OWN_KEY = Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key")
MONEY = (
    Check(NOT_NULL, "currency", {}, QUARANTINE, "currency is missing"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amount stays unknown"),
    Check(BETWEEN, "amount", AMOUNT, QUARANTINE, "the amount is below zero or absurdly large"),
)
CREATED = (
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "created is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created lies in the future"),
)
STATUS = Check(NOT_NULL, "status", {}, QUARANTINE, "status is missing")
HAS_AMOUNT = Check(NOT_NULL, "amount", {}, QUARANTINE, "amount is missing or no number")

INVOICE_PAYMENTS = (
    OWN_KEY,
    Check(NOT_NULL, "invoice_id", {}, QUARANTINE, "the payment names no invoice"),
    STATUS,
    Check(IN_SET, "status", PARTS, QUARANTINE, "unknown status"),
    *MONEY,
    Check(IN_SET, "paid_has_amount", TRUE, QUARANTINE, "paid, but amount_paid is no number"),
    *CREATED,
    Check(IN_SET, "paid_is_time", TRUE, QUARANTINE, "paid_at is no time"),
)
CHARGED = (
    OWN_KEY,
    STATUS,
    Check(IN_SET, "status", CHARGES, QUARANTINE, "unknown status"),
    *MONEY,
    HAS_AMOUNT,
    *CREATED,
)
REFUNDED = (
    OWN_KEY,
    STATUS,
    Check(IN_SET, "status", REFUNDS, QUARANTINE, "unknown status"),
    *MONEY,
    HAS_AMOUNT,
    *CREATED,
)

STRIPE_PAYMENTS = (
    Suite("raw", "stripe_invoice_payments", KEYS, INVOICE_PAYMENTS),
    Suite("raw", "stripe_charges", KEYS, CHARGED),
    Suite("raw", "stripe_refunds", KEYS, REFUNDED),
)
