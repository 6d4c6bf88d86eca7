//! Holding a database against the ledger: what the ledger knows and the database does not.
//!
//! Only what stands behind the database's bookmark is looked at. Of each erasure the last word counts: erased, else cancelled,
//! else confirmed. An erasure that the database knows, however far it has come, goes on by itself; one that it has never
//! heard of means that it is an older copy, and so does a legal hold that stands.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Case, Fact, HoldNote, LedgerError, Noted, entry::Entry};
use crate::{
    db::{Db, Error, value::args},
    id::ErasureId,
    services::Services,
    time::Timestamp,
    vault::VerifyingKey,
};

/// What the ledger knows and the database does not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Difference {
    /// Every erasure that was completed, in the order in which they were, whether the database knows of it or not.
    pub(crate) gone: Vec<Case>,
    /// Those of them of which it does not.
    pub(crate) erased: Vec<Case>,
    /// Erasures that were confirmed and had not ended.
    pub(crate) confirmed: Vec<Case>,
    /// Erasures that wait here and were cancelled.
    pub(crate) cancelled: Vec<ErasureId>,
    /// Legal holds that stand, with their days, whether the database knows of them or not.
    pub(crate) held: Vec<HoldNote>,
    /// How many of them it does not.
    pub(crate) holds_unknown: usize,
    /// Legal holds that have ended.
    pub(crate) holds_ended: Vec<String>,
    /// What keys opened that were destroyed.
    pub(crate) destroyed: Vec<String>,
    /// Keys that signed receipts, and since when.
    pub(crate) receipt_keys: Vec<(VerifyingKey, Timestamp)>,
}

impl Difference {
    /// Whether the database is an older copy.
    pub(crate) const fn is_behind(&self) -> bool {
        !self.erased.is_empty() || !self.confirmed.is_empty() || self.holds_unknown > 0
    }
}

/// Why they cannot be held against each other.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompareError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger does not hold the line up to which the database has followed it.
    #[error("the ledger does not hold the line up to which the database has followed it")]
    LineMissing,
    /// The database fails.
    #[error(transparent)]
    Database(#[from] Error),
}

/// What the ledger knows behind this line and the database does not.
pub(crate) async fn difference(
    services: &Services,
    line: Noted,
) -> Result<Difference, CompareError> {
    let entries = services
        .ledger
        .entries_behind(line)
        .await?
        .ok_or(CompareError::LineMissing)?;
    if entries.is_empty() {
        return Ok(Difference::default());
    }
    let known = Known {
        states: states(&services.db).await?,
        holds: holds(&services.db).await?,
        now: services.now(),
    };
    Ok(Noticed::in_all(entries).unknown_to(&known))
}

/// What the database knows.
struct Known {
    /// Erasures, and how they stand.
    states: HashMap<String, String>,
    /// Legal holds, ended ones as well.
    holds: HashSet<String>,
    /// A hold whose day has come by now has ended, noted or not.
    now: Timestamp,
}

async fn states(db: &Db) -> Result<HashMap<String, String>, Error> {
    let rows: Vec<(String, String)> = db
        .fetch_all(
            "-- states_of_erasures
             SELECT id, state FROM erasures",
            args![],
        )
        .await?;
    Ok(rows.into_iter().collect())
}

async fn holds(db: &Db) -> Result<HashSet<String>, Error> {
    let rows: Vec<(String,)> = db
        .fetch_all(
            "-- known_holds
             SELECT id FROM holds",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The last word on an erasure.
enum Word {
    Confirmed(Case),
    Cancelled,
    Erased(Case),
}

/// What the entries say, each erasure once, in the order in which it was last spoken of.
#[derive(Default)]
struct Noticed {
    words: BTreeMap<i64, (ErasureId, Word)>,
    spoken_of: HashMap<ErasureId, i64>,
    /// The last word on each hold that was not ended.
    held: BTreeMap<String, HoldNote>,
    rest: Difference,
}

impl Noticed {
    fn in_all(entries: Vec<Entry>) -> Self {
        let mut noticed = Self::default();
        for entry in entries {
            noticed.read(entry);
        }
        noticed
    }

    fn read(&mut self, entry: Entry) {
        match entry.fact {
            Fact::Confirmed(case) => {
                // A note that came late says nothing new.
                if !self.spoken_of.contains_key(&case.erasure) {
                    let id = case.erasure.clone();
                    self.say(entry.sequence, id, Word::Confirmed(case));
                }
            }
            Fact::Cancelled { erasure } => {
                if !self.is_erased(&erasure) {
                    self.say(entry.sequence, erasure, Word::Cancelled);
                }
            }
            Fact::Erased { case, .. } => {
                let id = case.erasure.clone();
                self.say(entry.sequence, id, Word::Erased(case));
            }
            Fact::Held(note) => {
                if !self.rest.holds_ended.contains(&note.hold) {
                    self.held.insert(note.hold.clone(), note);
                }
            }
            Fact::HoldEnded { hold } => {
                self.held.remove(&hold);
                self.rest.holds_ended.push(hold);
            }
            Fact::KeyDestroyed { scope } => self.rest.destroyed.push(scope),
            Fact::ReceiptKey { key } => self.rest.receipt_keys.push((key, entry.at)),
            Fact::Opened { .. }
            | Fact::Anchor { .. }
            | Fact::Restoring { .. }
            | Fact::Restored { .. } => {}
        }
    }

    fn say(&mut self, sequence: i64, erasure: ErasureId, word: Word) {
        if let Some(before) = self.spoken_of.insert(erasure.clone(), sequence) {
            self.words.remove(&before);
        }
        self.words.insert(sequence, (erasure, word));
    }

    fn is_erased(&self, erasure: &ErasureId) -> bool {
        let word = self
            .spoken_of
            .get(erasure)
            .and_then(|sequence| self.words.get(sequence));
        matches!(word, Some((_, Word::Erased(_))))
    }

    fn unknown_to(self, known: &Known) -> Difference {
        let mut difference = self.rest;
        let stands = |note: &HoldNote| note.expires_at > known.now;
        difference.held = self.held.into_values().filter(stands).collect();
        difference.holds_unknown = difference
            .held
            .iter()
            .filter(|note| !known.holds.contains(&note.hold))
            .count();
        for (erasure, word) in self.words.into_values() {
            if let Word::Erased(case) = &word {
                difference.gone.push(case.clone());
            }
            match (word, known.states.get(erasure.as_str()).map(String::as_str)) {
                (Word::Erased(case), None) => difference.erased.push(case),
                (Word::Confirmed(case), None) => difference.confirmed.push(case),
                (Word::Cancelled, Some("waiting" | "held")) => difference.cancelled.push(erasure),
                (Word::Erased(_) | Word::Confirmed(_) | Word::Cancelled, _) => {}
            }
        }
        difference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{canonical::Digest, hold::Basis, ledger::SubjectRef, random::ChaChaRandom};

    fn case(number: u64) -> Case {
        let at = Timestamp::from_millis(1_000);
        Case {
            erasure: ErasureId::mint(at, &ChaChaRandom::from_number(number)),
            reference: format!("QD-{number}"),
            links: vec![Digest::NOTHING],
            confirmed_at: at,
            starts_at: at,
            subjects: vec![],
        }
    }

    fn confirmed(number: u64) -> Fact {
        Fact::Confirmed(case(number))
    }

    fn cancelled(number: u64) -> Fact {
        Fact::Cancelled {
            erasure: case(number).erasure,
        }
    }

    fn erased(number: u64) -> Fact {
        Fact::Erased {
            case: case(number),
            receipt: Digest::NOTHING,
        }
    }

    fn held_against(facts: Vec<Fact>, known: &[(u64, &str)]) -> Difference {
        let entries = (1..).zip(facts).map(|(sequence, fact)| Entry {
            sequence,
            at: Timestamp::from_millis(sequence),
            fact,
            previous: Digest::NOTHING,
        });
        let states = known
            .iter()
            .map(|(number, state)| (case(*number).erasure.to_string(), (*state).to_owned()));
        let known = Known {
            states: states.collect(),
            holds: HashSet::from(["known".to_owned()]),
            now: Timestamp::from_millis(500),
        };
        Noticed::in_all(entries.collect()).unknown_to(&known)
    }

    fn held(hold: &str, review_at: i64, expires_at: i64) -> Fact {
        Fact::Held(HoldNote {
            hold: hold.to_owned(),
            basis: Basis::Authority,
            subject: SubjectRef {
                kind: "case".to_owned(),
                id: "x".to_owned(),
            },
            organization: None,
            placed_at: Timestamp::from_millis(0),
            review_at: Timestamp::from_millis(review_at),
            expires_at: Timestamp::from_millis(expires_at),
        })
    }

    fn ended(hold: &str) -> Fact {
        Fact::HoldEnded {
            hold: hold.to_owned(),
        }
    }

    fn references(cases: &[Case]) -> Vec<&str> {
        cases.iter().map(|case| case.reference.as_str()).collect()
    }

    #[test]
    fn a_database_that_never_heard_of_an_erasure_is_behind() {
        let difference = held_against(
            vec![
                confirmed(1),
                confirmed(2),
                erased(2),
                confirmed(3),
                erased(1),
                erased(1),
            ],
            &[],
        );

        assert!(difference.is_behind());
        assert_eq!(references(&difference.erased), ["QD-2", "QD-1"]);
        assert_eq!(references(&difference.confirmed), ["QD-3"]);
    }

    #[test]
    fn an_erasure_that_the_database_knows_goes_on_by_itself() {
        let facts = || vec![confirmed(1), erased(1), confirmed(2)];

        assert!(held_against(facts(), &[(1, "completed")]).is_behind());
        let known = [(1, "erasing"), (2, "waiting")];
        assert!(!held_against(facts(), &known).is_behind());
    }

    #[test]
    fn what_was_cancelled_is_not_erased_whatever_order_the_notes_came_in() {
        for facts in [
            vec![confirmed(1), cancelled(1)],
            vec![cancelled(1), confirmed(1)],
        ] {
            assert!(!held_against(facts.clone(), &[]).is_behind());
            let waiting = held_against(facts.clone(), &[(1, "waiting")]);
            assert_eq!(waiting.cancelled, [case(1).erasure]);
            assert_eq!(held_against(facts, &[(1, "erasing")]).cancelled, []);
        }
    }

    #[test]
    fn a_hold_that_stands_counts_with_its_last_days_and_one_that_has_ended_never() {
        let difference = held_against(
            vec![
                held("known", 501, 900),
                held("lifted", 501, 900),
                held("known", 700, 900),
                ended("lifted"),
                held("lifted", 700, 900),
                held("over", 400, 500),
            ],
            &[],
        );

        assert!(!difference.is_behind());
        let Fact::Held(last) = held("known", 700, 900) else {
            panic!("a hold")
        };
        assert_eq!(difference.held, [last]);
        assert_eq!(difference.holds_ended, ["lifted"]);
        assert!(held_against(vec![held("new", 501, 900)], &[]).is_behind());
    }

    #[test]
    fn what_was_erased_after_all_is_erased_whoever_tried_to_cancel_it() {
        for facts in [
            vec![confirmed(1), cancelled(1), erased(1)],
            vec![confirmed(1), erased(1), cancelled(1)],
        ] {
            let difference = held_against(facts, &[]);
            assert_eq!(references(&difference.erased), ["QD-1"]);
        }
    }
}
