"""The fields that can be searched for, against the published lists (API description 2.16)."""

import pytest

CONTACT_FIELDS = """
id role name avatar owner_id email email_domain phone formatted_phone external_id created_at
signed_up_at updated_at last_seen_at last_contacted_at last_replied_at last_email_opened_at
last_email_clicked_at language_override browser browser_language os location.country
location.region location.city unsubscribed_from_emails marked_email_as_spam has_hard_bounced
ios_last_seen_at ios_app_version ios_device ios_app_device ios_os_version ios_app_name
ios_sdk_version android_last_seen_at android_app_version android_device android_app_name
andoid_sdk_version segment_id tag_id
"""
CONVERSATION_FIELDS = """
id created_at updated_at source.type source.id source.delivered_as source.subject source.body
source.author.id source.author.type source.author.name source.author.email source.url contact_ids
teammate_ids admin_assignee_id team_assignee_id channel_initiated open read state waiting_since
snoozed_until tag_ids priority statistics.time_to_assignment statistics.time_to_admin_reply
statistics.time_to_first_close statistics.time_to_last_close statistics.median_time_to_reply
statistics.first_contact_reply_at statistics.first_assignment_at statistics.first_admin_reply_at
statistics.first_close_at statistics.last_assignment_at statistics.last_assignment_admin_reply_at
statistics.last_contact_reply_at statistics.last_admin_reply_at statistics.last_close_at
statistics.last_closed_by_id statistics.count_reopens statistics.count_assignments
statistics.count_conversation_parts conversation_rating.requested_at conversation_rating.replied_at
conversation_rating.score conversation_rating.remark conversation_rating.contact_id
conversation_rating.admin_d ai_agent_participated ai_agent.resolution_state
ai_agent.last_answer_type ai_agent.rating ai_agent.rating_remark ai_agent.source_type
ai_agent.source_title
"""
TICKET_FIELDS = """
id created_at updated_at title description category ticket_type_id contact_ids teammate_ids
admin_assignee_id team_assignee_id open state snoozed_until ticket_attribute.165
"""
FLAGS = {"open", "read", "ai_agent_participated", "has_hard_bounced"}
FLAGS |= {"unsubscribed_from_emails", "marked_email_as_spam"}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("contacts", CONTACT_FIELDS),
        ("conversations", CONVERSATION_FIELDS),
        ("tickets", TICKET_FIELDS),
    ],
)
def test_every_published_field_can_be_searched_for(client, kind, fields):
    for name in fields.split():
        value = "true" if name in FLAGS else "1"
        assert "total_count" in client.find(kind, (name, "=", value)), name


def ids(client, kind, *filters):
    rows = client.find(kind, *filters)
    return sorted(row["id"] for row in rows["data" if kind == "contacts" else kind])


def test_the_first_message_is_searched_word_by_word(client):
    every = ["8801", "8802", "8803"]
    assert ids(client, "conversations", ("source.body", "=", "Export")) == every
    assert ids(client, "conversations", ("source.body", "~", "xpor")) == every
    assert ids(client, "conversations", ("source.body", "=", "Export fails")) == []
    assert ids(client, "conversations", ("source.body", "!=", "fails")) == []


def test_who_closed_and_who_rated_can_be_searched_for(client):
    shown = client.get("/conversations/8801")
    closer = shown["statistics"]["last_closed_by_id"]
    assert ids(client, "conversations", ("statistics.last_closed_by_id", "=", closer)) == ["8801"]
    rated = client.get("/conversations/8802")["conversation_rating"]
    by, about = rated["contact"]["id"], rated["teammate"]["id"]
    assert ids(client, "conversations", ("conversation_rating.contact_id", "=", by)) == ["8802"]
    assert "8802" in ids(client, "conversations", ("conversation_rating.admin_d", "=", about))


def test_what_no_contact_has_is_found_by_its_absence_alone(client):
    everybody = ids(client, "contacts", ("created_at", ">", 0))
    for name in ("browser", "location.city", "ios_device", "language_override", "segment_id"):
        assert ids(client, "contacts", (name, "=", "x")) == []
        assert ids(client, "contacts", (name, "!=", "x")) == everybody
    for operator in ("IN", "NIN", "~"):
        query = {"field": "tag_id", "operator": operator, "value": ["1"]}
        refused = client.refused("/contacts/search", "POST", json={"query": query})
        assert refused == (400, "parameter_invalid")


def test_tickets_are_searched_by_the_words_for_categories_and_from_a_moment_on(client):
    assert ids(client, "tickets", ("category", "=", "request")) == ["8803"]
    assert ids(client, "tickets", ("category", "=", "Customer")) == []
    made = client.get("/tickets/8803")["created_at"]
    for operator in (">=", "<="):
        assert ids(client, "tickets", ("created_at", operator, made)) == ["8803"]
    query = {"field": "updated_at", "operator": ">=", "value": made}
    assert client.refused("/tickets/search", "POST", json={"query": query})[0] == 400
    assert ids(client, "tickets", ("description", "=", "x")) == []
