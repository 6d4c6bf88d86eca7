//! `qliento bench`: the engine against the best hand-written SQL, with a bystander on the same database.
//!
//! Both delete the same data: the hand-written statements run on a copy of the seeded file, in one transaction, with the
//! same settings. Rounds alternate; medians are reported. What was not measured is null.

mod bystander;
mod hand_written;
mod round;

use std::process::ExitCode;

use serde::Serialize;

use self::round::Round;
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Erase one organization, from confirmation to receipt.
    Erase(Args),
}

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Messages of the organization.
    #[arg(long, default_value_t = 10_000)]
    messages: u64,
    /// Rounds; three up to 100,000 messages, one above.
    #[arg(long)]
    rounds: Option<usize>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    backend: &'static str,
    messages: u64,
    rows: u64,
    seconds: f64,
    rows_per_second: f64,
    hand_written_seconds: f64,
    ratio: f64,
    peak_rss_mib: Option<f64>,
    bystander: Bystander,
}

#[derive(Serialize)]
struct Bystander {
    before_p99_ms: Option<f64>,
    during_p99_ms: Option<f64>,
}

pub(super) async fn run(Command::Erase(args): Command) -> anyhow::Result<ExitCode> {
    let rounds = args
        .rounds
        .unwrap_or(if args.messages <= 100_000 { 3 } else { 1 })
        .max(1);
    let mut measured = Vec::new();
    for number in 1..=rounds {
        out::error(&format!("round {number} of {rounds} …"));
        measured.push(round::measure(args.messages).await?);
    }
    let report = report(args.messages, &measured);
    if args.json {
        out::json(&report)?;
    } else {
        table(&report);
    }
    Ok(ExitCode::SUCCESS)
}

fn report(messages: u64, rounds: &[Round]) -> Report {
    let median_of =
        |figure: fn(&Round) -> f64| median(rounds.iter().map(figure).collect()).unwrap_or_default();
    let rows = rounds.first().map_or(0, |round| round.rows);
    let (seconds, hand_written_seconds) = (
        median_of(|round| round.seconds),
        median_of(|round| round.hand_written_seconds),
    );
    Report {
        backend: "sqlite",
        messages,
        rows,
        seconds,
        rows_per_second: median_of(Round::rows_per_second),
        hand_written_seconds,
        ratio: hand_written_seconds / seconds,
        peak_rss_mib: median(
            rounds
                .iter()
                .filter_map(|round| round.peak_rss_mib)
                .collect(),
        ),
        bystander: Bystander {
            before_p99_ms: median(
                rounds
                    .iter()
                    .filter_map(|round| round.before_p99_ms)
                    .collect(),
            ),
            during_p99_ms: median(
                rounds
                    .iter()
                    .filter_map(|round| round.during_p99_ms)
                    .collect(),
            ),
        },
    }
}

fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

fn table(report: &Report) {
    let shown = |figure: Option<f64>| {
        figure.map_or_else(
            || "not measured".to_owned(),
            |figure| format!("{figure:.1}"),
        )
    };
    out::line(&format!(
        "{} messages, {} rows, {}",
        report.messages, report.rows, report.backend
    ));
    out::line(&format!(
        "  confirmation to receipt   {:>10.2} s   {:>10.0} rows/s",
        report.seconds, report.rows_per_second
    ));
    out::line(&format!(
        "  hand-written SQL          {:>10.2} s",
        report.hand_written_seconds
    ));
    out::line(&format!(
        "  ratio                     {:>10.2}",
        report.ratio
    ));
    out::line(&format!(
        "  peak memory               {:>10} MiB",
        shown(report.peak_rss_mib)
    ));
    out::line(&format!(
        "  bystander p99 before      {:>10} ms",
        shown(report.bystander.before_p99_ms)
    ));
    out::line(&format!(
        "  bystander p99 during      {:>10} ms",
        shown(report.bystander.during_p99_ms)
    ));
}
