//! What is copied batch by batch, and how it is written: for spreadsheets or for programs.

use std::future::Future;

use axum::body::{Body, Bytes};
use erasure::{
    db,
    request::desk::{Register, Registered},
    staff::audit::{Copying, Recorded},
    time::Timestamp,
};
use futures::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};

use crate::csv;

/// How a copy is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// For spreadsheets.
    #[default]
    Csv,
    /// For programs.
    Json,
}

/// Something that is copied batch by batch.
pub(super) trait Batches: Send + 'static {
    /// One entry.
    type Entry: Serialize + Send;

    /// What the columns are called.
    const COLUMNS: &'static [&'static str];

    /// The next entries; empty when there are no more.
    fn batch(&mut self) -> impl Future<Output = Result<Vec<Self::Entry>, db::Error>> + Send;

    /// An entry's cells, in the order of the columns.
    fn cells(entry: &Self::Entry) -> Vec<String>;
}

/// The copy, batch by batch. A database that fails midway breaks the download off: half a copy must not look whole.
pub(super) fn written<B: Batches>(copy: B, format: Format) -> Body {
    let (begin, end) = match format {
        Format::Csv => {
            let head = csv::line(B::COLUMNS.iter().copied());
            (format!("{}{head}", csv::MARK), "")
        }
        Format::Json => ("[".to_owned(), "\n]\n"),
    };
    let rows = stream::try_unfold((copy, true), move |(mut copy, is_first)| async move {
        let entries = copy.batch().await?;
        if entries.is_empty() {
            return Ok::<_, db::Error>(None);
        }
        let text: String = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| row::<B>(entry, format, is_first && index == 0))
            .collect();
        Ok(Some((Bytes::from(text), (copy, false))))
    });
    let whole = stream::once(async move { Ok(Bytes::from(begin)) })
        .chain(rows)
        .chain(stream::once(async move {
            Ok(Bytes::from_static(end.as_bytes()))
        }));
    Body::from_stream(whole)
}

fn row<B: Batches>(entry: &B::Entry, format: Format, is_first: bool) -> String {
    match format {
        Format::Csv => csv::line(B::cells(entry).iter().map(String::as_str)),
        Format::Json => {
            let separator = if is_first { "\n" } else { ",\n" };
            let entry = serde_json::to_string(entry).unwrap_or_default();
            format!("{separator}{entry}")
        }
    }
}

impl Batches for Copying {
    type Entry = Recorded;

    const COLUMNS: &'static [&'static str] = &[
        "position",
        "occurred_at",
        "staff_id",
        "email",
        "role",
        "act",
        "outcome",
        "subject_kind",
        "subject",
        "detail",
    ];

    async fn batch(&mut self) -> Result<Vec<Recorded>, db::Error> {
        self.next().await
    }

    fn cells(entry: &Recorded) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            entry.position.to_string(),
            Timestamp::from_millis(entry.occurred_at).to_rfc3339(),
            text(&entry.staff_id),
            text(&entry.email),
            entry.role.clone(),
            entry.act.clone(),
            entry.outcome.clone(),
            text(&entry.subject_kind),
            text(&entry.subject),
            text(&entry.detail),
        ]
    }
}

impl Batches for Register {
    type Entry = Registered;

    const COLUMNS: &'static [&'static str] = &[
        "reference",
        "channel",
        "role",
        "state",
        "received_at",
        "acknowledged_at",
        "proven_at",
        "due_at",
        "extended_to",
        "closed_at",
        "parts",
        "erased",
        "refused",
    ];

    async fn batch(&mut self) -> Result<Vec<Registered>, db::Error> {
        self.next().await
    }

    fn cells(entry: &Registered) -> Vec<String> {
        let moment = |at: Option<Timestamp>| at.map(Timestamp::to_rfc3339).unwrap_or_default();
        vec![
            entry.reference.clone(),
            entry.channel.clone(),
            entry.role.clone().unwrap_or_default(),
            entry.state.clone(),
            entry.received_at.to_rfc3339(),
            moment(entry.acknowledged_at),
            moment(entry.proven_at),
            entry.due_at.to_rfc3339(),
            moment(entry.extended_to),
            moment(entry.closed_at),
            entry.parts.to_string(),
            entry.erased.to_string(),
            entry.refused.to_string(),
        ]
    }
}
