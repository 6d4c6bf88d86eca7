//! Letters through a mail server's pipe: what it goes by is the exit code.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use erasure::db::Db;

use crate::harness::{Deployment, said};

const LETTER: &str = "From: Ada <ada@example.fr>\r\nMessage-ID: <1@x>\r\nSubject: x\r\n\r\nPlease delete my data.\r\n";

impl Deployment {
    fn pipe(&self, raw: &[u8], environment: &[(&str, &str)]) -> Output {
        let mut child = self
            .command(&["intake-mail"])
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(raw).unwrap();
        drop(pipe);
        child.wait_with_output().unwrap()
    }

    async fn requests(&self) -> i64 {
        let db = Db::open(&self.database()).await.unwrap();
        db.number(
            "SELECT count(*) FROM requests WHERE channel = 'email'",
            vec![],
        )
        .await
        .unwrap()
    }
}

#[tokio::test]
async fn a_letter_is_taken_and_so_is_what_needs_no_answer() {
    let deployment = Deployment::new();
    let program = LETTER.replace("Subject: x", "Auto-Submitted: auto-replied");
    let mut large = LETTER.replace("<1@x>", "<2@x>").into_bytes();
    large.resize(40 * 1024 * 1024, b'x');

    for raw in [
        LETTER.as_bytes(),
        LETTER.as_bytes(),
        program.as_bytes(),
        &large,
    ] {
        let output = deployment.pipe(raw, &[]);
        assert_eq!(output.status.code(), Some(0), "{:?}", said(&output));
        assert!(output.stdout.is_empty());
        assert!(!said(&output).1.contains("ada@"), "{:?}", said(&output));
    }

    assert_eq!(deployment.requests().await, 1);
}

#[tokio::test]
async fn the_operator_reads_what_came_and_the_record_says_so() {
    let deployment = Deployment::new();
    deployment.pipe(LETTER.as_bytes(), &[]);
    let db = Db::open(&deployment.database()).await.unwrap();
    let (reference,): (String,) = db
        .fetch_one("SELECT reference FROM requests", vec![])
        .await
        .unwrap();

    let shown = deployment.ok(&["requests", "show", &reference.to_lowercase()]);
    assert!(shown.contains("came by       email"), "{shown}");
    assert!(shown.contains("asks as       not said yet"), "{shown}");
    let shown = deployment.ok(&["requests", "show", &reference, "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        (&shown["channel"], &shown["letters"]),
        (&"email".into(), &1.into())
    );
    let listed = deployment.ok(&["requests", "list"]);
    assert!(
        listed.starts_with(&reference) && !listed.contains('@'),
        "{listed}"
    );

    let read = deployment.ok(&["requests", "letter", &reference]);
    assert_eq!(read, LETTER);
    assert_eq!(
        deployment.ok(&["requests", "letter", &reference, "1"]),
        LETTER
    );
    for (reference, number) in [(reference.as_str(), "2"), (&reference, "0"), ("QD-0", "1")] {
        let output = deployment.run(&["requests", "letter", reference, number]);
        let (code, words) = said(&output);
        assert_eq!(code, Some(2), "{words}");
        assert!(words.contains("there is no such letter"), "{words}");
    }
    let noted =
        "SELECT count(*) FROM request_events WHERE what = 'mail_read' AND by_staff = 'operator'";
    assert_eq!(db.number(noted, vec![]).await.unwrap(), 2);
}

#[tokio::test]
async fn what_is_no_letter_goes_back_to_its_sender() {
    let deployment = Deployment::new();
    for raw in ["", "Subject: x\r\n\r\nx", "\u{0}\u{1}\u{2}"] {
        let output = deployment.pipe(raw.as_bytes(), &[]);
        let (code, words) = said(&output);
        assert_eq!(code, Some(65), "{words}");
        assert!(words.contains("names no sender"), "{words}");
    }
    assert_eq!(deployment.requests().await, 0);
}

#[test]
fn whatever_may_be_better_in_an_hour_is_delivered_again() {
    let deployment = Deployment::new();
    for (name, value) in [
        ("QLIENTO_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        ("QLIENTO_DATABASE_URL", "nonsense"),
        ("QLIENTO_MASTER_KEY_FILE", "/nowhere/master.key"),
        ("QLIENTO_UNHEARD_OF", "x"),
    ] {
        let output = deployment.pipe(LETTER.as_bytes(), &[(name, value)]);
        let (code, words) = said(&output);
        assert_eq!(code, Some(75), "{name}: {words}");
        assert!(!words.is_empty());
    }
}
