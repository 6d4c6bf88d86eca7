#!/usr/bin/env python3
"""Deletes one organization as others would: delete.py WAY DATABASE-URL SLUG

WAY is `cascade` (foreign keys say ON DELETE CASCADE, and one statement deletes the organization), `django` (Django's
`delete()` of the organization) or `django-objects` (a loop that deletes objects one by one, the first OBJECTS of them).
Prints one line of JSON: seconds, and the most memory that this process had.
"""

import json
import resource
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import django
from django.conf import settings

# As many as show the speed of the loop; all of a million would take most of an hour.
OBJECTS = 10_000
# The pragmas that qliento works with, so that the same bytes are overwritten.
SQLITE = """
PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA secure_delete = on; PRAGMA temp_store = memory;
"""
USERS_OF_NOBODY = "DELETE FROM users WHERE NOT EXISTS (SELECT 1 FROM memberships WHERE user_id = users.id)"
SESSIONS = "DELETE FROM sessions WHERE user_id IN (SELECT user_id FROM memberships WHERE organization_id = %s)"


def database(url):
    """Django's settings for one of our addresses."""
    if url.startswith("sqlite:"):
        options = {"init_command": SQLITE, "transaction_mode": "IMMEDIATE", "timeout": 60}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:"), "OPTIONS": options}
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": query.get("user", unquote(parts.username or "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", unquote(parts.hostname or "")),
        "PORT": query.get("port", str(parts.port or "")),
    }


def let_deletes_cascade(cursor, vendor):
    """Rewrites every foreign key of the schema; this is not measured."""
    if vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES%'")
        tables = cursor.fetchall()
        cursor.execute("PRAGMA writable_schema = on")
        for name, sql in tables:
            cursor.execute("UPDATE sqlite_master SET sql = %s WHERE name = %s", [cascading(sql), name])
        cursor.execute("PRAGMA writable_schema = reset")
        return
    cursor.execute(
        """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
           WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace"""
    )
    for table, name, definition in cursor.fetchall():
        if "ON DELETE" not in definition:
            cursor.execute(
                f'ALTER TABLE {table} DROP CONSTRAINT "{name}", ADD CONSTRAINT "{name}" {definition} ON DELETE CASCADE'
            )


def cascading(sql):
    """The statement that made a table, with ON DELETE CASCADE behind each reference that has no rule yet."""
    import re

    return re.sub(r"(REFERENCES \w+ \([^)]*\))(?! ON DELETE)", r"\1 ON DELETE CASCADE", sql)


def by_cascade(connection, slug):
    from django.db import transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM organizations WHERE slug = %s", [slug])
        (organization,) = cursor.fetchone()
        began = time.perf_counter()
        with transaction.atomic():
            cursor.execute(SESSIONS, [organization])
            cursor.execute("DELETE FROM organizations WHERE id = %s", [organization])
            cursor.execute(USERS_OF_NOBODY)
        return began


def by_django(connection, slug):
    from django.db import transaction
    from peer.models import Organization, User

    organization = Organization.objects.get(slug=slug)
    began = time.perf_counter()
    with transaction.atomic():
        organization.delete()
        User.objects.filter(memberships__isnull=True).delete()
    return began


def by_objects(connection, slug):
    from peer.models import OF_ORGANIZATION, Organization

    organization = Organization.objects.get(slug=slug)
    began = time.perf_counter()
    left = OBJECTS
    for model in OF_ORGANIZATION:
        for found in list(model.objects.filter(organization=organization)[:left]):
            found.delete()
            left -= 1
    return began


def main():
    way, url, slug = sys.argv[1:]
    sys.path.insert(0, str(Path(__file__).parent))
    settings.configure(
        DATABASES={"default": database(url)}, INSTALLED_APPS=["peer"], DEBUG=False, USE_TZ=True
    )
    django.setup()
    from django.db import connection

    if way == "cascade":
        with connection.cursor() as cursor:
            let_deletes_cascade(cursor, connection.vendor)
        connection.close()  # the schema is read anew
    ways = {"cascade": by_cascade, "django": by_django, "django-objects": by_objects}
    began = ways[way](connection, slug)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_rss_mib": peak}))


main()
