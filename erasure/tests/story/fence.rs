//! From the confirmation on, nothing can be written for an organization.

use erasure::manifest::Group;

use crate::harness::World;

#[tokio::test]
async fn a_frozen_organization_accepts_no_new_row_in_any_table() {
    let world = World::with_organizations(2).await;
    let ours = world.organization("org-1").await;
    let owner = world.owner("org-1").await;
    world.confirm_deletion(&owner).await;

    let catalog = world.services.db.catalog().await.unwrap();
    for (table, column) in world.organization_tables().await {
        // What is this product's own working data, the engine itself still writes.
        let entry = world.services.manifest.table(&table).unwrap();
        if table == "organizations" || entry.category == Group::Internal {
            continue;
        }
        let columns: Vec<_> = catalog.tables[&table]
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let columns = columns.join(", ");
        let copied = world
            .try_write(&format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {column} = '{ours}' LIMIT 1"))
            .await;
        let message = format!("{:?}", copied.unwrap_err());
        assert!(
            message.contains("the organization is frozen"),
            "{table}: {message}"
        );
    }
}

#[tokio::test]
async fn everybody_of_a_frozen_organization_is_signed_out_and_stays_out() {
    let world = World::with_organizations(1).await;
    let admin = world.person("org-1", "admin").await;
    let token = world.sign_in(&admin).await.unwrap();
    let owner = world.owner("org-1").await;

    world.confirm_deletion(&owner).await;

    assert!(
        erasure::session::resume(&world.services, token.expose())
            .await
            .unwrap()
            .is_none()
    );
    assert!(world.sign_in(&admin).await.is_err());
    assert!(world.sign_in(owner.email.expose()).await.is_err());
}
