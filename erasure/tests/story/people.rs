//! A member takes only themselves; somebody in several organizations sees each consequence.

use erasure::account::{self, ConsequenceKind};

use crate::harness::World;

#[tokio::test]
async fn a_member_deletes_only_themselves() {
    let world = World::with_organizations(1).await;
    let ours = world.organization("org-1").await;
    let before = world.rows_of(&ours).await;
    let member = world
        .session_of(&world.person("org-1", "member").await)
        .await;
    let kinds: Vec<_> = account::preview(&world.services, &member)
        .await
        .unwrap()
        .consequences
        .iter()
        .map(|one| one.kind)
        .collect();
    assert!(
        kinds
            .iter()
            .all(|kind| *kind == ConsequenceKind::AccessLeft),
        "{kinds:?}"
    );

    let capability = world.confirm_deletion(&member).await;
    world.complete(&capability).await;

    let after = world.rows_of(&ours).await;
    for untouched in [
        "contacts",
        "conversations",
        "messages",
        "media_files",
        "flows",
        "campaigns",
        "api_keys",
        "invoices",
    ] {
        assert_eq!(after[untouched], before[untouched], "{untouched}");
    }
    let id = member.user.as_str();
    for (table, column) in [
        ("users", "id"),
        ("memberships", "user_id"),
        ("sessions", "user_id"),
        ("deletion_codes", "user_id"),
        ("audit_events", "user_id"),
        ("analytics_events", "user_id"),
        ("security_events", "user_id"),
        ("conversations", "assigned_user_id"),
        ("flows", "created_by_user_id"),
        ("campaigns", "created_by_user_id"),
        ("api_keys", "created_by_user_id"),
        ("whatsapp_profiles", "connected_by_user_id"),
    ] {
        assert_eq!(
            world
                .number(&format!(
                    "SELECT count(*) FROM {table} WHERE {column} = '{id}'"
                ))
                .await,
            0,
            "{table}"
        );
    }
    assert_eq!(
        world
            .number("SELECT count(*) FROM organizations WHERE frozen_at IS NOT NULL")
            .await,
        0
    );
    world.settle().await;
}

#[tokio::test]
async fn somebody_in_two_organizations_leaves_one_and_takes_the_other() {
    let world = World::with_organizations(2).await;
    let (ours, theirs) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let owner = world.owner("org-1").await;
    world
        .write(&format!(
            "INSERT INTO memberships (organization_id, user_id, role, created_at) VALUES ('{theirs}', '{}', 'member', 0)",
            owner.user
        ))
        .await;
    let before = world.rows_of(&theirs).await;
    let preview = account::preview(&world.services, &owner).await.unwrap();
    let mut kinds: Vec<_> = preview.consequences.iter().map(|one| one.kind).collect();
    kinds.sort_by_key(|kind| *kind == ConsequenceKind::AccessLeft);
    assert!(
        matches!(
            kinds[..],
            [
                ConsequenceKind::OrganizationErased { .. },
                ConsequenceKind::AccessLeft
            ]
        ),
        "{kinds:?}"
    );

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
    let after = world.rows_of(&theirs).await;
    assert_eq!(after["memberships"], before["memberships"] - 1);
    assert_eq!(after["messages"], before["messages"]);
    world.settle().await;
}

#[tokio::test]
async fn people_who_belong_nowhere_else_go_with_the_organization_and_are_told() {
    let world = World::with_organizations(1).await;
    let admin = world.person("org-1", "admin").await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;
    world.settle().await;

    assert_eq!(world.letters_to(&admin).len(), 1);
    assert_eq!(world.number("SELECT count(*) FROM users").await, 0);
}
