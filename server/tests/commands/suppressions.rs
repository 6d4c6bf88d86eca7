//! A program that imports contacts asks first whom it may bring.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use erasure::db::Db;

use crate::harness::{Deployment, said};

fn filter(deployment: &Deployment, organization: &str, list: &[u8]) -> Output {
    let mut filter = deployment
        .command(&["suppressions", "filter", "--organization", organization])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = filter.stdin.take().unwrap();
    let list = list.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&list));
    let output = filter.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output
}

fn passed(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn whoever_was_erased_is_left_out_and_everybody_else_passes() {
    let deployment = Deployment::seeded("20");
    let db = Db::open(&deployment.database()).await.unwrap();
    let (erased,): (String,) = db
        .fetch_one(
            "SELECT i.value FROM contact_identities AS i JOIN organizations AS o ON o.id = i.organization_id
             WHERE o.slug = 'org-1' AND i.kind = 'phone' ORDER BY i.value LIMIT 1",
            vec![],
        )
        .await
        .unwrap();
    db.close().await;
    deployment.ok(&["erase", "contact", "org-1", &erased, "--yes", "--wait"]);
    let mut lines: Vec<String> = (0..1_200)
        .map(|number| format!("+336 12 34 {number:04}"))
        .collect();
    lines.push(format!(
        "+{erased}\nUS.13491208655302741918\n\n  00{erased}  "
    ));
    let list = lines.join("\n");

    let ours = filter(&deployment, "org-1", list.as_bytes());
    let theirs = filter(&deployment, "org-2", list.as_bytes());

    assert!(
        ours.status.success() && theirs.status.success(),
        "{}",
        said(&ours).1
    );
    assert_eq!((passed(&ours).len(), passed(&theirs).len()), (1_201, 1_203));
    assert!(!passed(&ours).iter().any(|line| line.contains(&erased)));
    assert_eq!(passed(&ours)[0], "+336 12 34 0000");
}

#[test]
fn lines_that_nobody_can_judge_are_named_by_their_number_and_left_out() {
    let deployment = Deployment::seeded("1");

    let output = filter(
        &deployment,
        "org-1",
        b"+33612345678\nAda Lovelace\n06 12 34 56 78\n\xff\xfe\n+33612345679\n",
    );

    let (code, words) = said(&output);
    assert_eq!(passed(&output), ["+33612345678", "+33612345679"]);
    assert_eq!(code, Some(2));
    assert!(
        words.contains("3 lines") && words.contains("2, 3, 4") && !words.contains("Ada"),
        "{words}"
    );
    let (code, words) = said(&filter(&deployment, "org-9", b""));
    assert_eq!(code, Some(2));
    assert!(words.contains("no organization"), "{words}");
}
