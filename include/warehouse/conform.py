"""From what vendors sent to typed facts, and from facts to links between systems."""

from sqlalchemy import Connection, Engine, text

from include.settings import Settings
from include.vendor_settings import Source
from include.warehouse.attributes import learn_attributes
from include.warehouse.database import query, transaction
from include.warehouse.domains import learn_domains
from include.warehouse.entries import place_entries
from include.warehouse.links import link
from include.warehouse.money import load_rates
from include.warehouse.terms import write_terms

# Which statements turn the streams of a vendor into facts, in the order they run.
FACTS: dict[str, tuple[tuple[str, str], ...]] = {
    "hubspot": (
        ("owners", "facts/hubspot_owners"),
        ("companies", "facts/hubspot_companies"),
        ("companies", "facts/hubspot_pulses"),
        ("companies", "facts/hubspot_override_words"),
        ("contacts", "facts/hubspot_left_contacts"),
        ("contacts", "facts/hubspot_placed_contacts"),
        ("contacts", "facts/hubspot_contact_roles"),
        ("contacts", "facts/hubspot_contacts"),  # last: the others ask where a contact was before
        ("meetings", "facts/hubspot_meetings"),
        ("deals", "facts/hubspot_deals"),
        ("deals", "facts/hubspot_merged_deals"),
        ("feedback_submissions", "facts/hubspot_feedback_submissions"),
        ("feedback_submissions", "facts/hubspot_answer_accounts"),
    ),
    "salesforce": (
        ("users", "facts/salesforce_users"),
        ("accounts", "facts/salesforce_accounts"),
        ("accounts", "facts/salesforce_merges"),
        ("account_history", "facts/salesforce_account_history"),
        ("account_history", "facts/salesforce_changed_pulses"),
        ("accounts", "facts/salesforce_seen_pulses"),
        ("accounts", "facts/salesforce_override_words"),
        ("contacts", "facts/salesforce_contact_places"),
        ("contacts", "facts/salesforce_contacts"),  # after it: it asks where a contact was before
        ("contact_roles", "facts/salesforce_contact_roles"),
        ("opportunities", "facts/salesforce_opportunities"),
        ("events", "facts/salesforce_events"),
        ("tasks", "facts/salesforce_tasks"),
    ),
    "zendesk": (
        ("organizations", "facts/zendesk_organizations"),
        ("users", "facts/zendesk_users"),
        ("tickets", "facts/zendesk_tickets"),
        ("satisfaction_ratings", "facts/zendesk_satisfaction_ratings"),
    ),
    "intercom": (
        ("companies", "facts/intercom_companies"),
        ("contacts", "facts/intercom_contacts"),
        ("conversations", "facts/intercom_conversations"),
        ("tickets", "facts/intercom_tickets"),
        ("deleted_conversations", "facts/intercom_deleted_conversations"),
        ("contacts", "facts/intercom_conversation_companies"),
        ("conversations", "facts/intercom_ratings"),
    ),
    "stripe": (
        ("customers", "facts/stripe_customers"),
        ("subscriptions", "facts/stripe_subscriptions"),
        ("invoices", "facts/stripe_invoices"),
        ("invoice_payments", "facts/stripe_invoice_intents"),
        ("invoice_payments", "facts/stripe_invoice_payments"),
        ("charges", "facts/stripe_charges"),
        ("refunds", "facts/stripe_refunds"),
        ("invoice_payments", "facts/stripe_payment_invoices"),
    ),
    "chargebee": (
        ("customers", "facts/chargebee_customers"),
        ("subscriptions", "facts/chargebee_subscriptions"),
        ("subscriptions", "facts/chargebee_deleted_subscriptions"),
        ("invoices", "facts/chargebee_invoices"),
        ("invoices", "facts/chargebee_deleted_invoices"),
        ("transactions", "facts/chargebee_ended_payments"),
        ("transactions", "facts/chargebee_payments"),
    ),
    "posthog": (("usage_day", "facts/posthog_usage_day"),),
    "mixpanel": (("usage_day", "facts/usage_parts"),),
    "amplitude": (("usage_day", "facts/usage_parts"),),
    "inputs": (("rows", "facts/manual_entries"),),
    "warehouse": (
        ("usage_day", "facts/posthog_usage_day"),
        ("tickets", "facts/warehouse_organizations"),
        ("tickets", "facts/warehouse_tickets"),
        ("survey_answers", "facts/warehouse_organizations"),
        ("survey_answers", "facts/warehouse_requesters"),
        ("survey_answers", "facts/warehouse_survey_answers"),
        ("subscriptions", "facts/warehouse_customers"),
        ("subscriptions", "facts/warehouse_subscriptions"),
        ("invoices", "facts/warehouse_customers"),
        ("invoices", "facts/warehouse_invoices"),
        ("touches", "facts/warehouse_touches"),
        ("measures", "facts/manual_entries"),
    ),
}


def conform(engine: Engine, settings: Settings) -> dict[str, int]:
    """Turn every landed, accepted record into facts and link them to accounts.

    One transaction: a kill in the middle leaves all records waiting. Counts the rows of facts
    written, the rates there are and the days on which another one is in force than before, the
    host names seen for the first time, what became of links (see links.link), and the manual
    inputs, attributes and terms that changed.
    """
    with transaction(engine) as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext('health conform'))"))
        _keep_calendar(connection, settings.time_zone)
        waiting = connection.execute(query("facts/waiting_batches")).scalars().all()
        facts = sum(_write_facts(connection, source, settings) for source in settings.sources)
        _show_sizes(connection)
        rates = load_rates(connection, settings)
        domains = learn_domains(connection, settings.identity.free_mail_extra)
        links = link(connection, settings)
        entries = place_entries(connection)
        attributes = learn_attributes(connection, settings)
        terms = write_terms(connection, settings)
        connection.execute(query("facts/mark_conformed"), {"batches": list(waiting)})
        _show_sizes(connection)
    counts = {"facts": facts, **rates, "domains": domains, **links}
    return {**counts, "entries": entries, "attributes": attributes, "terms": terms}


def _keep_calendar(connection: Connection, time_zone: str) -> None:
    """Tell the store where days end; plain days of vendors are moments there, and made again."""
    changed = connection.execute(query("attributes/write_calendar"), {"time_zone": time_zone})
    if changed.rowcount:
        connection.execute(query("facts/read_days_again"))


def _show_sizes(connection: Connection) -> None:
    """Let the planner see the tables that a first run has filled; autovacuum sees to all others.

    It takes a table that nobody analyzed for a small one, and what follows begins at once.
    """
    for table in connection.execute(query("facts/never_analyzed")).scalars().all():
        connection.exec_driver_sql(f"analyze {table}")


def _write_facts(connection: Connection, source: Source, settings: Settings) -> int:
    binds = {
        "source": source.name,
        "crm": settings.crm_source.name,
        **source.binds(settings.currency),
    }
    written = 0
    for stream, statement in FACTS[source.vendor]:
        found = connection.execute(
            query("facts/stream_id"), {"source": source.name, "stream": stream}
        ).scalar()
        if found is not None:
            binds["stream_id"] = found
            written += connection.execute(query(statement), binds).rowcount
    return written
