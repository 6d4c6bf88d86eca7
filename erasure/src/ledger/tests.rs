//! One file, several hands, and somebody who tampers with it.

use std::{fs, path::Path};

use tempfile::TempDir;

use super::*;
use crate::{canonical::Digest, id::ErasureId, random::ChaChaRandom};

const NOW: Timestamp = Timestamp::from_millis(1_795_521_600_000);

fn ledger(folder: &TempDir) -> Ledger {
    in_file(&folder.path().join("ledger.jsonl"))
}

fn in_file(path: &Path) -> Ledger {
    Ledger::in_file(path.to_owned(), Arc::new(ChaChaRandom::from_number(1)))
}

fn cancelled(number: u64) -> Fact {
    let random = ChaChaRandom::from_number(number);
    Fact::Cancelled {
        erasure: ErasureId::mint(NOW, &random),
    }
}

/// A ledger with so many facts behind its first line, and its text.
async fn written(folder: &TempDir, facts: u64) -> (Ledger, String) {
    let ledger = ledger(folder);
    for number in 1..=facts {
        ledger.note(&cancelled(number), NOW).await.unwrap();
    }
    let text = fs::read_to_string(folder.path().join("ledger.jsonl")).unwrap();
    (ledger, text)
}

/// What a fresh look at this text says.
async fn look(lines: &[&str]) -> Result<Report, LedgerError> {
    let folder = tempfile::tempdir().unwrap();
    let text = [&lines.join("\n"), "\n"].concat();
    fs::write(folder.path().join("ledger.jsonl"), text).unwrap();
    ledger(&folder).check().await
}

#[tokio::test]
async fn a_fact_is_noted_once_however_often_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);

    let first = ledger.note(&cancelled(1), NOW).await.unwrap();
    let other = ledger.note(&cancelled(2), NOW).await.unwrap();
    let again = ledger.note(&cancelled(1), NOW).await.unwrap();
    let elsewhere = super::tests::ledger(&folder).note(&cancelled(1), NOW).await;

    assert_eq!((first.sequence, other.sequence), (2, 3));
    assert_eq!((again, elsewhere), (first, Ok(first)));
    let report = ledger.check().await.unwrap();
    assert_eq!(
        (report.lines, report.sequence, report.torn_bytes),
        (3, 3, 0)
    );
    assert_eq!(report.head, other.head.to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_hands_write_one_chain_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let hands = (0..4_u64).map(|hand| {
        let ledger = ledger(&folder);
        tokio::spawn(async move {
            for number in 0..15 {
                // Every third fact is told by all of them.
                let fact = if number % 3 == 0 {
                    cancelled(number)
                } else {
                    cancelled(hand * 100 + number)
                };
                ledger.note(&fact, NOW).await.unwrap();
            }
        })
    });
    for hand in hands.collect::<Vec<_>>() {
        hand.await.unwrap();
    }

    let report = ledger(&folder).check().await.unwrap();

    // Facts 1, 2, 4, 5 … of the first hand have the numbers of nobody else.
    assert_eq!(report.lines, 1 + 5 + 4 * 10);
}

#[tokio::test]
async fn a_last_line_that_was_never_finished_gives_way_to_the_next() {
    for torn in ["{\"at\":\"2026", "\0\0\0\0\0"] {
        let folder = tempfile::tempdir().unwrap();
        let (_, text) = written(&folder, 2).await;
        fs::write(folder.path().join("ledger.jsonl"), format!("{text}{torn}")).unwrap();
        let ledger = ledger(&folder);

        let before = ledger.check().await.unwrap();
        ledger.note(&cancelled(3), NOW).await.unwrap();
        let after = ledger.check().await.unwrap();

        assert_eq!(
            (before.lines, before.torn_bytes),
            (3, u64::try_from(torn.len()).unwrap())
        );
        assert_eq!((after.lines, after.torn_bytes), (4, 0));
    }
}

#[tokio::test]
async fn a_broken_chain_is_refused_by_the_number_of_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = written(&folder, 3).await;
    let lines: Vec<_> = text.lines().collect();
    let (one, two, three, four) = (lines[0], lines[1], lines[2], lines[3]);
    let changed = three.replacen("cancelled", "cancellad", 1);
    let shortened = &three[..three.len() - 10];

    for (text, line, why) in [
        (
            vec![one, two, &changed, four],
            3,
            "it was changed after it was written",
        ),
        (
            vec![one, two, four],
            3,
            "lines before it are missing, or stand twice",
        ),
        (
            vec![one, two, two, three],
            3,
            "lines before it are missing, or stand twice",
        ),
        (
            vec![one, three, two],
            2,
            "lines before it are missing, or stand twice",
        ),
        (vec![two, three], 1, "the lines before it are missing"),
        (
            vec![one, one],
            2,
            "lines before it are missing, or stand twice",
        ),
        (vec![one, shortened, three], 2, "it is not an entry"),
        (vec![one, "", two], 2, "it is not an entry"),
    ] {
        assert_eq!(
            look(&text).await,
            Err(LedgerError::Broken { line, why }),
            "{text:?}"
        );
    }
    assert!(look(&lines).await.is_ok());
}

#[tokio::test]
async fn a_line_of_another_ledger_does_not_follow() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_, text) = written(&ours, 2).await;
    let other = Ledger::in_file(
        theirs.path().join("ledger.jsonl"),
        Arc::new(ChaChaRandom::from_number(2)),
    );
    other.note(&cancelled(1), NOW).await.unwrap();
    other.note(&cancelled(2), NOW).await.unwrap();
    let foreign = fs::read_to_string(theirs.path().join("ledger.jsonl")).unwrap();
    let (ours, theirs): (Vec<_>, Vec<_>) = (text.lines().collect(), foreign.lines().collect());

    let looked = look(&[ours[0], ours[1], theirs[2]]).await;

    let why = "it does not follow from the line before";
    assert_eq!(looked, Err(LedgerError::Broken { line: 3, why }));
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_turn_the_ledgers() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let hour = std::time::Duration::from_hours(1);

    ledger.note(&cancelled(1), NOW).await.unwrap();
    ledger.note(&cancelled(2), NOW - hour).await.unwrap();

    assert_eq!(ledger.check().await.unwrap().last_at, Some(NOW));
}

#[tokio::test]
async fn a_ledger_whose_disk_is_away_notes_nothing_and_goes_on_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk/ledger.jsonl");
    let ledger = in_file(&path);

    let away = ledger.note(&cancelled(1), NOW).await;
    fs::create_dir(folder.path().join("disk")).unwrap();
    let back = ledger.note(&cancelled(1), NOW).await;

    let kind = io::ErrorKind::NotFound;
    let path = path.display().to_string();
    assert_eq!(away, Err(LedgerError::Io { kind, path }));
    assert_eq!(back.unwrap().sequence, 2);
}

#[tokio::test]
async fn a_ledger_that_is_taken_away_under_a_running_program_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, text) = written(&folder, 2).await;
    let path = folder.path().join("ledger.jsonl");

    fs::remove_file(&path).unwrap();
    assert!(matches!(
        ledger.note(&cancelled(3), NOW).await,
        Err(LedgerError::Vanished(_))
    ));
    let first_line = text.lines().next().unwrap();
    fs::write(&path, format!("{first_line}\n")).unwrap();
    assert!(matches!(ledger.tip().await, Err(LedgerError::Vanished(_))));

    fs::write(&path, text).unwrap();
    assert_eq!(ledger.note(&cancelled(3), NOW).await.unwrap().sequence, 4);
}

#[tokio::test]
async fn what_is_behind_a_number_is_read_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, _) = written(&folder, 4).await;
    let third = ledger.note(&cancelled(2), NOW).await.unwrap();
    let other = Noted {
        head: Digest::NOTHING,
        ..third
    };

    assert_eq!(ledger.entries_behind(other).await, Ok(None));
    let entries = ledger.entries_behind(third).await.unwrap().unwrap();

    let numbers: Vec<_> = entries.iter().map(|entry| entry.sequence).collect();
    assert_eq!(numbers, [4, 5]);
    assert_eq!(entries[0].fact, cancelled(3));
    assert_ne!(entries[0].previous, Digest::NOTHING);
}

proptest::proptest! {
    #[test]
    fn no_changed_byte_passes(at in 0_usize..2_000, byte in 0_u8..=255) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let (ledger, text) = written(&folder, 3).await;
            let mut changed = text.clone().into_bytes();
            let at = at % changed.len();
            proptest::prop_assume!(changed[at] != byte);
            changed[at] = byte;
            fs::write(folder.path().join("ledger.jsonl"), &changed).unwrap();
            let looked = super::tests::ledger(&folder).check().await;
            let intact = ledger.check().await;
            // Without its end, the last line is one that was never finished.
            let is_torn = at + 1 == changed.len();
            proptest::prop_assert_eq!(looked.is_ok(), is_torn, "{:?}", looked);
            proptest::prop_assert_eq!(intact.is_ok(), is_torn);
            Ok::<(), proptest::test_runner::TestCaseError>(())
        })?;
    }
}

#[tokio::test]
async fn what_is_needed_no_more_is_dropped_and_the_chain_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, _) = written(&folder, 6).await;
    let restoring = Fact::Restoring {
        restore: "r".to_owned(),
        backup: None,
    };
    let later = NOW + std::time::Duration::from_hours(1);
    let mark = ledger.note(&restoring, NOW).await.unwrap();
    ledger.note(&cancelled(8), later).await.unwrap();
    let other = self::ledger(&folder);
    let before = other.tip().await.unwrap();
    let behind = ledger.entries_behind(mark).await.unwrap();

    assert_eq!(ledger.compact(3, NOW).await, Ok(0), "nothing is old enough");
    assert_eq!(ledger.compact(mark.sequence + 1, later).await, Ok(8));
    assert_eq!(ledger.compact(mark.sequence + 1, later).await, Ok(0));

    let report = ledger.check().await.unwrap();
    assert_eq!(
        (report.lines, report.sequence, report.generation),
        (2, 9, 1)
    );
    assert_eq!(report.head, before.head.to_string());
    assert_eq!(ledger.entries_behind(mark).await, Ok(behind));
    let noted = other.note(&cancelled(9), later).await.unwrap();
    assert_eq!(noted.sequence, 10);
    assert_eq!(ledger.tip().await.unwrap().last(), noted);
    let too_early = Noted {
        sequence: 3,
        head: Digest::NOTHING,
    };
    assert_eq!(ledger.entries_behind(too_early).await, Ok(None));
}
