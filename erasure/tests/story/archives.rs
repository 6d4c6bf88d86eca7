//! What the law keeps: sealed, apart, opened by name only, and not a day too long.

use std::sync::Arc;

use erasure::{
    account,
    archive::{
        self, Jurisdictions, LegalBasis,
        open::{self, OpenError, Opened},
        openings::{self, Act, Claim},
    },
    id::RowId,
    receipt::{KeptKind, Receipt},
    retention,
    services::Settings,
    time::Timestamp,
};
use serde_json::Value;

use crate::harness::{MARKER, World, hours};

pub(crate) const YEAR_HOURS: u64 = 24 * 366;

pub(crate) fn claim(by: &str) -> Claim {
    Claim {
        by: by.parse().unwrap(),
        basis: LegalBasis::TaxAudit,
        reason: "Contrôle fiscal de 2026".parse().unwrap(),
    }
}

/// Erases `org-1`; the answer is its receipt.
pub(crate) async fn erase(world: &World) -> Receipt {
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await
}

/// The ids of all records.
pub(crate) async fn records(world: &World) -> Vec<RowId> {
    let listed = archive::list(&world.services).await.unwrap();
    listed
        .iter()
        .map(|record| record.id.parse().unwrap())
        .collect()
}

/// Everything in an opened record.
pub(crate) async fn read(world: &World, mut opened: Opened) -> Result<Vec<Value>, OpenError> {
    let mut invoices = Vec::new();
    while let Some(page) = opened.next_page(&world.services).await? {
        invoices.extend(serde_json::from_slice::<Vec<Value>>(&page).unwrap());
    }
    Ok(invoices)
}

pub(crate) async fn open_as(world: &World, by: &str) -> Result<Vec<Value>, OpenError> {
    let id = records(world).await.remove(0);
    let opened = open::open(&world.services, &id, &claim(by)).await?;
    read(world, opened).await
}

fn billing(receipt: &Receipt) -> Option<(Option<i64>, Timestamp)> {
    let kept = receipt
        .kept
        .iter()
        .find(|row| row.what == KeptKind::Billing)?;
    Some((kept.records, kept.until))
}

#[tokio::test]
async fn invoices_are_sealed_with_their_mandatory_fields_and_nothing_else() {
    let world = World::with_organizations(1).await;
    let numbers = world
        .texts("SELECT number FROM invoices ORDER BY issued_at, id")
        .await;
    let lines = world.number("SELECT count(*) FROM invoice_lines").await;
    let last = world.number("SELECT MAX(issued_at) FROM invoices").await;

    let receipt = erase(&world).await;

    let until = Timestamp::from_millis(last).plus_years(10);
    let count = i64::try_from(numbers.len()).unwrap();
    assert_eq!(billing(&receipt), Some((Some(count), until)));
    let invoices = open_as(&world, "auditor@example.org").await.unwrap();
    let opened: Vec<_> = invoices
        .iter()
        .map(|one| one["number"].as_str().unwrap())
        .collect();
    assert_eq!(opened, numbers);
    let opened_lines: usize = invoices
        .iter()
        .map(|one| one["lines"].as_array().unwrap().len())
        .sum();
    assert_eq!(i64::try_from(opened_lines).unwrap(), lines);
    let fields: Vec<&String> = invoices[0].as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "currency",
            "customer_address",
            "customer_name",
            "issued_at",
            "lines",
            "number",
            "total_cents"
        ]
    );
    assert!(
        invoices[0]["customer_name"]
            .as_str()
            .unwrap()
            .contains(MARKER)
    );
    assert_eq!(world.bytes_left(&format!("{MARKER}-org-1")).await, 0);
    assert_eq!(world.bytes_left(&numbers[0]).await, 0);
    assert_eq!(world.bytes_left("auditor@example.org").await, 0);
    world.settle().await;
}

#[tokio::test]
async fn thousands_of_invoices_are_sealed_in_pages_of_one_day_each() {
    let world = World::with_organizations(1).await;
    let organization = world.organization("org-1").await;
    let now = world.now().as_millis();
    // Seven days, three hundred invoices each, every one with its lines.
    for part in 0..21 {
        let rows: Vec<_> = (part * 100..part * 100 + 100)
            .map(|number| {
                let issued_at = now - (number / 300 + 1) * 24 * 3_600_000;
                format!("('{organization}', 'big-{number:05}', 'B-{number:05}', 'n', 'a', 'e', 'EUR', 1, {issued_at})")
            })
            .collect();
        world
            .write(&format!(
                "INSERT INTO invoices (organization_id, id, number, customer_name, customer_address, customer_email, currency, total_cents, issued_at) VALUES {}",
                rows.join(",")
            ))
            .await;
    }
    world
        .write(&format!(
            "INSERT INTO invoice_lines (organization_id, invoice_id, position, description, quantity, unit_price_cents, tax_percent)
             SELECT organization_id, id, 1, 'x', 1, 1, 20 FROM invoices WHERE organization_id = '{organization}' AND id LIKE 'big-%'"
        ))
        .await;
    let invoices = world.number("SELECT count(*) FROM invoices").await;

    let receipt = erase(&world).await;

    assert_eq!(billing(&receipt).unwrap().0, Some(invoices));
    let opened = open_as(&world, "auditor@example.org").await.unwrap();
    assert_eq!(i64::try_from(opened.len()).unwrap(), invoices);
    assert!(
        opened
            .iter()
            .all(|one| !one["lines"].as_array().unwrap().is_empty())
    );
    let pages = world.archive_table("archive_pages");
    let days = "SELECT count(DISTINCT keep_until / 86400000)";
    assert!(
        world.number(&format!("SELECT count(*) FROM {pages}")).await
            >= world.number(&format!("{days} FROM {pages}")).await
    );
    assert!(world.number(&format!("{days} FROM {pages}")).await >= 7 + 20);
    assert!(
        world
            .number(&format!(
                "SELECT CAST(MAX(length(sealed)) AS BIGINT) FROM {pages}"
            ))
            .await
            < 300_000,
        "no page grows with the organization"
    );
}

#[tokio::test]
async fn an_invoice_with_more_lines_than_a_page_holds_goes_on_under_its_number() {
    let world = World::with_organizations(1).await;
    let organization = world.organization("org-1").await;
    let now = world.now().as_millis();
    world
        .write(&format!(
            "INSERT INTO invoices (organization_id, id, number, customer_name, customer_address, customer_email, currency, total_cents, issued_at)
             VALUES ('{organization}', 'long', 'LONG-1', 'n', 'a', 'e', 'EUR', 1, {now})"
        ))
        .await;
    for part in 0..13 {
        let rows: Vec<_> = (part * 100 + 1..=part * 100 + 100)
            .map(|position| {
                format!("('{organization}', 'long', {position}, 'line {position}', 1, 1, 20)")
            })
            .collect();
        world
            .write(&format!(
                "INSERT INTO invoice_lines (organization_id, invoice_id, position, description, quantity, unit_price_cents, tax_percent) VALUES {}",
                rows.join(",")
            ))
            .await;
    }
    let invoices = world.number("SELECT count(*) FROM invoices").await;

    let receipt = erase(&world).await;

    assert_eq!(
        billing(&receipt).unwrap().0,
        Some(invoices),
        "it is counted once"
    );
    let opened = open_as(&world, "auditor@example.org").await.unwrap();
    let lines: Vec<String> = opened
        .iter()
        .filter(|one| one["number"] == "LONG-1")
        .flat_map(|one| one["lines"].as_array().unwrap().clone())
        .map(|line| line["description"].as_str().unwrap().to_owned())
        .collect();
    let all: Vec<String> = (1..=1_300)
        .map(|position| format!("line {position}"))
        .collect();
    assert_eq!(lines, all);
}

#[tokio::test]
async fn an_invoice_whose_term_has_passed_is_not_kept() {
    let world = World::with_organizations(1).await;
    let old = world.now().plus_years(-10).as_millis();
    world
        .write(&format!("UPDATE invoices SET issued_at = {old}"))
        .await;

    let receipt = erase(&world).await;

    assert_eq!(billing(&receipt), None);
    assert!(records(&world).await.is_empty());
    assert_eq!(
        world
            .number("SELECT count(*) FROM data_keys WHERE scope LIKE 'archive/%'")
            .await,
        0
    );
    world.settle().await;
}

#[tokio::test]
async fn each_country_has_the_term_that_the_deployment_gives_it_and_everybody_is_told_the_same() {
    let mut world = World::with_organizations(1).await;
    world.services.settings = Arc::new(Settings {
        jurisdictions: Jurisdictions::read(
            "[default]\nyears = 10\nstatute = \"L123-22\"\n[[country]]\ncode = \"DE\"\nyears = 8\nstatute = \"§ 14b UStG\"",
        )
        .unwrap(),
        ..(*world.services.settings).clone()
    });
    world.write("UPDATE organizations SET country = 'DE'").await;
    let last = world.number("SELECT MAX(issued_at) FROM invoices").await;
    let until = Timestamp::from_millis(last).plus_years(8);
    let owner = world.owner("org-1").await;
    let preview = account::preview(&world.services, &owner).await.unwrap();

    let receipt = erase(&world).await;

    let told = preview
        .kept
        .iter()
        .find(|row| row.what == KeptKind::Billing)
        .unwrap();
    let kept = receipt
        .kept
        .iter()
        .find(|row| row.what == KeptKind::Billing)
        .unwrap();
    assert_eq!((told.until, kept.until), (until, until));
    assert_eq!(told.basis, "§ 14b UStG (GDPR art. 17(3)(b))");
    assert_eq!((&kept.basis, kept.records), (&told.basis, told.records));
    let listed = archive::list(&world.services).await.unwrap();
    assert_eq!(
        (listed[0].country.as_str(), listed[0].keep_until),
        ("DE", until)
    );
}

#[tokio::test]
async fn a_page_that_is_taken_away_changed_or_put_elsewhere_is_noticed() {
    for harm in [
        "DELETE FROM {pages} WHERE position = 2",
        "UPDATE {pages} SET sealed = (SELECT sealed FROM {pages} WHERE position = 1) WHERE position = 2",
        "UPDATE {records} SET contents_sealed = (SELECT sealed FROM {pages} WHERE position = 1)",
    ] {
        let world = World::with_organizations(1).await;
        erase(&world).await;
        let harm = harm
            .replace("{pages}", &world.archive_table("archive_pages"))
            .replace("{records}", &world.archive_table("archives"));
        world.write(&harm).await;

        let read = open_as(&world, "auditor@example.org").await;

        assert!(
            matches!(read, Err(OpenError::Damaged(_))),
            "{harm}: {read:?}"
        );
    }
}

#[tokio::test]
async fn at_its_term_a_records_key_is_destroyed_and_only_the_fact_remains() {
    let world = World::with_organizations(1).await;
    erase(&world).await;
    let id = records(&world).await.remove(0);
    let keys = "SELECT count(*) FROM data_keys WHERE scope LIKE 'archive/%'";
    let listed = archive::list(&world.services).await.unwrap();
    let until = listed[0].keep_until;

    world.advance((until - hours(1)).since(world.now()));
    retention::sweep(&world.services).await.unwrap();
    world.run_due_jobs().await;
    assert_eq!(
        (records(&world).await.len(), world.number(keys).await),
        (1, 1)
    );

    world.advance(hours(1));
    let late = open::open(&world.services, &id, &claim("auditor@example.org")).await;
    assert!(
        matches!(late, Err(OpenError::NotFound(_))),
        "even before the worker comes"
    );
    assert_eq!(archive::purge_now(&world.services).await.unwrap(), 1);

    assert_eq!(
        (records(&world).await.len(), world.number(keys).await),
        (0, 0)
    );
    for table in ["archives", "archive_pages"] {
        let table = world.archive_table(table);
        assert_eq!(
            world.number(&format!("SELECT count(*) FROM {table}")).await,
            0
        );
    }
    let ended = format!("{{\"kind\":\"key_destroyed\",\"scope\":\"archive/{id}\"}}");
    assert!(
        world.ledger_text().contains(&ended),
        "no backup may bring it back"
    );
    let record = openings::list(&world.services, 0, 100).await.unwrap();
    let ends: Vec<_> = record.iter().filter(|row| row.act == Act::Ended).collect();
    assert_eq!(ends.len(), 1);
    assert_eq!(
        (ends[0].archive.as_str(), &ends[0].person),
        (id.as_str(), &None)
    );
    assert_eq!(archive::purge_now(&world.services).await.unwrap(), 0);
    world.settle().await;
}

#[tokio::test]
async fn the_worker_ends_records_by_itself_and_more_than_one() {
    let world = World::with_organizations(3).await;
    for slug in ["org-1", "org-2", "org-3"] {
        account::erase_as_operator(&world.services, slug)
            .await
            .unwrap();
    }
    world.run_due_jobs().await;
    assert_eq!(records(&world).await.len(), 3);

    world.advance(hours(YEAR_HOURS * 11));
    retention::sweep(&world.services).await.unwrap();
    retention::sweep(&world.services).await.unwrap();
    world.settle().await;

    assert!(records(&world).await.is_empty());
    let left = "SELECT count(*) FROM data_keys WHERE scope LIKE 'archive/%'";
    assert_eq!(world.number(left).await, 0);
}
