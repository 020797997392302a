"""Intercom's JSON of each kind of record: the attributes of the published API description 2.16."""

from sandbox.vendors.intercom_rows import ADMIN_ID, AGENTS, TEAM_ID, Row

APP_ID = "sandbox1"
# What a company has only where it was set.
OPTIONAL = ("remote_created_at", "size", "industry", "website")
INLINE = 10  # of a contact's companies; the others are at the list's url
NOTHING = {"type": "list", "data": [], "total_count": 0, "has_more": False}
USUAL_CONTACT: Row = {
    "phone": None,
    "avatar": None,
    "owner_id": None,
    "social_profiles": {"type": "list", "data": []},
    "has_hard_bounced": False,
    "marked_email_as_spam": False,
    "unsubscribed_from_emails": False,
    "last_contacted_at": None,
    "last_email_opened_at": None,
    "last_email_clicked_at": None,
    "language_override": None,
    "browser": None,
    "browser_version": None,
    "browser_language": None,
    "os": None,
    "location": {
        "type": "location",
        "country": None,
        "region": None,
        "city": None,
        "country_code": None,
        "continent_code": None,
    },
    "android_app_name": None,
    "android_app_version": None,
    "android_device": None,
    "android_os_version": None,
    "android_sdk_version": None,
    "android_last_seen_at": None,
    "ios_app_name": None,
    "ios_app_version": None,
    "ios_device": None,
    "ios_os_version": None,
    "ios_sdk_version": None,
    "ios_last_seen_at": None,
    "custom_attributes": {},
    "utm_campaign": None,
    "utm_content": None,
    "utm_medium": None,
    "utm_source": None,
    "utm_term": None,
    "referrer": None,
}


def company(row: Row, users: int, segments: list[Row]) -> Row:
    set_ones = {name: row[name] for name in OPTIONAL if row[name] is not None}
    return {
        "type": "company",
        "company_id": row["company_id"],
        "id": row["id"],
        "app_id": APP_ID,
        "name": row["name"],
        **set_ones,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "last_request_at": row["updated_at"],
        "monthly_spend": row["monthly_spend"],
        "session_count": users * 12,
        "user_count": users,
        "tags": {"type": "tag.list", "tags": []},
        "segments": {
            "type": "segment.list",
            "segments": [one for one in segments if one["name"] == row["segment"]],
        },
        "plan": {"type": "plan", "id": "1", "name": row["plan"]} if row["plan"] else {},
        "custom_attributes": row["custom_attributes"],
    }


def contact(row: Row) -> Row:
    url, ids = f"/contacts/{row['id']}", row["company_ids"]
    companies = [{"type": "company", "id": one, "url": f"/companies/{one}"} for one in ids[:INLINE]]
    return {
        "type": "contact",
        "id": row["id"],
        "workspace_id": APP_ID,
        "external_id": row["external_id"],
        "role": row["role"],
        "email": row["email"],
        "email_domain": (row["email"] or "").rpartition("@")[2] or None,
        "name": row["name"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "signed_up_at": row["created_at"] if row["role"] == "user" else None,
        "last_seen_at": row["updated_at"],
        "last_replied_at": row["last_replied_at"],
        **USUAL_CONTACT,
        "tags": NOTHING | {"url": f"{url}/tags"},
        "notes": NOTHING | {"url": f"{url}/notes"},
        "companies": {
            "type": "list",
            "data": companies,
            "url": f"{url}/companies",
            "total_count": len(ids),
            "has_more": len(ids) > INLINE,
        },
        "opted_out_subscription_types": NOTHING | {"url": f"{url}/subscriptions"},
        "opted_in_subscription_types": NOTHING | {"url": f"{url}/subscriptions"},
    }


def admin(place: int) -> Row:
    person = teammate(ADMIN_ID + place)
    return person | {
        "job_title": "Support",
        "away_mode_enabled": False,
        "away_mode_reassign": False,
        "has_inbox_seat": True,
        "away_status_reason_id": None,
        "team_ids": [TEAM_ID],
    }


def teammate(admin_id: int) -> Row:
    name, local = AGENTS[admin_id - ADMIN_ID]
    return {"type": "admin", "id": str(admin_id), "name": name, "email": f"{local}@kite.example"}


def team() -> Row:
    ids = [ADMIN_ID + place for place in range(len(AGENTS))]
    named = {"type": "team", "id": str(TEAM_ID), "name": "Support", "admin_ids": ids}
    return named | {"distribution_method": "round_robin"}
