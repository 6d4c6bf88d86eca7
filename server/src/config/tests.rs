//! Every fault is named, all at once.

use super::*;

fn parse(file: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::parse(Source::read(file, environment))
        .map_err(|faults| faults.0.iter().map(ToString::to_string).collect())
}

/// What a deployment needs, with these settings over it.
fn with(settings: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    parse("", &[&ENOUGH[..], settings].concat())
}

const ENOUGH: [(&str, &str); 3] = [
    ("QLIENTO_PUBLIC_URL", "https://app.example.com/"),
    ("QLIENTO_SMTP_URL", "smtp://127.0.0.1:25"),
    ("QLIENTO_GRAPH_URL", "https://graph.facebook.com"),
];

/// A key, a wrong value, and what is said about it.
const WRONG: [(&str, &str, &str); 60] = [
    (
        "QLIENTO_INTAKE_IMAP_URL",
        "imap.example.com",
        "is not imaps:// with a user",
    ),
    (
        "QLIENTO_INTAKE_IMAP_URL",
        "imap://me@imap.example.com/INBOX",
        "is imap: a password",
    ),
    ("QLIENTO_INTAKE_SECRET_FILE", "", "is empty"),
    ("QLIENTO_LISTEN", "nowhere", "is not an address and port"),
    ("QLIENTO_LISTEN", "127.0.0.1", "is not an address and port"),
    ("QLIENTO_LISTEN", "127.0.0.1:70000", "is not an address"),
    ("QLIENTO_ADMIN_LISTEN", "9100", "is not an address and port"),
    ("QLIENTO_ADMIN_LISTEN", " ", "is empty"),
    ("QLIENTO_DATABASE_URL", "mysql:x", "is not sqlite: and"),
    ("QLIENTO_DATABASE_URL", "postgres", "nor postgres:// and"),
    ("QLIENTO_DATABASE_URL", "sqlite:", "is not sqlite: and"),
    ("QLIENTO_DATABASE_URL", "sqlite://", "is not sqlite: and"),
    (
        "QLIENTO_DATABASE_URL",
        "sqlite::memory:",
        "is not sqlite: and",
    ),
    ("QLIENTO_MEDIA_URL", "s3://x", "is not s3:// with the name"),
    ("QLIENTO_MEDIA_URL", "s3:", "is not s3:// with the name"),
    ("QLIENTO_MEDIA_URL", "ftp://x", "is neither file: and"),
    ("QLIENTO_MEDIA_URL", "file:", "is neither file: and"),
    ("QLIENTO_MEDIA_URL", "file://", "is neither file: and"),
    ("QLIENTO_S3_ADDRESSING", "both", "is neither path nor host"),
    ("QLIENTO_PUBLIC_URL", "ftp://x.example", "is not an http or"),
    (
        "QLIENTO_PUBLIC_URL",
        "https://x.example/a",
        "is not an http or",
    ),
    (
        "QLIENTO_PUBLIC_URL",
        "https://x.example/?a",
        "is not an http or",
    ),
    (
        "QLIENTO_PUBLIC_URL",
        "https://x.example/#a",
        "is not an http or",
    ),
    (
        "QLIENTO_PUBLIC_URL",
        "https://u:p@x.example",
        "is not an http or",
    ),
    ("QLIENTO_PUBLIC_URL", "app.example.com", "is not an http or"),
    (
        "QLIENTO_PUBLIC_URL",
        "http://app.example.com",
        "only over https",
    ),
    (
        "QLIENTO_PUBLIC_URL",
        "http://192.0.2.1:3000",
        "only over https",
    ),
    ("QLIENTO_SMTP_URL", "https://mail.example", "is not an SMTP"),
    ("QLIENTO_SMTP_URL", "", "is empty"),
    (
        "QLIENTO_GRAPH_URL",
        "graph",
        "is not an http or https address",
    ),
    ("QLIENTO_GRAPH_VERSION", "25", "is not a version"),
    ("QLIENTO_GRAPH_VERSION", "v25.", "is not a version"),
    (
        "QLIENTO_CANCEL_WINDOW_MINUTES",
        "soon",
        "is not a number of",
    ),
    ("QLIENTO_CANCEL_WINDOW_MINUTES", "-1", "is not a number of"),
    (
        "QLIENTO_CANCEL_WINDOW_MINUTES",
        "10081",
        "is not a number of",
    ),
    (
        "QLIENTO_PRIVACY_ADDRESS",
        "privacy",
        "is not an e-mail address",
    ),
    ("QLIENTO_SUPPORT_ADDRESS", "a@b", "is not an e-mail address"),
    ("QLIENTO_MAIL_FROM", "Qliento", "is neither an e-mail"),
    (
        "QLIENTO_MAIL_FROM",
        "Qliento <privacy>",
        "is neither an e-mail",
    ),
    (
        "QLIENTO_TRUSTED_PROXIES",
        "proxy",
        "is not a list of addresses",
    ),
    ("QLIENTO_TRUSTED_PROXIES", "10.0.0.0/40", "is not a list of"),
    (
        "QLIENTO_CONTROLLER",
        "Q\nBcc: x",
        "holds a control character",
    ),
    ("QLIENTO_DATA_DIR", "", "is empty"),
    ("QLIENTO_MASTER_KEY_FILE", "", "is empty"),
    ("QLIENTO_SITE_ROOT", "", "is empty"),
    ("QLIENTO_META_APP_ID", "my app", "is not an id of Meta's"),
    ("QLIENTO_TIME_ZONE", "Paris", "is not a time zone"),
    (
        "QLIENTO_PRIVACY_POLICY_URL",
        "http://x.example/privacy",
        "is not the address of a page",
    ),
    ("QLIENTO_TERMS_URL", "terms", "is not the address of a page"),
    ("QLIENTO_META_VERIFY_TOKEN", "", "is empty"),
    ("QLIENTO_CODE_LANGUAGES", "fr", "is not two languages"),
    ("QLIENTO_CODE_LANGUAGES", "fr,EN", "is not two languages"),
    ("QLIENTO_CODE_LANGUAGES", "fr,en_", "is not two languages"),
    ("QLIENTO_LEDGER_FILE", "", "is empty"),
    ("QLIENTO_BACKUP_URL", "", "is empty"),
    ("QLIENTO_BACKUP_URL", "/mnt/backups", "is neither file:"),
    ("QLIENTO_BACKUP_URL", "s3://B", "is not s3:// with"),
    ("QLIENTO_BACKUP_HOURS", "0", "from 1 to 168"),
    ("QLIENTO_BACKUP_HOURS", "169", "from 1 to 168"),
    ("QLIENTO_BACKUP_HOURS", "daily", "from 1 to 168"),
];

#[test]
fn three_keys_are_enough() {
    let config = with(&[]).unwrap();

    assert_eq!(config.public_url, "https://app.example.com");
    assert_eq!(config.database_url.expose_secret(), "sqlite:var/qliento.db");
    assert_eq!(config.cancel_window, Duration::from_hours(1));
}

#[test]
fn each_of_the_three_is_missed() {
    let faults = parse("", &[]).unwrap_err();

    assert_eq!(faults.len(), 3, "{faults:#?}");
    for (key, _) in ENOUGH {
        let missing = format!("{key}: is missing (");
        assert!(
            faults.iter().any(|fault| fault.starts_with(&missing)),
            "{faults:#?}"
        );
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "listen = \"127.0.0.1:1\"\ncontroller = \"Other\"\ncancel_window_minutes = 5";
    let config = parse(
        file,
        &[&ENOUGH[..], &[("QLIENTO_LISTEN", "127.0.0.1:2")]].concat(),
    )
    .unwrap();

    assert_eq!(
        (config.listen.port(), config.controller.as_str()),
        (2, "Other")
    );
    assert_eq!(config.cancel_window, Duration::from_mins(5));
}

#[test]
fn a_wrong_value_is_named_explained_and_answered_with_an_example() {
    for (key, value, what) in WRONG {
        let faults = with(&[(key, value)]).unwrap_err();

        assert_eq!(faults.len(), 1, "{key}={value}: {faults:#?}");
        let fault = &faults[0];
        assert!(
            fault.starts_with(&format!("{key}: {what}")) || fault.contains(what),
            "{fault}"
        );
        assert!(
            fault.starts_with(key) && fault.contains("for example "),
            "{fault}"
        );
        assert!(
            !fault.contains("p@x"),
            "what was set is never repeated: {fault}"
        );
    }
}

#[test]
fn every_fault_is_listed_at_once() {
    let first_of_each: Vec<_> = WRONG
        .iter()
        .enumerate()
        .filter(|(at, (key, ..))| WRONG[..*at].iter().all(|(known, ..)| known != key))
        .map(|(_, (key, value, _))| (*key, *value))
        .chain([("QLIENTO_NONSENSE", "1")])
        .collect();

    let faults = parse("lissten = \"x\"", &first_of_each).unwrap_err();

    assert_eq!(faults.len(), first_of_each.len() + 1, "{faults:#?}");
    for key in first_of_each
        .iter()
        .map(|(key, _)| *key)
        .chain(["lissten in qliento.toml"])
    {
        let begin = format!("{key}: ");
        assert!(
            faults.iter().any(|fault| fault.starts_with(&begin)),
            "{key}: {faults:#?}"
        );
    }
}

#[test]
fn a_name_that_is_no_key_is_a_fault_wherever_it_stands() {
    for name in [
        "QLIENTO_NONSENSE",
        "QLIENTO_listen",
        "QLIENTO_QLIENTO_LISTEN",
        "QLIENTO_",
    ] {
        let faults = with(&[(name, "127.0.0.1:1")]).unwrap_err();
        assert!(
            faults[0].starts_with(&format!("{name}: is not a key")),
            "{faults:?}"
        );
    }
    let slip = parse("lissten = \"x\"", &ENOUGH).unwrap_err();
    assert!(
        slip[0].contains("did you mean listen, for example 127.0.0.1:3000?"),
        "{slip:?}"
    );
}

#[test]
fn a_file_that_cannot_be_meant_is_a_fault_too() {
    for (file, what) in [
        ("=", "qliento.toml: is not TOML"),
        (
            "listen = true",
            "listen in qliento.toml: is neither a text nor a number",
        ),
        (
            "[server]\nlisten = \"x\"",
            "server in qliento.toml: is not a key",
        ),
        (
            "listen = \"x\"",
            "listen in qliento.toml: is not an address and port",
        ),
    ] {
        let faults = parse(file, &ENOUGH).unwrap_err();
        assert!(faults[0].starts_with(what), "{file}: {faults:?}");
    }
}

#[test]
fn plain_http_is_fine_on_this_machine_only() {
    for url in [
        "http://127.0.0.1:3000",
        "http://localhost",
        "http://app.localhost:1",
        "http://[::1]:3000",
    ] {
        assert!(with(&[("QLIENTO_PUBLIC_URL", url)]).is_ok(), "{url}");
    }
}

#[test]
fn a_mailbox_has_an_address_and_a_password() {
    let address = (
        "QLIENTO_INTAKE_IMAP_URL",
        "imaps://privacy%40example.com@imap.example.com/INBOX",
    );
    let password = ("QLIENTO_INTAKE_IMAP_PASSWORD_FILE", "/etc/imap.password");

    assert!(with(&[address, password]).unwrap().intake.mailbox.is_some());
    assert!(with(&[]).unwrap().intake.mailbox.is_none());
    for (given, missing) in [(address, password), (password, address)] {
        let faults = with(&[given]).unwrap_err();
        assert!(
            faults[0].starts_with(&format!("{}: is missing", missing.0)),
            "{faults:?}"
        );
    }
}

#[test]
fn secrets_are_not_printed() {
    let settings = [
        ("QLIENTO_SMTP_URL", "smtp://u:hunter2@127.0.0.1"),
        ("QLIENTO_META_APP_SECRET", "swordfish"),
        ("QLIENTO_META_VERIFY_TOKEN", "sesame"),
        ("QLIENTO_MEDIA_URL", "s3://our-media"),
        ("QLIENTO_S3_ACCESS_KEY_ID", "somebody"),
        ("QLIENTO_S3_SECRET_ACCESS_KEY", "abracadabra"),
    ];
    let config = with(&settings).unwrap();

    let printed = format!("{config:?} {:?}", config.effective());

    for secret in ["hunter2", "swordfish", "sesame", "abracadabra"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn a_bucket_that_cannot_be_reached_as_told_blames_the_key_that_has_to_change() {
    let bucket = ("QLIENTO_MEDIA_URL", "s3://our-media/live");
    for (key, value, what) in [
        (
            "QLIENTO_S3_ENDPOINT",
            "minio",
            "is not an http or https address",
        ),
        (
            "QLIENTO_S3_ENDPOINT",
            "http://minio.internal",
            "is http to another machine",
        ),
        (
            "QLIENTO_S3_ACCESS_KEY_ID",
            "somebody",
            "comes without its secret",
        ),
    ] {
        let faults = with(&[bucket, (key, value)]).unwrap_err();
        assert!(
            faults[0].starts_with(&format!("{key}: {what}")),
            "{faults:?}"
        );
    }
    assert!(with(&[bucket, ("QLIENTO_S3_ENDPOINT", "http://127.0.0.1:9000")]).is_ok());
}

#[test]
fn what_is_said_to_this_program_alone_wins_over_what_the_environment_says_to_all() {
    let source = |own: &[(&str, &str)]| {
        let own = [&ENOUGH[..], &[("QLIENTO_MEDIA_URL", "s3://our-media")], own].concat();
        let own = own
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut source = Source::read("", own);
        source.cloud = [
            ("AWS_ENDPOINT_URL", "http://minio.internal"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
        ]
        .map(|(name, value)| (name.to_owned(), value.into()))
        .into();
        source
    };

    assert!(
        Config::parse(source(&[])).is_err(),
        "http, and half of the credentials"
    );
    let own = [
        ("QLIENTO_S3_ENDPOINT", "https://minio.internal"),
        ("QLIENTO_S3_ACCESS_KEY_ID", "somebody"),
        ("QLIENTO_S3_SECRET_ACCESS_KEY", "abracadabra"),
    ];
    assert!(Config::parse(source(&own)).is_ok());
}

#[test]
fn what_is_shown_is_every_key_and_reads_back_the_same() {
    let settings = [
        ("QLIENTO_ADMIN_LISTEN", "127.0.0.1:9"),
        ("QLIENTO_TRUSTED_PROXIES", "::1, 10.0.0.0/8"),
        ("QLIENTO_MAIL_FROM", "\"Q, Liento\" <q@example.com>"),
        ("QLIENTO_META_APP_ID", "670840000000000"),
        ("QLIENTO_CODE_PHONE_NUMBER_ID", "106540352242922"),
        ("QLIENTO_CODE_NUMBER", "+33 1 23 45 67 89"),
        ("QLIENTO_CODE_TOKEN_FILE", "/etc/qliento/code.token"),
        ("QLIENTO_CODE_TEMPLATE", "deletion_code"),
        ("QLIENTO_CODE_LANGUAGES", "fr, en_US"),
        ("QLIENTO_MEDIA_URL", "s3://our-media/live"),
        ("QLIENTO_S3_ADDRESSING", "host"),
    ];
    let shown = with(&settings).unwrap().effective();
    let names: Vec<_> = shown.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, keys::KEYS.map(|key| key.name));

    let again = shown
        .iter()
        .filter_map(|(name, text)| {
            Some((format!("QLIENTO_{}", name.to_uppercase()), text.clone()?))
        })
        .filter(|(name, _)| name != "QLIENTO_SMTP_URL")
        .chain([("QLIENTO_SMTP_URL".to_owned(), "smtp://127.0.0.1".to_owned())]);
    let again = Config::parse(Source::read("", again)).unwrap();

    assert_eq!(again.effective(), shown);
}

#[test]
fn a_number_that_sends_codes_is_whole_or_absent() {
    let whole = [
        ("QLIENTO_CODE_PHONE_NUMBER_ID", "106540352242922"),
        ("QLIENTO_CODE_TOKEN_FILE", "/etc/qliento/code.token"),
        ("QLIENTO_CODE_TEMPLATE", "deletion_code"),
    ];
    assert!(with(&[]).unwrap().code_number.is_none());
    let code = with(&whole).unwrap().code_number.unwrap();
    assert_eq!(code.languages, ["fr", "en"]);

    for (missing, _) in whole {
        let rest: Vec<_> = whole
            .iter()
            .filter(|(key, _)| *key != missing)
            .copied()
            .collect();
        let faults = with(&rest).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(
            faults[0].starts_with(&format!("{missing}: is missing")),
            "{faults:?}"
        );
    }
    let alone = with(&[("QLIENTO_CODE_NUMBER", "+33 1 23 45 67 89")]).unwrap_err();
    assert_eq!(alone.len(), 3, "{alone:#?}");
    for (key, value, what) in [
        (
            "QLIENTO_CODE_PHONE_NUMBER_ID",
            "+33",
            "is not an id of Meta's",
        ),
        (
            "QLIENTO_CODE_NUMBER",
            "01 23 45 67 89",
            "is not a number in international form",
        ),
    ] {
        let mut settings = whole.to_vec();
        settings.push((key, value));
        let faults = with(&settings).unwrap_err();
        assert!(faults.len() == 1 && faults[0].contains(what), "{faults:#?}");
    }
}
