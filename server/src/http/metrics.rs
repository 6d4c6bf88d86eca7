//! Numbers for whoever watches, in Prometheus' text format. Counts only; no name of anybody can be a label.

use std::fmt::{Display, Write as _};

use axum::{Extension, extract::State, http::header, response::IntoResponse};
use erasure::{
    backup::{self, Watch},
    disconnection,
    graph::{Circuit, Health},
    progress,
    request::clock,
    services::Services,
    suppression,
    time::Timestamp,
    watch,
};

use super::{Counters, Problem};

pub(super) async fn show(
    State(services): State<Services>,
    Extension(counters): Extension<Counters>,
) -> Result<impl IntoResponse, Problem> {
    let totals = watch::totals(&services).await?;
    let mut page = page(&totals, services.now());
    let unconfirmed = disconnection::unconfirmed(&services.db).await?;
    page.meta(&services.graph.health(), unconfirmed);
    page.requests(&clock::totals(&services).await?);
    page.gauge(
        "qliento_erased_contacts_found_again",
        "Erased people who are among an organization's contacts again without having written.",
        suppression::found_total(&services.db).await?,
    );
    if let Some(watch) = backup::last_look(&services.db).await? {
        page.backups(&watch, services.now());
    }
    let mut text = page.0;
    counters.write(&mut text);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}

fn page(totals: &watch::Totals, now: Timestamp) -> Page {
    let seconds_since =
        |at: Option<i64>| at.map_or(0, |at| now.since(Timestamp::from_millis(at)).as_secs());
    let jobs = &totals.jobs;
    let mut page = Page::default();
    for (name, help, value) in [
        ("due", "Jobs that could be worked on now.", jobs.due),
        ("parked", "Jobs that wait for a person.", jobs.parked),
    ] {
        page.gauge(&format!("qliento_jobs_{name}"), help, value);
    }
    for (name, help, at) in [
        (
            "qliento_jobs_oldest_due_seconds",
            "How long the oldest due job has waited.",
            jobs.oldest_due_at,
        ),
        (
            "qliento_erasures_paused_seconds",
            "How long an operator has held erasures back.",
            jobs.paused_at,
        ),
        (
            "qliento_erasures_oldest_seconds",
            "How long ago the oldest unfinished erasure began.",
            totals.unfinished.oldest_began_at,
        ),
    ] {
        page.gauge(name, help, seconds_since(at));
    }
    page.erasures(totals);
    page.holds(totals);
    page.held_up(totals);
    page
}

/// The text so far.
#[derive(Default)]
struct Page(String);

impl Page {
    /// How erasures stand against what was promised.
    fn erasures(&mut self, totals: &watch::Totals) {
        self.gauge(
            "qliento_erasures_promised_seconds",
            "Within how long of its beginning an erasure is promised.",
            progress::PROMISE.as_secs(),
        );
        self.gauge(
            "qliento_erasures_overdue",
            "Unfinished erasures past what was promised.",
            totals.unfinished.overdue,
        );
        self.head(
            "qliento_read_back_found_rows_total",
            "Rows and files that a read-back found after they should have gone.",
            "counter",
        );
        self.sample("qliento_read_back_found_rows_total", &[], totals.found_rows);
        self.head("qliento_erasures", "Erasures by state.", "gauge");
        for (state, count) in &totals.erasures {
            self.sample("qliento_erasures", &[("state", state)], count);
        }
    }

    /// What the law keeps from being deleted.
    fn holds(&mut self, totals: &watch::Totals) {
        self.gauge(
            "qliento_holds_active",
            "Legal holds that stand.",
            totals.holds.active,
        );
        self.gauge(
            "qliento_holds_past_review",
            "Legal holds whose review is overdue.",
            totals.holds.past_review,
        );
        self.gauge(
            "qliento_holds_waiting_erasures",
            "Deletions that wait for a legal hold.",
            totals.holds.held_erasures,
        );
    }

    /// How this process gets on with Meta.
    fn meta(&mut self, health: &Health, unconfirmed: i64) {
        self.gauge(
            "qliento_meta_unconfirmed",
            "Things to undo at Meta that live data did not wait for any more.",
            unconfirmed,
        );
        self.gauge(
            "qliento_meta_circuit_open",
            "Whether this process holds back from asking Meta.",
            u8::from(health.circuit != Circuit::Closed),
        );
        self.head(
            "qliento_meta_answers_total",
            "Answers of Meta's since this process started.",
            "counter",
        );
        for (answer, count) in &health.answers {
            self.sample("qliento_meta_answers_total", &[("answer", answer)], count);
        }
    }

    /// How requests stand against the law's terms.
    fn requests(&mut self, totals: &clock::Totals) {
        self.head("qliento_requests", "Requests by state.", "gauge");
        for (state, count) in &totals.states {
            self.sample("qliento_requests", &[("state", state)], count);
        }
        self.head(
            "qliento_request_terms_past",
            "Open terms past this percentage of their time.",
            "gauge",
        );
        for (percent, count) in &totals.past {
            let percent = percent.to_string();
            self.sample(
                "qliento_request_terms_past",
                &[("percent", &percent)],
                count,
            );
        }
        self.gauge(
            "qliento_request_terms_overdue",
            "Open terms that are over.",
            totals.overdue,
        );
        self.gauge(
            "qliento_requests_unacknowledged",
            "Requests that were not acknowledged within 72 hours.",
            totals.unacknowledged,
        );
    }

    /// What the last look at the backups saw.
    fn backups(&mut self, watch: &Watch, now: Timestamp) {
        let age = |at: Option<Timestamp>| at.map_or(0, |at| now.since(at).as_secs());
        for (name, help, value) in [
            (
                "copies",
                "Backups that could be restored.",
                watch.copies.unsigned_abs(),
            ),
            (
                "unreadable",
                "Backups that could not.",
                watch.unreadable.unsigned_abs(),
            ),
            (
                "oldest_seconds",
                "Age of the oldest backup.",
                age(watch.oldest_at),
            ),
            (
                "newest_seconds",
                "Age of the newest backup that could be restored.",
                age(watch.newest_at),
            ),
            (
                "looked_seconds",
                "How long ago the store was looked at.",
                age(Some(watch.looked_at)),
            ),
            (
                "promise_broken",
                "1: a backup is there that people were told is gone.",
                u64::from(watch.breaks_the_promise(now)),
            ),
        ] {
            self.gauge(&format!("qliento_backups_{name}"), help, value);
        }
    }

    /// Why jobs do not get on.
    fn held_up(&mut self, totals: &watch::Totals) {
        self.head(
            "qliento_jobs_held_up",
            "Jobs that do not get on, by the reason: parked ones wait for a person, the others are tried again.",
            "gauge",
        );
        for held_up in &totals.held_up {
            let state = if held_up.parked { "parked" } else { "waiting" };
            let labels = [
                ("kind", held_up.kind.as_str()),
                ("state", state),
                ("cause", &held_up.cause),
            ];
            self.sample("qliento_jobs_held_up", &labels, held_up.jobs);
        }
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, help, "gauge");
        self.sample(name, &[], value);
    }

    fn head(&mut self, name: &str, help: &str, kind: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<_> = labels
            .iter()
            .map(|(label, text)| format!("{label}=\"{}\"", escaped(text)))
            .collect();
        let _ = match labels[..] {
            [] => writeln!(self.0, "{name} {value}"),
            _ => writeln!(self.0, "{name}{{{}}} {value}", labels.join(",")),
        };
    }
}

/// What may not stand in a label as it is.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_written_as_prometheus_reads_it() {
        let mut page = Page::default();
        page.sample(
            "held_up",
            &[("kind", "erasure"), ("cause", "a \"b\"\nc\\")],
            2,
        );
        page.sample("due", &[], 0);

        assert_eq!(
            page.0,
            "held_up{kind=\"erasure\",cause=\"a \\\"b\\\"\\nc\\\\\"} 2\ndue 0\n"
        );
    }
}
