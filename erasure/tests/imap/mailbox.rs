//! Letters in a mailbox are taken once, marked when they are, and none keeps the next one waiting.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use erasure::{
    db::faults::Fault,
    intake::{Counts, LIMIT_BYTES, LookError, Mailbox, Way},
    job,
};
use tokio::sync::{Mutex, MutexGuard, watch};

use crate::harness::{World, hours};

const SENDER: &str = "ada@example.fr";

/// One mailbox for all tests: they take turns, and each finds it empty.
static TURN: Mutex<()> = Mutex::const_new(());

struct Post {
    world: World,
    mailbox: Mailbox,
    counts: Counts,
    folder: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test runner says where its server is"
)]
fn told(name: &str) -> String {
    std::env::var(name).expect(
        "these tests need a mailbox: run them as 'scripts/imap cargo test -p erasure --test imap'",
    )
}

impl Post {
    async fn open() -> Self {
        let turn = TURN.lock().await;
        let folder = PathBuf::from(told("QLIENTO_TEST_IMAP_FOLDER"));
        for part in ["new", "cur"] {
            for file in fs::read_dir(folder.join(part)).unwrap() {
                fs::remove_file(file.unwrap().path()).unwrap();
            }
        }
        let address = told("QLIENTO_TEST_IMAP_URL").parse().unwrap();
        Self {
            world: World::with_organizations(1).await,
            mailbox: Mailbox::new(address, "correct-horse".into()),
            counts: Counts::default(),
            folder,
            _turn: turn,
        }
    }

    /// A mail server puts a letter into the mailbox.
    fn delivers(&self, raw: &[u8]) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}.letter", COUNT.fetch_add(1, Ordering::Relaxed));
        let outside = self.folder.join("tmp").join(&name);
        fs::write(&outside, raw).unwrap();
        let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        fs::set_permissions(&outside, everybody).unwrap();
        fs::rename(&outside, self.folder.join("new").join(&name)).unwrap();
    }

    fn delivers_from(&self, from: &str, id: &str) {
        self.delivers(
            format!(
                "From: <{from}>\r\nMessage-ID: <{id}>\r\nSubject: x\r\n\r\nPlease delete my data.\r\n"
            )
            .as_bytes(),
        );
    }

    async fn look(&self) -> Result<(), LookError> {
        let (_stop, running) = watch::channel(false);
        let looked = self
            .mailbox
            .look(&self.world.services, &self.counts, &running)
            .await;
        job::run_due(&self.world.services).await.unwrap();
        looked
    }

    /// How many letters came to this end.
    fn counted(&self, outcome: &str) -> u64 {
        let all = self.counts.all().into_iter();
        all.filter(|(way, one, _)| *way == Way::Mailbox && *one == outcome)
            .map(|(_, _, letters)| letters)
            .sum()
    }

    /// How many letters in the mailbox are marked so: `S` is seen, `F` is flagged.
    fn marked(&self, flag: char) -> usize {
        let files = fs::read_dir(self.folder.join("cur")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| {
                name.rsplit_once(":2,")
                    .is_some_and(|(_, flags)| flags.contains(flag))
            })
            .count()
    }

    async fn requests(&self) -> i64 {
        self.world.number("SELECT count(*) FROM requests").await
    }
}

#[tokio::test]
async fn letters_are_taken_once_and_marked() {
    let post = Post::open().await;
    post.delivers_from(SENDER, "1@x");
    post.delivers_from("eve@example.org", "2@x");

    post.look().await.unwrap();
    post.look().await.unwrap();

    assert_eq!(post.counted("opened"), 2);
    assert_eq!((post.requests().await, post.marked('S')), (2, 2));
    assert_eq!(post.marked('F'), 0);
    assert_eq!(post.world.letters_to(SENDER).len(), 1);
    assert!(post.counts.looked_at().is_some());
}

#[tokio::test]
async fn the_clock_starts_when_the_letter_came_into_the_mailbox() {
    let post = Post::open().await;
    // The world's clock stands long before the mail server's, which is not believed …
    post.delivers_from(SENDER, "1@x");
    post.look().await.unwrap();
    let now = post.world.now().as_millis();
    let received = "SELECT received_at FROM requests";
    assert_eq!(post.world.number(received).await, now);

    // … or long after it, because we were away.
    post.world
        .write("UPDATE requests SET received_at = 0")
        .await;
    post.world.advance(hours(24 * 365 * 20));
    post.delivers_from("eve@example.org", "2@x");
    post.look().await.unwrap();
    let received = post
        .world
        .number("SELECT max(received_at) FROM requests")
        .await;
    assert!(received > 0 && received < post.world.now().as_millis());
}

#[tokio::test]
async fn a_letter_that_cannot_be_read_is_flagged_and_the_next_one_is_taken() {
    let post = Post::open().await;
    post.delivers(b"Subject: nobody\r\n\r\nx\r\n");
    post.delivers(b"\xff\xfe\x00\r\n\r\n");
    post.delivers_from(SENDER, "1@x");

    post.look().await.unwrap();

    assert_eq!((post.counted("unreadable"), post.counted("opened")), (2, 1));
    assert_eq!((post.marked('F'), post.marked('S')), (2, 3));
}

#[tokio::test]
async fn what_programs_sent_is_marked_and_ignored() {
    let post = Post::open().await;
    post.delivers(b"From: ada@example.fr\r\nAuto-Submitted: auto-replied\r\n\r\nx\r\n");

    post.look().await.unwrap();

    assert_eq!(post.counted("automatic_reply"), 1);
    assert_eq!((post.requests().await, post.marked('S')), (0, 1));
}

#[tokio::test]
async fn a_letter_that_is_too_large_is_taken_by_its_beginning() {
    let post = Post::open().await;
    let mut raw = b"From: ada@example.fr\r\nMessage-ID: <1@x>\r\n\r\n".to_vec();
    raw.resize(LIMIT_BYTES + 15 * 1024 * 1024, b'x');
    post.delivers(&raw);

    post.look().await.unwrap();

    assert_eq!((post.counted("opened"), post.marked('S')), (1, 1));
    let whole = "SELECT count(*) FROM mail_originals WHERE is_whole = 1";
    assert_eq!(post.world.number(whole).await, 0);
    assert_eq!(post.world.letters_to(SENDER).len(), 1);
}

#[tokio::test]
async fn a_database_that_fails_leaves_the_letter_for_the_next_look() {
    let mut post = Post::open().await;
    post.delivers_from(SENDER, "1@x");
    let well = post.world.services.db.clone();
    post.world.services.db = well.clone().with_faults(|_| Some(Fault::Refuse));
    let (_stop, running) = watch::channel(false);
    let looked = post
        .mailbox
        .look(&post.world.services, &post.counts, &running);
    looked.await.unwrap();
    assert_eq!((post.counted("failed"), post.marked('S')), (1, 0));

    post.world.services.db = well;
    post.look().await.unwrap();

    assert_eq!((post.counted("opened"), post.marked('S')), (1, 1));
}

#[tokio::test]
async fn who_is_not_let_in_or_finds_nobody_says_so() {
    let mut post = Post::open().await;
    post.delivers_from(SENDER, "1@x");
    let address = told("QLIENTO_TEST_IMAP_URL");

    post.mailbox = Mailbox::new(address.parse().unwrap(), "wrong".into());
    assert_eq!(post.look().await, Err(LookError::Refused));
    let elsewhere = address.replace("INBOX", "nowhere");
    post.mailbox = Mailbox::new(elsewhere.parse().unwrap(), "correct-horse".into());
    assert_eq!(post.look().await, Err(LookError::Refused));
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = unused.local_addr().unwrap();
    drop(unused);
    let nobody = format!("imap://me@{at}/INBOX").parse().unwrap();
    post.mailbox = Mailbox::new(nobody, "x".into());
    assert!(matches!(post.look().await, Err(LookError::Away(_))));

    assert_eq!(post.requests().await, 0);
    assert_eq!(post.counts.looked_at(), None);
}
