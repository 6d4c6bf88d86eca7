"""The platform's tables as somebody would write them for Django, as far as a deletion needs them.

Leaves first: Django deletes in this order what it can delete without loading it, and the foreign keys are checked at once.
"""

from django.db import models

LEAVES_FIRST = [
    ("media_files", ["id"]),
    ("messages", ["conversation_id", "id"]),
    ("conversations", ["id"]),
    ("contact_identities", ["kind", "value"]),
    ("campaign_recipients", ["campaign_id", "contact_id"]),
    ("campaigns", ["id"]),
    ("message_templates", ["id"]),
    ("scheduled_sends", ["id"]),
    ("flow_runs", ["id"]),
    ("flows", ["id"]),
    ("ai_traces", ["id"]),
    ("ai_agent_documents", ["id"]),
    ("ai_agents", ["id"]),
    ("analytics_events", ["id"]),
    ("contacts", ["id"]),
    ("whatsapp_profiles", ["id"]),
    ("usage_counters", ["metric", "period"]),
    ("invoice_lines", ["invoice_id", "position"]),
    ("invoices", ["id"]),
    ("security_events", ["id"]),
    ("audit_events", ["id"]),
    ("api_keys", ["id"]),
]


class Organization(models.Model):
    id = models.TextField(primary_key=True)
    slug = models.TextField()

    class Meta:
        managed = False
        db_table = "organizations"


class User(models.Model):
    id = models.TextField(primary_key=True)

    class Meta:
        managed = False
        db_table = "users"


def of_organization(table, key):
    """A model whose rows belong to one organization, and are named within it."""
    organization = models.ForeignKey(Organization, models.CASCADE, db_column="organization_id", related_name="+")
    fields = {name: models.TextField() for name in key}
    meta = type("Meta", (), {"managed": False, "db_table": table})
    fields |= {"pk": models.CompositePrimaryKey("organization_id", *key), "organization": organization}
    name = table.title().replace("_", "")
    return type(name, (models.Model,), fields | {"Meta": meta, "__module__": __name__})


OF_ORGANIZATION = [of_organization(table, key) for table, key in LEAVES_FIRST]


class DataKey(models.Model):
    id = models.TextField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, null=True)

    class Meta:
        managed = False
        db_table = "data_keys"


class Session(models.Model):
    id = models.TextField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)

    class Meta:
        managed = False
        db_table = "sessions"


class Membership(models.Model):
    pk = models.CompositePrimaryKey("organization_id", "user_id")
    organization = models.ForeignKey(Organization, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")

    class Meta:
        managed = False
        db_table = "memberships"
