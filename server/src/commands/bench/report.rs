//! What is said of all rounds together: an object for programs, a table for people.

use serde::Serialize;

use super::{
    bystander::Latencies,
    figures::{median, percentile},
    measure::{Measured, Way},
};
use crate::out;

/// The object that `--json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    backend: String,
    messages: u64,
    rows: Option<u32>,
    seconds: Option<f64>,
    rows_per_second: Option<f64>,
    hand_written_seconds: Option<f64>,
    /// The engine's rows a second over the hand-written SQL's.
    ratio: Option<f64>,
    peak_rss_mib: Option<f64>,
    bystander: Bystander,
    /// How others did with the same rows, when they were asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    peers: Vec<Peer>,
}

/// Somebody else's way.
#[derive(Debug, Serialize)]
struct Peer {
    way: Way,
    rows: u32,
    seconds: Option<f64>,
    rows_per_second: Option<f64>,
    /// The engine's rows a second over theirs.
    ratio: Option<f64>,
    peak_rss_mib: Option<f64>,
    /// What the bystander waited for at most, when there was one.
    bystander_longest_ms: Option<f64>,
    /// Messages to the bystander that gave up waiting.
    bystander_lost: u32,
    /// That over what it waited for beside the engine.
    stall_ratio: Option<f64>,
}

impl Peer {
    fn of(way: Way, all: &[Measured], engine: Option<f64>) -> Option<Self> {
        let theirs = || of_way(all, way);
        let speed = median(theirs().map(|one| f64::from(one.rows) / one.seconds));
        let longest = |way| {
            let waits = of_way(all, way).filter_map(|one| one.bystander.as_ref());
            waits
                .flat_map(|(_, during)| during.writes.iter().chain(&during.reads).copied())
                .max_by(f64::total_cmp)
        };
        Some(Self {
            way,
            rows: theirs().next()?.rows,
            seconds: rounded(median(theirs().map(|one| one.seconds))),
            rows_per_second: rounded(speed),
            ratio: rounded(engine.zip(speed).map(|(ours, theirs)| ours / theirs)),
            peak_rss_mib: rounded(median(theirs().filter_map(|one| one.peak_rss_mib))),
            bystander_longest_ms: rounded(longest(way)),
            bystander_lost: theirs()
                .filter_map(|one| one.bystander.as_ref())
                .map(|(_, during)| during.lost)
                .sum(),
            stall_ratio: rounded(
                longest(way)
                    .zip(longest(Way::BesideBystander))
                    .map(|(theirs, ours)| theirs / ours),
            ),
        })
    }
}

/// Of writes and reads, those that waited longer.
#[derive(Debug, Serialize)]
struct Bystander {
    before_p99_ms: Option<f64>,
    during_p99_ms: Option<f64>,
}

impl Report {
    pub(super) fn of(messages: u64, all: &[Measured]) -> Self {
        let engine = || of_way(all, Way::Engine);
        let rows_per_second =
            |way| median(of_way(all, way).map(|one| f64::from(one.rows) / one.seconds));
        let speed = rows_per_second(Way::Engine);
        Self {
            backend: all
                .first()
                .map_or_else(|| "?".to_owned(), |one| one.backend.clone()),
            messages,
            rows: engine().next().map(|one| one.rows),
            seconds: rounded(median(engine().map(|one| one.seconds))),
            rows_per_second: rounded(speed),
            hand_written_seconds: rounded(median(
                of_way(all, Way::HandWritten).map(|one| one.seconds),
            )),
            ratio: rounded(
                speed
                    .zip(rows_per_second(Way::HandWritten))
                    .map(|(ours, theirs)| ours / theirs),
            ),
            peak_rss_mib: rounded(median(engine().filter_map(|one| one.peak_rss_mib))),
            bystander: Bystander {
                before_p99_ms: rounded(worse(all, |(before, _)| before)),
                during_p99_ms: rounded(worse(all, |(_, during)| during)),
            },
            peers: Way::PEERS
                .into_iter()
                .filter_map(|way| Peer::of(way, all, speed))
                .collect(),
        }
    }
}

/// To three decimals: more is noise.
fn rounded(figure: Option<f64>) -> Option<f64> {
    figure.map(|figure| (figure * 1_000.0).round() / 1_000.0)
}

fn of_way(all: &[Measured], way: Way) -> impl Iterator<Item = &Measured> {
    all.iter().filter(move |one| one.way == way)
}

type Phase = fn(&(Latencies, Latencies)) -> &Latencies;
const PHASES: [(&str, Phase); 2] = [
    ("before", |(before, _)| before),
    ("during", |(_, during)| during),
];

type Kind = fn(&Latencies) -> &[f64];

const KINDS: [(&str, Kind); 2] = [
    ("writes", |latencies| &latencies.writes),
    ("reads", |latencies| &latencies.reads),
];

/// All rounds' latencies of one phase and kind.
fn latencies(all: &[Measured], phase: Phase, kind: Kind) -> impl Iterator<Item = f64> {
    of_way(all, Way::BesideBystander)
        .filter_map(|one| one.bystander.as_ref())
        .flat_map(move |both| kind(phase(both)).iter().copied())
}

fn worse(all: &[Measured], phase: Phase) -> Option<f64> {
    KINDS
        .iter()
        .filter_map(|(_, kind)| percentile(latencies(all, phase, *kind), 99))
        .max_by(f64::total_cmp)
}

/// Prints the same for people, and more of the bystander.
pub(super) fn table(report: &Report, all: &[Measured]) {
    out::line(&format!(
        "{} messages, {} rows, {}; medians",
        report.messages,
        report
            .rows
            .map_or_else(|| "?".to_owned(), |rows| rows.to_string()),
        report.backend
    ));
    out::line(&format!(
        "  {:<32}{:>10} s {:>10} rows/s",
        "engine, confirmation to receipt",
        shown(report.seconds, 3),
        shown(report.rows_per_second, 0)
    ));
    let by_hand = report.hand_written_seconds;
    out::line(&format!(
        "  {:<32}{:>10} s",
        "hand-written SQL",
        shown(by_hand, 3)
    ));
    out::line(&format!("  {:<32}{:>10}", "ratio", shown(report.ratio, 2)));
    let by_hand = median(of_way(all, Way::HandWritten).filter_map(|one| one.peak_rss_mib));
    out::line(&format!(
        "  {:<32}{:>10} MiB (hand-written SQL: {})",
        "peak memory",
        shown(report.peak_rss_mib, 1),
        shown(by_hand, 1)
    ));
    for (phase, of_phase) in PHASES {
        for (kind, of_kind) in KINDS {
            let of = |hundredths| percentile(latencies(all, of_phase, of_kind), hundredths);
            out::line(&format!(
                "  {:<32}{:>10} ms p50 {:>9} ms p99 {:>9} ms longest, of {}",
                format!("bystander's {kind}, {phase}"),
                shown(of(50), 2),
                shown(of(99), 2),
                shown(of(100), 2),
                latencies(all, of_phase, of_kind).count()
            ));
        }
    }
    for peer in &report.peers {
        out::line(&format!(
            "  {:<40}{:>10} s {:>10} rows/s; the engine is {:>6} times as fast; {} MiB; longest wait beside it {} ms ({} times), {} messages lost",
            peer.way.describes(),
            shown(peer.seconds, 3),
            shown(peer.rows_per_second, 0),
            shown(peer.ratio, 2),
            shown(peer.peak_rss_mib, 0),
            shown(peer.bystander_longest_ms, 0),
            shown(peer.stall_ratio, 0),
            peer.bystander_lost
        ));
    }
}

fn shown(figure: Option<f64>, decimals: usize) -> String {
    figure.map_or_else(|| "?".to_owned(), |figure| format!("{figure:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(way: Way, seconds: f64) -> Measured {
        let backend = "sqlite".to_owned();
        Measured {
            way,
            rows: 1_000,
            seconds,
            backend,
            peak_rss_mib: Some(32.0),
            bystander: (way == Way::BesideBystander).then(|| {
                let before = Latencies {
                    writes: vec![0.5, 0.7],
                    reads: vec![0.2],
                    lost: 0,
                };
                let during = Latencies {
                    writes: vec![9.0, 4.0],
                    reads: vec![11.0],
                    lost: 0,
                };
                (before, during)
            }),
        }
    }

    #[test]
    fn the_object_has_exactly_the_fields_that_scripts_rely_on() {
        let all = [
            measured(Way::Engine, 2.0),
            measured(Way::HandWritten, 1.0),
            measured(Way::BesideBystander, 3.0),
        ];

        assert_eq!(
            serde_json::to_value(Report::of(750, &all)).unwrap(),
            serde_json::json!({
                "backend": "sqlite", "messages": 750, "rows": 1_000, "seconds": 2.0, "rows_per_second": 500.0,
                "hand_written_seconds": 1.0, "ratio": 0.5, "peak_rss_mib": 32.0,
                "bystander": { "before_p99_ms": 0.7, "during_p99_ms": 11.0 },
            })
        );
    }

    #[test]
    fn peers_are_compared_by_rows_a_second_and_by_what_the_bystander_waited_for() {
        let mut theirs = measured(Way::DjangoBesideBystander, 4.0);
        let waited = Latencies {
            writes: vec![220.0],
            reads: vec![],
            lost: 1,
        };
        theirs.bystander = Some((Latencies::default(), waited));
        let all = [
            measured(Way::Engine, 2.0),
            measured(Way::BesideBystander, 3.0),
            theirs,
        ];

        let report = serde_json::to_value(Report::of(750, &all)).unwrap();

        let peer = &report["peers"][0];
        assert_eq!(peer["way"], "django_beside_bystander");
        assert_eq!(
            (&peer["ratio"], &peer["stall_ratio"]),
            (&2.0.into(), &20.0.into())
        );
        assert_eq!(peer["bystander_lost"], 1);
        assert_eq!(report["bystander"]["during_p99_ms"], 11.0);
    }

    #[test]
    fn what_was_not_measured_is_null() {
        let report = serde_json::to_value(Report::of(750, &[measured(Way::Engine, 2.0)])).unwrap();

        assert_eq!(report["seconds"], 2.0);
        for missing in ["hand_written_seconds", "ratio"] {
            assert!(report[missing].is_null(), "{missing}");
        }
        assert!(report["bystander"]["during_p99_ms"].is_null());
    }
}
