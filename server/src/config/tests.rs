//! Every fault is named, all at once.

use super::*;

fn parse(file: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::parse(Source::read(file, environment))
        .map_err(|faults| faults.0.iter().map(ToString::to_string).collect())
}

const ENOUGH: [(&str, &str); 3] = [
    ("QLIENTO_PUBLIC_URL", "https://app.example.com/"),
    ("QLIENTO_SMTP_URL", "smtp://127.0.0.1:25"),
    ("QLIENTO_GRAPH_URL", "https://graph.facebook.com"),
];

#[test]
fn three_keys_are_enough() {
    let config = parse("", &ENOUGH).unwrap();

    assert_eq!(config.public_url, "https://app.example.com");
    assert_eq!(config.database_url, "sqlite:var/qliento.db");
    assert_eq!(config.cancel_window, Duration::from_hours(1));
}

#[test]
fn the_environment_wins_over_the_file() {
    let config = parse(
        "listen = \"127.0.0.1:1\"\ncontroller = \"Other\"",
        &[&ENOUGH[..], &[("QLIENTO_LISTEN", "127.0.0.1:2")]].concat(),
    )
    .unwrap();

    assert_eq!(
        (config.listen.port(), config.controller.as_str()),
        (2, "Other")
    );
}

#[test]
fn every_fault_is_listed_at_once() {
    let faults = parse(
        "lissten = \"x\"",
        &[
            ("QLIENTO_LISTEN", "nowhere"),
            ("QLIENTO_DATABASE_URL", "mysql:x"),
            ("QLIENTO_PUBLIC_URL", "ftp://x"),
            ("QLIENTO_GRAPH_VERSION", "25"),
            ("QLIENTO_CANCEL_WINDOW_MINUTES", "soon"),
            ("QLIENTO_PRIVACY_ADDRESS", "privacy"),
            ("QLIENTO_TRUSTED_PROXIES", "proxy"),
            ("QLIENTO_MEDIA_URL", "s3://x"),
            ("QLIENTO_NONSENSE", "1"),
            ("QLIENTO_CONTROLLER", " "),
        ],
    )
    .unwrap_err();

    for key in [
        "lissten in qliento.toml",
        "QLIENTO_LISTEN",
        "QLIENTO_DATABASE_URL",
        "QLIENTO_PUBLIC_URL",
        "QLIENTO_GRAPH_VERSION",
        "QLIENTO_CANCEL_WINDOW_MINUTES",
        "QLIENTO_PRIVACY_ADDRESS",
        "QLIENTO_TRUSTED_PROXIES",
        "QLIENTO_MEDIA_URL",
        "QLIENTO_NONSENSE",
        "QLIENTO_CONTROLLER",
        "QLIENTO_SMTP_URL: is missing",
        "QLIENTO_GRAPH_URL: is missing",
    ] {
        assert!(
            faults.iter().any(|fault| fault.starts_with(key)),
            "{key}: {faults:#?}"
        );
    }
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("did you mean listen?")),
        "{faults:#?}"
    );
}

#[test]
fn a_file_that_is_no_toml_is_a_fault_too() {
    assert!(parse("=", &ENOUGH).unwrap_err()[0].starts_with("qliento.toml: is not TOML"));
}

#[test]
fn secrets_are_not_printed() {
    let secret = parse(
        "",
        &[
            &ENOUGH[..],
            &[("QLIENTO_SMTP_URL", "smtp://u:hunter2@127.0.0.1")],
        ]
        .concat(),
    )
    .unwrap();

    assert!(!format!("{secret:?}").contains("hunter2"));
}
