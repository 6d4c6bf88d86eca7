//! What is sealed opens where it was put, and nowhere else.

use std::sync::Arc;

use erasure::{
    db,
    id::OrganizationId,
    vault::{MasterKeys, Scope, Vault, VaultError, rotate::standing},
};

use crate::{
    harness::World,
    keys::{first, tokens},
};

#[tokio::test]
async fn a_token_opens_for_no_other_row_organization_or_deployment() {
    let world = World::with_organizations(2).await;
    let services = &world.services;
    let ours = world.organization("org-1").await;
    let theirs = world.organization("org-2").await;
    assert!(!tokens(services, "org-1").await.unwrap().is_empty());

    // Another organization's token in our row, and its key under our name.
    world
        .write(&format!(
            "UPDATE whatsapp_profiles SET token_sealed = (SELECT token_sealed FROM whatsapp_profiles
             WHERE organization_id = '{theirs}' LIMIT 1) WHERE organization_id = '{ours}'"
        ))
        .await;
    let swapped = tokens(services, "org-1").await.unwrap_err();
    assert!(
        matches!(swapped, db::Error::Vault(VaultError::Refused)),
        "{swapped:?}"
    );

    // A wrapped key under another scope.
    world
        .write(&format!(
            "DELETE FROM data_keys WHERE scope = 'organization/{theirs}'"
        ))
        .await;
    world
        .write(&format!(
            "UPDATE data_keys SET scope = 'organization/{theirs}' WHERE scope = 'organization/{ours}'"
        ))
        .await;
    let theirs = theirs.parse::<OrganizationId>().unwrap();
    let mut tx = services.db.begin().await.unwrap();
    let scope = Scope::Organization(&theirs);
    let moved = services.vault.data_key(&mut tx, scope, world.now()).await;
    assert!(matches!(moved, Err(db::Error::Vault(VaultError::Refused))));
}

#[tokio::test]
async fn two_deployments_with_one_master_key_open_nothing_of_each_others() {
    let (one, other) = (
        World::with_organizations(1).await,
        World::with_organizations(1).await,
    );
    let rows: Vec<(String, String, Vec<u8>, String)> = one
        .services
        .db
        .fetch_all(
            "SELECT id, scope, wrapped, master_key_id FROM data_keys",
            vec![],
        )
        .await
        .unwrap();
    let there = other.services.db.clone();
    let masters = |world: &World| {
        let db = world.services.db.clone();
        async move { standing(&db).await.unwrap()[0].id }
    };
    assert_eq!(masters(&one).await, masters(&other).await);
    let name = "UPDATE deployment SET id = 'another-deployment'";
    other.write(name).await; // the same seed gave both the same name
    other.write("DELETE FROM data_keys").await;

    for (id, scope, wrapped, master) in rows {
        there
            .execute(
                "INSERT INTO data_keys (id, scope, wrapped, master_key_id, created_at) VALUES ($1, $2, $3, $4, 0)",
                vec![id.into(), scope.into(), wrapped.into(), master.into()],
            )
            .await
            .unwrap();
    }

    let random = Arc::clone(&other.services.random);
    let masters = MasterKeys::only(first());
    let refused = Vault::of(&there, masters, random, other.now()).await;
    assert!(matches!(
        refused,
        Err(db::Error::Vault(VaultError::Refused))
    ));
}
