//! The desk in figures: how many asked each month, how old what is open has become, how long it took.

use std::collections::BTreeMap;

use super::DeskError;
use crate::{
    db::value::args,
    request::Stage,
    services::Services,
    staff::{Act, Staff},
    time::Timestamp,
};

/// How many months are looked at.
const MONTHS: i64 = 12;
const DAY_MS: i64 = 24 * 3_600_000;
/// The age of open requests, in whole days: each number is where the next group begins.
const AGES: [i64; 5] = [0, 8, 15, 22, 31];

/// The figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Month by month, the oldest first.
    pub months: Vec<Month>,
    /// What is open, by its age.
    pub ages: Vec<Age>,
}

/// One calendar month, where the deployment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// A moment in it.
    pub at: Timestamp,
    /// Requests that came in.
    pub received: i64,
    /// Requests that were completed.
    pub completed: i64,
    /// Requests that were refused.
    pub refused: i64,
    /// From question to the last erasure, in days: half of what was completed took no longer.
    pub median_days: Option<i64>,
}

/// Open requests of one age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// From so many days on.
    pub from: i64,
    /// To so many days; `None`: older.
    pub to: Option<i64>,
    /// How many.
    pub open: i64,
}

/// The figures of the last twelve months.
///
/// # Errors
/// See [`DeskError`].
pub async fn figures(services: &Services, staff: &Staff) -> Result<Figures, DeskError> {
    staff.check(services, Act::ReadFigures).await?;
    let now = services.now();
    let zone = &services.settings.time_zone;
    let since = zone.month_begin(now, 1 - MONTHS);
    let rows: Vec<(String, i64, Option<i64>)> = services
        .db
        .fetch_all(
            "-- requests_for_figures
             SELECT state, received_at, closed_at FROM requests
             WHERE  received_at >= $1 OR closed_at >= $1 OR closed_at IS NULL",
            args![since],
        )
        .await?;
    let mut months: BTreeMap<i64, (Month, Vec<i64>)> = (0..MONTHS)
        .map(|back| zone.month_begin(now, back + 1 - MONTHS))
        .map(|at| (at.as_millis(), (Month::empty(at), vec![])))
        .collect();
    let mut ages: Vec<Age> = AGES
        .iter()
        .zip(AGES.iter().skip(1).map(Some).chain([None]))
        .map(|(from, next)| Age {
            from: *from,
            to: next.map(|next| next - 1),
            open: 0,
        })
        .collect();
    for (state, received_at, closed_at) in rows {
        if let Some((month, _)) = months
            .range_mut(..=received_at)
            .next_back()
            .map(|(_, month)| month)
        {
            month.received += 1;
        }
        match closed_at {
            None => count_age(&mut ages, (now.as_millis() - received_at) / DAY_MS),
            Some(closed_at) => {
                let of_month = months.range_mut(..=closed_at).next_back();
                if let Some((_, (month, took))) = of_month {
                    match state.parse() {
                        Ok(Stage::Completed) => {
                            month.completed += 1;
                            took.push((closed_at - received_at) / DAY_MS);
                        }
                        Ok(Stage::Refused) => month.refused += 1,
                        _ => {}
                    }
                }
            }
        }
    }
    let months = months.into_values().map(|(month, took)| month.with(took));
    Ok(Figures {
        months: months.collect(),
        ages,
    })
}

impl Month {
    const fn empty(at: Timestamp) -> Self {
        Self {
            at,
            received: 0,
            completed: 0,
            refused: 0,
            median_days: None,
        }
    }

    fn with(self, mut took: Vec<i64>) -> Self {
        took.sort_unstable();
        let middle = took.len().saturating_sub(1) / 2;
        Self {
            median_days: took.get(middle).copied(),
            ..self
        }
    }
}

fn count_age(ages: &mut [Age], days: i64) {
    let group = ages.iter_mut().rev().find(|age| age.from <= days.max(0));
    if let Some(age) = group {
        age.open += 1;
    }
}
