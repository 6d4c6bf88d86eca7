//! Numbers for whoever watches, in Prometheus' text format. Counts only; no name of anybody can be a label.

use std::fmt::Write as _;

use axum::{Extension, extract::State, http::header, response::IntoResponse};
use erasure::{
    backup::{self, Watch},
    disconnection,
    graph::{Circuit, Health},
    progress,
    request::clock,
    retention::HoldTotals,
    services::Services,
    suppression,
    time::Timestamp,
};

use super::{Counters, Problem};

pub(super) async fn show(
    State(services): State<Services>,
    Extension(counters): Extension<Counters>,
) -> Result<impl IntoResponse, Problem> {
    let totals = progress::totals(&services).await?;
    let found_again = suppression::found_total(&services.db).await?;
    let seconds_since = |at: Option<i64>| {
        at.map_or(0, |at| {
            services.now().since(Timestamp::from_millis(at)).as_secs()
        })
    };
    let (age, paused) = (
        seconds_since(totals.jobs.oldest_due_at),
        seconds_since(totals.jobs.paused_at),
    );
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# HELP qliento_jobs_due Jobs that could be worked on now.\n# TYPE qliento_jobs_due gauge\nqliento_jobs_due {}",
        totals.jobs.due
    );
    let _ = writeln!(
        text,
        "# HELP qliento_jobs_parked Jobs that wait for a person.\n# TYPE qliento_jobs_parked gauge\nqliento_jobs_parked {}",
        totals.jobs.parked
    );
    let _ = writeln!(
        text,
        "# HELP qliento_jobs_oldest_due_seconds How long the oldest due job has waited.\n# TYPE qliento_jobs_oldest_due_seconds gauge\nqliento_jobs_oldest_due_seconds {age}"
    );
    let _ = writeln!(
        text,
        "# HELP qliento_erasures_paused_seconds How long an operator has held erasures back.\n# TYPE qliento_erasures_paused_seconds gauge\nqliento_erasures_paused_seconds {paused}"
    );
    let _ = writeln!(
        text,
        "# HELP qliento_read_back_found_rows_total Rows and files that a read-back found after they should have gone.\n# TYPE qliento_read_back_found_rows_total counter\nqliento_read_back_found_rows_total {}",
        totals.found_rows
    );
    write_holds(&mut text, &totals.holds);
    let _ = writeln!(
        text,
        "# HELP qliento_meta_unconfirmed Things to undo at Meta that live data did not wait for any more.\n# TYPE qliento_meta_unconfirmed gauge\nqliento_meta_unconfirmed {}",
        disconnection::unconfirmed(&services.db).await?
    );
    at_meta(&mut text, &services.graph.health());
    if let Some(watch) = backup::last_look(&services.db).await? {
        backups(&mut text, &watch, services.now());
    }
    text.push_str("# HELP qliento_erasures Erasures by state.\n# TYPE qliento_erasures gauge\n");
    for (state, count) in totals.erasures {
        let _ = writeln!(text, "qliento_erasures{{state=\"{state}\"}} {count}");
    }
    write_clocks(&mut text, &clock::totals(&services).await?);
    let _ = writeln!(
        text,
        "# HELP qliento_erased_contacts_found_again Erased people who are among an organization's contacts again without having written.\n# TYPE qliento_erased_contacts_found_again gauge\nqliento_erased_contacts_found_again {found_again}"
    );
    counters.write(&mut text);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}

/// Legal holds, and what they keep waiting.
fn write_holds(text: &mut String, holds: &HoldTotals) {
    for (name, what, count) in [
        ("active", "Legal holds that stand.", holds.active),
        (
            "past_review",
            "Legal holds whose review is overdue.",
            holds.past_review,
        ),
        (
            "waiting_erasures",
            "Deletions that wait for a legal hold.",
            holds.held_erasures,
        ),
    ] {
        let _ = writeln!(
            text,
            "# HELP qliento_holds_{name} {what}\n# TYPE qliento_holds_{name} gauge\nqliento_holds_{name} {count}"
        );
    }
}

/// How this process gets on with Meta.
fn at_meta(text: &mut String, health: &Health) {
    let open = u8::from(health.circuit != Circuit::Closed);
    let _ = writeln!(
        text,
        "# HELP qliento_meta_circuit_open Whether this process holds back from asking Meta.\n# TYPE qliento_meta_circuit_open gauge\nqliento_meta_circuit_open {open}"
    );
    text.push_str(
        "# HELP qliento_meta_answers_total Answers of Meta's since this process started.\n# TYPE qliento_meta_answers_total counter\n",
    );
    for (answer, count) in &health.answers {
        let _ = writeln!(
            text,
            "qliento_meta_answers_total{{answer=\"{answer}\"}} {count}"
        );
    }
}

/// The terms of people's requests.
fn write_clocks(text: &mut String, totals: &clock::Totals) {
    text.push_str("# HELP qliento_requests Requests by state.\n# TYPE qliento_requests gauge\n");
    for (state, count) in &totals.states {
        let _ = writeln!(text, "qliento_requests{{state=\"{state}\"}} {count}");
    }
    text.push_str("# HELP qliento_request_terms_past Open terms past this percentage of their time.\n# TYPE qliento_request_terms_past gauge\n");
    for (percent, count) in &totals.past {
        let _ = writeln!(
            text,
            "qliento_request_terms_past{{percent=\"{percent}\"}} {count}"
        );
    }
    let _ = writeln!(
        text,
        "# HELP qliento_request_terms_overdue Open terms that are over.\n# TYPE qliento_request_terms_overdue gauge\nqliento_request_terms_overdue {}",
        totals.overdue
    );
    let _ = writeln!(
        text,
        "# HELP qliento_requests_unacknowledged Requests that were not acknowledged within 72 hours.\n# TYPE qliento_requests_unacknowledged gauge\nqliento_requests_unacknowledged {}",
        totals.unacknowledged
    );
}

/// What the last look at the backups saw.
fn backups(text: &mut String, watch: &Watch, now: Timestamp) {
    let age = |at: Option<Timestamp>| at.map_or(0, |at| now.since(at).as_secs());
    for (name, help, number) in [
        (
            "copies",
            "Backups that could be restored",
            watch.copies.unsigned_abs(),
        ),
        (
            "unreadable",
            "Backups that could not",
            watch.unreadable.unsigned_abs(),
        ),
        (
            "oldest_seconds",
            "Age of the oldest backup",
            age(watch.oldest_at),
        ),
        (
            "newest_seconds",
            "Age of the newest backup that could be restored",
            age(watch.newest_at),
        ),
        (
            "looked_seconds",
            "How long ago the store was looked at",
            age(Some(watch.looked_at)),
        ),
        (
            "promise_broken",
            "1: a backup is there that people were told is gone",
            u64::from(watch.breaks_the_promise(now)),
        ),
    ] {
        let _ = writeln!(
            text,
            "# HELP qliento_backups_{name} {help}.\n# TYPE qliento_backups_{name} gauge\nqliento_backups_{name} {number}"
        );
    }
}
