//! Taking one's data along: everything of an owner, one's own of anybody else, whole or not at all.

use std::{collections::BTreeMap, fs, io::Read as _};

use erasure::{
    account,
    db::Backend,
    export::{self, Export, ExportError, Interrupted},
    manifest::Group,
    network::Network,
    session::Session,
};
use rawzip::{CompressionMethod, ZipArchive};
use serde_json::Value;

use crate::harness::{MARKER, World, minutes};

pub(crate) async fn begin(world: &World, session: &Session) -> Result<Export, ExportError> {
    export::begin(&world.services, session, &Network::unknown()).await
}

pub(crate) async fn collect(mut export: Export) -> Result<Vec<u8>, Interrupted> {
    let mut zip = Vec::new();
    while let Some(piece) = export.next().await {
        zip.extend(piece?);
    }
    Ok(zip)
}

/// The files of a ZIP by their names, each checked against its own sum.
pub(crate) fn unpack(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let archive = ZipArchive::from_slice(zip).unwrap();
    let mut entries = archive.entries();
    let mut files = BTreeMap::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let name = entry
            .file_path()
            .try_normalize()
            .unwrap()
            .as_ref()
            .to_owned();
        let body = archive.get_entry(entry.wayfinder()).unwrap();
        let mut content = Vec::new();
        if entry.compression_method() == CompressionMethod::DEFLATE {
            let inflated = flate2::read::DeflateDecoder::new(body.data());
            body.verifying_reader(inflated)
                .read_to_end(&mut content)
                .unwrap();
        } else {
            body.verifying_reader(body.data())
                .read_to_end(&mut content)
                .unwrap();
        }
        assert!(files.insert(name, content).is_none(), "no name twice");
    }
    files
}

pub(crate) async fn take(world: &World, session: &Session) -> BTreeMap<String, Vec<u8>> {
    unpack(&collect(begin(world, session).await.unwrap()).await.unwrap())
}

pub(crate) fn lines(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<Value> {
    let text = std::str::from_utf8(&files[name]).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub(crate) fn of_table<'v>(lines: &'v [Value], table: &str) -> Vec<&'v Value> {
    lines.iter().filter(|line| line["table"] == table).collect()
}

pub(crate) fn all_lines(files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    let names = files.keys().filter(|name| name.contains(".jsonl"));
    names.flat_map(|name| lines(files, name)).collect()
}

#[tokio::test]
async fn an_owner_takes_every_row_of_every_category_and_every_file() {
    let world = World::with_organizations(2).await;
    let ours = world.organization("org-1").await;
    let owner = world.owner("org-1").await;
    let rows = world.rows_of(&ours).await;

    let files = take(&world, &owner).await;

    let lines = all_lines(&files);
    for entry in world.services.manifest.tables() {
        let found = i64::try_from(of_table(&lines, &entry.name).len()).unwrap();
        match (entry.category, entry.organization.is_some()) {
            (Group::Internal, _) => assert_eq!(found, 0, "{} is not theirs", entry.name),
            // The export itself is an event; it is there or comes a moment too late.
            (Group::SecurityLogs, _) => assert!(found - rows[&entry.name] <= 1 && found > 0),
            (_, true) => assert_eq!(found, rows[&entry.name], "{}", entry.name),
            (_, false) => assert!(found > 0, "{}", entry.name),
        }
    }
    let text = files
        .values()
        .map(|content| String::from_utf8_lossy(content))
        .collect::<String>();
    assert!(
        text.contains(&format!("{MARKER}-org-1")) && !text.contains(&format!("{MARKER}-org-2"))
    );
    let media: Vec<_> = files
        .keys()
        .filter(|name| name.starts_with("media/"))
        .collect();
    assert_eq!(i64::try_from(media.len()).unwrap(), rows["media_files"]);
    for name in media {
        let id = name.trim_start_matches("media/").split('.').next().unwrap();
        let stored = fs::read(world.media_folder(&ours).join(id)).unwrap();
        assert_eq!(files[name], stored, "{name}");
    }
}

#[tokio::test]
async fn what_opens_something_is_never_given_out() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;

    let files = take(&world, &owner).await;

    let lines = all_lines(&files);
    let mut secrets = 0;
    for entry in world.services.manifest.tables() {
        for secret in &entry.secret {
            let rows = of_table(&lines, &entry.name);
            assert!(!rows.is_empty(), "{}", entry.name);
            assert!(
                rows.iter().all(|row| row.get(secret).is_none()),
                "{}.{secret}",
                entry.name
            );
            secrets += 1;
        }
    }
    assert!(secrets >= 3);
    let text = files
        .values()
        .map(|content| String::from_utf8_lossy(content))
        .collect::<String>();
    assert!(!text.contains("$argon2"));
}

#[tokio::test]
async fn a_member_takes_only_what_is_about_them() {
    let world = World::with_organizations(1).await;
    let email = world.person("org-1", "member").await;
    let member = world.session_of(&email).await;

    let files = take(&world, &member).await;

    let lines = all_lines(&files);
    let id = member.user.as_str();
    let own = of_table(&lines, "users");
    assert_eq!(
        (own.len(), own[0]["email"].as_str()),
        (1, Some(email.as_str()))
    );
    for line in &lines {
        let table = line["table"].as_str().unwrap();
        assert!(
            [
                "users",
                "memberships",
                "audit_events",
                "analytics_events",
                "security_events"
            ]
            .contains(&table),
            "{line}"
        );
        assert!(line["user_id"] == id || line["id"] == id, "{line}");
        for third_party in ["details", "properties"] {
            assert!(
                line.get(third_party).is_none(),
                "it may speak of others: {line}"
            );
        }
    }
    assert!(!of_table(&lines, "audit_events").is_empty());
    assert!(files.keys().all(|name| !name.starts_with("media/")));
    let contacts = world.texts("SELECT name FROM contacts").await;
    let text = files
        .values()
        .map(|content| String::from_utf8_lossy(content))
        .collect::<String>();
    assert!(contacts.iter().all(|name| !text.contains(name.as_str())));
}

#[tokio::test]
async fn the_first_page_is_for_people_in_every_language_and_asks_nobody_for_anything() {
    let world = World::with_organizations(1).await;
    world
        .write("UPDATE organizations SET name = 'Zoé & <b>Fils</b>'")
        .await;
    let owner = world.owner("org-1").await;

    let files = take(&world, &owner).await;

    let page = std::str::from_utf8(&files["index.html"]).unwrap();
    for words in [
        "<section lang=\"fr\">",
        "<section lang=\"en\">",
        "Vos données",
        "Your data",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("Zoé &amp; &lt;b&gt;Fils&lt;/b&gt;"));
    for forbidden in [
        "<script", "http://", "https://", "src=", "<img", "@import", "url(",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for name in files.keys().filter(|name| name.contains(".jsonl")) {
        assert!(page.contains(&format!("href=\"{name}\"")), "{name}");
        let rows = lines(&files, name).len();
        assert!(page.contains(&format!("<td>{rows}</td>")), "{name}: {rows}");
    }
}

#[tokio::test]
async fn it_takes_a_fresh_proof_is_told_by_letter_and_is_logged() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.advance(minutes(5));

    let stale = begin(&world, &owner).await;
    assert!(matches!(stale, Err(ExportError::ProofNeeded)), "{stale:?}");
    assert_eq!(
        world
            .number(
                "SELECT count(*) FROM security_events WHERE kind = 'export' AND user_agent = ''"
            )
            .await,
        0
    );

    let owner = world.owner("org-1").await;
    take(&world, &owner).await;
    world.run_due_jobs().await;
    assert_eq!(world.letters_to(owner.email.expose()).len(), 1);
    assert_eq!(
        world
            .number(
                "SELECT count(*) FROM security_events WHERE kind = 'export' AND user_agent = ''"
            )
            .await,
        1
    );
    world.settle().await;
}

#[tokio::test]
async fn a_few_exports_in_a_row_are_enough_and_soon_there_may_be_more() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    for _ in 0..3 {
        take(&world, &owner).await;
    }

    let Err(ExportError::TooManyTries { retry_at }) = begin(&world, &owner).await else {
        panic!("a fourth was granted");
    };

    world.advance(retry_at.since(world.now()));
    let owner = world.owner("org-1").await;
    assert!(begin(&world, &owner).await.is_ok());
}

#[tokio::test]
async fn what_is_being_erased_or_held_is_not_taken_along() {
    let world = World::with_organizations(2).await;
    let (first, second) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let owner = world.owner("org-1").await;
    world
        .write(&format!(
            "INSERT INTO memberships (organization_id, user_id, role, created_at) VALUES ('{second}', '{}', 'owner', 0)",
            owner.user
        ))
        .await;
    account::erase_as_operator(&world.services, "org-2")
        .await
        .unwrap();
    let owner = world.owner("org-1").await;

    let files = take(&world, &owner).await;

    let lines = all_lines(&files);
    let organizations: Vec<_> = of_table(&lines, "organizations")
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(organizations, [first.as_str()]);
    assert!(
        lines
            .iter()
            .all(|row| row["organization_id"] != second.as_str()
                || row["user_id"] == owner.user.as_str())
    );
}

#[tokio::test]
async fn other_owners_are_no_obstacle() {
    let world = World::with_organizations(1).await;
    world.promote("org-1", "admin").await;
    let owner = world.owner("org-1").await;

    let files = take(&world, &owner).await;

    assert!(!lines(&files, "messages.jsonl").is_empty());
}

#[tokio::test]
async fn an_operators_own_tables_are_taken_along_whatever_they_hold() {
    let mut world = World::with_organizations(1).await;
    let ours = world.organization("org-1").await;
    let (columns, values) = match world.services.db.backend() {
        Backend::Sqlite => ("size REAL, paid INTEGER, picture BLOB", "1.5, 1, X'00ff'"),
        Backend::Postgres => (
            "size NUMERIC, paid BOOLEAN, picture BYTEA",
            "1.5, TRUE, '\\x00ff'",
        ),
    };
    world
        .write(&format!("CREATE TABLE orders (tenant TEXT NOT NULL, number INTEGER NOT NULL, {columns}, PRIMARY KEY (tenant, number))"))
        .await;
    for number in 0..300 {
        world
            .write(&format!(
                "INSERT INTO orders VALUES ('{ours}', {number}, {values})"
            ))
            .await;
    }
    let own = r#"
        [[table]]
        name = "orders"
        category = "contacts"
        organization = { column = "tenant", fate = "erase" }
        personal = []
        plain = ["tenant", "number", "size", "paid", "picture"]
    "#;
    world.covers(own).await;
    let owner = world.owner("org-1").await;

    let files = take(&world, &owner).await;

    let contacts = lines(&files, "contacts.jsonl");
    let orders = of_table(&contacts, "orders");
    assert_eq!(orders.len(), 300);
    let numbers: Vec<_> = orders
        .iter()
        .map(|row| row["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (0..300).collect::<Vec<_>>());
    assert_eq!(
        (&orders[0]["size"], &orders[0]["picture"]),
        (&Value::from("1.5"), &Value::from("AP8="))
    );
}
