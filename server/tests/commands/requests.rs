//! What an operator decides about requests from the command line.

use erasure::db::Db;

use crate::harness::{Deployment, said};

#[tokio::test]
async fn a_business_gets_a_window_to_object_and_loses_it_again() {
    let deployment = Deployment::seeded("1");
    let objection = |arguments: &[&str]| {
        let command = [&["requests", "objection"], arguments].concat();
        deployment.ok(&command)
    };
    assert_eq!(
        objection(&[]).trim(),
        "every business: contacts are erased at once, and it is told"
    );

    let set = objection(&["org-2", "--days", "7"]);

    assert_eq!(set.trim(), "org-2: 7 days to object");
    let listed = objection(&["--json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed, serde_json::json!([{ "slug": "org-2", "days": 7 }]));
    let back = objection(&["org-2", "--days", "0"]);
    assert_eq!(
        back.trim(),
        "org-2: contacts are erased at once, and it is told"
    );
    let db = Db::open(&deployment.database()).await.unwrap();
    let rows: Vec<(String, String, String)> = db
        .fetch_all(
            "SELECT a.role || ' ' || a.act, a.detail, o.slug FROM staff_audit AS a JOIN organizations AS o ON o.id = a.subject
             WHERE  a.subject_kind = 'organization' ORDER BY a.position",
            vec![],
        )
        .await
        .unwrap();
    let act = "operator set_objection_days".to_owned();
    let entry = |detail: &str| (act.clone(), detail.to_owned(), "org-2".to_owned());
    assert_eq!(rows, [entry("window"), entry("at_once")]);
    assert!(deployment.ok(&["audit", "check"]).contains("whole"));
}

#[test]
fn a_window_that_cannot_be_is_refused() {
    let deployment = Deployment::seeded("1");

    for (arguments, expected) in [
        (&["org-1", "--days", "15"][..], "0 to 14 days"),
        (&["org-1", "--days", "-1"], "0 to 14 days"),
        (&["org-1", "--days", "soon"], "0 to 14 days"),
        (&["org-9", "--days", "3"], "no organization with that slug"),
        (&["org-1"], "--days"),
        (&["--days", "3"], "SLUG"),
    ] {
        let command = [&["requests", "objection"], arguments].concat();
        let (code, words) = said(&deployment.run(&command));
        assert_eq!(code, Some(2), "{arguments:?}: {words}");
        assert!(words.contains(expected), "{arguments:?}: {words}");
    }

    let shown = deployment.ok(&["requests", "objection", "--json"]);
    assert_eq!(shown.trim(), "[]");
}
