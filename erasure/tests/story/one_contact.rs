//! One person's data goes from one organization, and nothing else.

use erasure::{
    contact::{self, Contact, ContactErasure, ContactError, holders},
    db::Backend,
    engine::Confirmed,
    graph::simulated::Outage,
    id::Capability,
    locale::Locale,
    person::Identity,
};

use crate::harness::{World, hours};

/// The tables in which a contact's rows lie, each with how they are found.
const OF_CONTACT: [(&str, &str); 10] = [
    ("contacts", "id = '{c}'"),
    ("contact_identities", "contact_id = '{c}'"),
    ("conversations", "contact_id = '{c}'"),
    ("messages", "conversation_id IN ({t})"),
    (
        "media_files",
        "message_id IN (SELECT id FROM messages WHERE conversation_id IN ({t}))",
    ),
    ("flow_runs", "contact_id = '{c}'"),
    ("campaign_recipients", "contact_id = '{c}'"),
    ("scheduled_sends", "contact_id = '{c}'"),
    ("ai_traces", "contact_id = '{c}'"),
    ("analytics_events", "contact_id = '{c}'"),
];

fn number(digits: &str) -> Identity {
    Identity::stored("phone", digits).unwrap()
}

/// A contact with something in every table, known by a number.
struct Someone {
    contact: Contact,
    phone: String,
    talks: String,
}

impl Someone {
    async fn of(world: &World, slug: &str) -> Self {
        let organization = world.organization(slug).await;
        let id = world
            .text(&format!(
                "SELECT t.contact_id FROM conversations AS t
                 JOIN messages AS m ON m.organization_id = t.organization_id AND m.conversation_id = t.id
                 JOIN media_files AS f ON f.organization_id = m.organization_id AND f.message_id = m.id
                 WHERE t.organization_id = '{organization}' ORDER BY t.contact_id LIMIT 1"
            ))
            .await;
        let phone = world
            .text(&format!(
                "SELECT value FROM contact_identities WHERE organization_id = '{organization}' AND contact_id = '{id}' AND kind = 'phone'"
            ))
            .await;
        for (table, columns) in [
            ("flow_runs", "flow_id, state, started_at"),
            ("scheduled_sends", "body, due_at"),
            ("ai_traces", "agent_id, prompt, answer, created_at"),
            ("analytics_events", "user_id, name, properties, occurred_at"),
        ] {
            world
                .write(&format!(
                    "INSERT INTO {table} (organization_id, id, contact_id, {columns})
                     SELECT organization_id, 'of-{slug}-{table}', '{id}', {columns} FROM {table}
                     WHERE organization_id = '{organization}' ORDER BY id LIMIT 1"
                ))
                .await;
        }
        world
            .write(&format!(
                "INSERT INTO campaign_recipients (organization_id, campaign_id, contact_id, address, state)
                 SELECT organization_id, id, '{id}', '{phone}', 'sent' FROM campaigns WHERE organization_id = '{organization}' ORDER BY id LIMIT 1
                 ON CONFLICT DO NOTHING"
            ))
            .await;
        let contact = holders(&world.services.db, &number(&phone))
            .await
            .unwrap()
            .into_iter()
            .find(|contact| contact.organization.as_str() == organization)
            .unwrap();
        let talks = format!("SELECT id FROM conversations WHERE contact_id = '{id}'");
        Self {
            contact,
            phone,
            talks,
        }
    }

    async fn rows(&self, world: &World, table: &str, condition: &str) -> i64 {
        let condition = condition
            .replace("{c}", self.contact.id.as_str())
            .replace("{t}", &self.talks);
        world
            .number(&format!("SELECT count(*) FROM {table} WHERE {condition}"))
            .await
    }

    async fn ask(&self, world: &World) -> Result<Confirmed, ContactError> {
        let mut tx = world.services.db.begin().await.unwrap();
        let erasure = ContactErasure {
            contact: &self.contact,
            recipient: None,
            locale: Locale::Fr,
        };
        let confirmed = contact::erase(&mut tx, &world.services, &erasure).await?;
        tx.commit().await.unwrap();
        Ok(confirmed)
    }

    async fn capability(&self, world: &World) -> Capability {
        self.ask(world).await.unwrap().capability
    }
}

#[tokio::test]
async fn everything_about_one_person_goes_from_every_table_and_from_the_files() {
    let world = World::with_organizations(1).await;
    let someone = Someone::of(&world, "org-1").await;
    let file = world
        .text(&format!(
            "SELECT id FROM media_files WHERE message_id IN (SELECT id FROM messages WHERE conversation_id IN ({}))",
            someone.talks
        ))
        .await;
    let organization = &someone.contact.organization;
    let media = &world.services.media;
    assert!(media.has(organization, &file).await.unwrap());
    for (table, condition) in OF_CONTACT {
        assert!(someone.rows(&world, table, condition).await > 0, "{table}");
    }

    world.write("ANALYZE").await; // planners like to remember

    let capability = someone.capability(&world).await;
    let receipt = world.complete(&capability).await;

    for (table, condition) in OF_CONTACT {
        assert_eq!(someone.rows(&world, table, condition).await, 0, "{table}");
    }
    assert!(!media.has(organization, &file).await.unwrap());
    assert!(media.count(organization).await.unwrap() > 0);
    assert_eq!(world.bytes_left(&someone.phone).await, 0);
    assert!(receipt.categories.iter().all(|row| row.found == row.erased));
    world.settle().await;
}

#[tokio::test]
async fn the_rest_of_the_organization_and_another_one_with_the_same_person_stay_whole() {
    let world = World::with_organizations(2).await;
    let someone = Someone::of(&world, "org-1").await;
    let theirs = world.organization("org-2").await;
    world
        .write(&format!(
            "INSERT INTO contact_identities SELECT '{theirs}', 'phone', '{}', id FROM contacts WHERE organization_id = '{theirs}'
             ORDER BY id LIMIT 1",
            someone.phone
        ))
        .await;
    let (ours, before) = (
        world.organization("org-1").await,
        world.everything_of(&theirs).await,
    );
    let rows_before = world.rows_of(&ours).await;
    let mut gone = std::collections::BTreeMap::new();
    for (table, condition) in OF_CONTACT {
        gone.insert(table, someone.rows(&world, table, condition).await);
    }

    let capability = someone.capability(&world).await;
    world.complete(&capability).await;

    assert_eq!(world.everything_of(&theirs).await, before);
    let mut rows = world.rows_of(&ours).await;
    rows.remove("suppressions"); // keeps the person away, and names nobody
    for (table, rows) in rows {
        let went = gone.get(table.as_str()).copied().unwrap_or_default();
        assert_eq!(rows, rows_before[&table] - went, "{table}");
    }
    let left = holders(&world.services.db, &number(&someone.phone))
        .await
        .unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].organization.as_str(), theirs);
}

#[tokio::test]
async fn copies_of_the_number_in_other_records_are_emptied_and_the_records_stay() {
    let world = World::with_organizations(2).await;
    let someone = Someone::of(&world, "org-1").await;
    let (ours, theirs) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let spaced: Vec<_> = someone.phone.chars().map(String::from).collect();
    let details = format!(
        r#"{{"exported":["+{}","x"],"by":"{}"}}"#,
        spaced.join(" "),
        someone.phone
    );
    for organization in [&ours, &theirs] {
        world
            .write(&format!(
                "UPDATE audit_events SET details = '{details}' WHERE organization_id = '{organization}'"
            ))
            .await;
    }
    let body = format!("Marie: {}", someone.phone);
    let another = world
        .text(&format!(
            "SELECT id FROM messages WHERE organization_id = '{ours}' AND conversation_id NOT IN ({}) ORDER BY id LIMIT 1",
            someone.talks
        ))
        .await;
    world
        .write(&format!(
            "UPDATE messages SET body = '{body}' WHERE id = '{another}'"
        ))
        .await;

    let capability = someone.capability(&world).await;
    world.complete(&capability).await;

    assert_eq!(
        world
            .texts(&format!(
                "SELECT DISTINCT details FROM audit_events WHERE organization_id = '{ours}'"
            ))
            .await,
        [r#"{"by":"[erased]","exported":["[erased]","x"]}"#]
    );
    assert_eq!(
        world
            .texts(&format!(
                "SELECT DISTINCT details FROM audit_events WHERE organization_id = '{theirs}'"
            ))
            .await,
        [details]
    );
    assert_eq!(
        world
            .text(&format!("SELECT body FROM messages WHERE id = '{another}'"))
            .await,
        body,
        "what somebody else wrote is theirs"
    );
}

#[tokio::test]
async fn nothing_can_be_written_about_somebody_who_is_being_erased() {
    let world = World::with_organizations(1).await;
    let someone = Someone::of(&world, "org-1").await;
    someone.capability(&world).await;
    let catalog = world.services.db.catalog().await.unwrap();

    for (table, condition) in OF_CONTACT {
        if table == "contacts" {
            continue;
        }
        let columns: Vec<_> = catalog.tables[table]
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let columns = columns.join(", ");
        let condition = condition
            .replace("{c}", someone.contact.id.as_str())
            .replace("{t}", &someone.talks);
        let copied = world
            .try_write(&format!(
                "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {condition} LIMIT 1"
            ))
            .await;
        let message = format!("{:?}", copied.unwrap_err());
        assert!(
            message.contains("the contact is frozen"),
            "{table}: {message}"
        );
    }
}

#[tokio::test]
async fn a_contact_is_erased_once_and_only_while_its_organization_is_there() {
    let world = World::with_organizations(2).await;
    let (first, second) = (
        Someone::of(&world, "org-1").await,
        Someone::of(&world, "org-2").await,
    );
    let owner = world.owner("org-2").await;

    let capability = first.capability(&world).await;
    assert!(matches!(
        first.ask(&world).await,
        Err(ContactError::NotHeld)
    ));
    world.complete(&capability).await;
    assert!(matches!(
        first.ask(&world).await,
        Err(ContactError::NotHeld)
    ));

    world.confirm_deletion(&owner).await;
    assert!(matches!(
        second.ask(&world).await,
        Err(ContactError::NotHeld)
    ));
}

#[tokio::test]
async fn an_organization_can_go_while_one_of_its_contacts_is_going() {
    let world = World::with_organizations(1).await;
    let someone = Someone::of(&world, "org-1").await;
    let capability = someone.capability(&world).await;
    let owner = world.owner("org-1").await;

    let of_all = world.confirm_deletion(&owner).await;

    world.complete(&of_all).await;
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn a_contact_may_take_rows_that_were_counted_for_its_organization() {
    let world = World::with_organizations(1).await;
    let someone = Someone::of(&world, "org-1").await;
    let theirs = &someone.contact.id;
    world
        .write(&format!(
            "DELETE FROM scheduled_sends WHERE contact_id <> '{theirs}'"
        ))
        .await;
    let of_one = someone.capability(&world).await;
    world
        .write("UPDATE jobs SET due_at = due_at + 3600000") // its worker is slow
        .await;
    let owner = world.owner("org-1").await;

    world.graph.set_outage(Outage::Down);
    let of_all = world.confirm_deletion(&owner).await;
    world.run_due_jobs().await;
    let counted = "SELECT coalesce(max(expected), 0) FROM erasure_steps WHERE target = 'scheduled_sends.organization_id'";
    assert!(world.number(counted).await > 0);

    world.advance(hours(1));
    world.complete(&of_one).await;
    world.graph.set_outage(Outage::None);
    world.advance(hours(1));
    world.complete(&of_all).await;
    assert_eq!(world.number(counted).await, 0);
    world.settle().await;
}

#[tokio::test]
async fn what_names_somebody_is_sealed_while_it_is_needed_and_then_destroyed() {
    let world = World::with_organizations(1).await;
    let someone = Someone::of(&world, "org-1").await;
    let kept = "SELECT count(*) FROM erasure_identifiers";

    let capability = someone.capability(&world).await;
    assert_eq!(world.number(kept).await, 1);
    let hexadecimal = match world.services.db.backend() {
        Backend::Sqlite => "hex(sealed)",
        Backend::Postgres => "encode(sealed, 'hex')",
    };
    let sealed = world
        .text(&format!("SELECT {hexadecimal} FROM erasure_identifiers"))
        .await;
    let bytes: Vec<_> = someone
        .phone
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert!(!sealed.to_lowercase().contains(&bytes.concat()));

    world.complete(&capability).await;
    assert_eq!(world.number(kept).await, 0);
}

#[tokio::test]
async fn a_copy_that_another_program_writes_behind_the_search_is_found_by_the_read_back() {
    let world = World::with_organizations(1).await;
    let someone = Someone::of(&world, "org-1").await;
    let statement = format!(
        "UPDATE audit_events SET details = '{{\"number\":\"{}\"}}'",
        someone.phone
    );
    world
        .whenever_done("audit_events.details", 1, &statement)
        .await;

    let capability = someone.capability(&world).await;
    world.complete(&capability).await;

    let left = format!(
        "SELECT count(*) FROM audit_events WHERE details LIKE '%{}%'",
        someone.phone
    );
    assert_eq!(world.number(&left).await, 0);
    assert!(
        world
            .number("SELECT erased FROM erasure_steps WHERE stage = 'verify'")
            .await
            > 0
    );
}
