from sqlalchemy import text

from include.warehouse.database import transaction
from include.warehouse.migrate import upgrade

INVOICES = """
insert into core.invoice (
    source, invoice_id, customer_id, status, currency, amount_due_minor, amount_remaining_minor,
    created_at
) values
('stripe', 'in_1', 'cus_1', 'open', 'mga', 5000, 3000, now()),
('stripe', 'in_2', 'cus_1', 'open', 'EUR', 5000, 3000, now()),
('stripe', 'in_3', 'cus_1', 'open', 'jpy', 5000, 3000, now())
"""


def test_amounts_of_an_older_store_keep_their_worth(empty):
    upgrade(empty, "0002")
    with transaction(empty) as connection:
        connection.execute(text(INVOICES))
    upgrade(empty)
    with transaction(empty) as connection:
        rows = connection.execute(
            text(
                "select currency, amount_due_minor * minor_unit, "
                "amount_remaining_minor * minor_unit "
                "from core.invoice join core.currency on code = currency order by invoice_id"
            )
        ).all()
    assert rows == [("mga", 5000, 3000), ("eur", 50, 30), ("jpy", 5000, 3000)]
