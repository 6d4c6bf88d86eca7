//! The names of everything that can be set.

/// A key of the configuration.
pub(super) struct Key {
    /// In the file; the environment's name is `QLIENTO_` and this in capitals.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) what: &'static str,
    /// A value that would be right.
    pub(super) example: &'static str,
}

const fn key(name: &'static str, what: &'static str, example: &'static str) -> Key {
    Key {
        name,
        what,
        example,
    }
}

/// Every key.
pub(super) const KEYS: [Key; 43] = [
    key("listen", "where the site is served", "127.0.0.1:3000"),
    key("admin_listen", "where metrics are served", "127.0.0.1:9100"),
    key(
        "public_url",
        "how people reach the site",
        "https://app.qliento.com",
    ),
    key(
        "data_dir",
        "where this deployment keeps its files",
        "/var/lib/qliento",
    ),
    key(
        "database_url",
        "the database",
        "sqlite:/var/lib/qliento/qliento.db",
    ),
    key(
        "pg_repack",
        "the program that rewrites large tables on Postgres",
        "/usr/lib/postgresql/15/bin/pg_repack",
    ),
    key(
        "manifest_file",
        "what becomes of tables of your own in the same database",
        "/etc/qliento/manifest.toml",
    ),
    key(
        "media_url",
        "where media files are",
        "file:/var/lib/qliento/media",
    ),
    key(
        "master_key_file",
        "the file that `qliento key new` writes",
        "/etc/qliento/master.key",
    ),
    key(
        "site_root",
        "the folder of the built site",
        "/usr/share/qliento/site",
    ),
    key(
        "smtp_url",
        "the mail server",
        "smtps://user:password@mail.example.com",
    ),
    key(
        "mail_from",
        "the sender of letters",
        "Qliento <privacy@qliento.com>",
    ),
    key(
        "graph_url",
        "Meta's Graph API",
        "https://graph.facebook.com",
    ),
    key("graph_version", "its version", "v25.0"),
    key(
        "meta_app_secret",
        "the secret of the app at Meta",
        "0123456789abcdef0123456789abcdef",
    ),
    key("controller", "the name on pages and letters", "Qliento"),
    key(
        "privacy_address",
        "where people write about their data",
        "privacy@qliento.com",
    ),
    key(
        "support_address",
        "where people write about anything else",
        "support@qliento.com",
    ),
    key(
        "cancel_window_minutes",
        "how long other owners may cancel",
        "60",
    ),
    key(
        "trusted_proxies",
        "the proxies in front, addresses or networks",
        "127.0.0.1,10.0.0.0/8",
    ),
    key(
        "meta_app_id",
        "the id of the app at Meta",
        "670840000000000",
    ),
    key(
        "jurisdictions_file",
        "how long invoices are kept, by the customer's country",
        "/etc/qliento/jurisdictions.toml",
    ),
    key(
        "meta_patience_hours",
        "how long live data waits for Meta's confirmation",
        "23",
    ),
    key(
        "time_zone",
        "where the law's terms are reckoned",
        "Europe/Paris",
    ),
    key(
        "privacy_policy_url",
        "the privacy policy that pages link to",
        "https://www.example.com/privacy",
    ),
    key(
        "terms_url",
        "the terms of service that pages link to",
        "https://www.example.com/terms",
    ),
    key(
        "meta_verify_token",
        "what Meta is told to repeat when it asks for the webhook",
        "a long random text",
    ),
    key(
        "code_phone_number_id",
        "Meta's id of the number that sends codes over WhatsApp",
        "106540352242922",
    ),
    key(
        "code_number",
        "that number, if people may write to it to prove theirs",
        "+33 1 23 45 67 89",
    ),
    key(
        "code_token_file",
        "the file with a System User access token for it",
        "/etc/qliento/code.token",
    ),
    key(
        "code_template",
        "the approved authentication template",
        "qliento_deletion_code",
    ),
    key(
        "code_languages",
        "the template's languages for French and English",
        "fr,en_US",
    ),
    key(
        "ledger_file",
        "the ledger of what was erased, on another disk than the database and its backups",
        "/mnt/ledger/qliento.jsonl",
    ),
    key(
        "backup_url",
        "where backups are kept: a folder on another disk than the database, or a bucket of their own",
        "s3://backups/qliento",
    ),
    key("backup_hours", "hours from one backup to the next", "24"),
    key(
        "s3_endpoint",
        "where buckets are that are not at Amazon's",
        "https://minio.internal:9000",
    ),
    key("s3_region", "the bucket's region", "eu-west-3"),
    key(
        "s3_addressing",
        "whether a bucket's name stands in the path or in the host",
        "path",
    ),
    key(
        "s3_access_key_id",
        "who we are to the bucket",
        "AKIAIOSFODNN7EXAMPLE",
    ),
    key(
        "s3_secret_access_key",
        "what proves it",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ),
    key(
        "intake_secret_file",
        "the file with the secret of the mail server that passes letters on",
        "/etc/qliento/intake.secret",
    ),
    key(
        "intake_imap_url",
        "the mailbox of the privacy address",
        "imaps://privacy%40example.com@imap.example.com/INBOX",
    ),
    key(
        "intake_imap_password_file",
        "the file with its password",
        "/etc/qliento/imap.password",
    ),
];

/// The key of this name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// What to say about a name that is no key: most are slips of the finger.
pub(super) fn unknown(name: &str) -> String {
    let nearest = KEYS
        .iter()
        .map(|key| (distance(key.name, name), key))
        .min_by_key(|(distance, _)| *distance);
    match nearest {
        Some((distance, key)) if distance <= 3 => format!(
            "is not a key of qliento; did you mean {}, for example {}?",
            key.name, key.example
        ),
        _ => "is not a key of qliento: take it away, or look for its name in the README".to_owned(),
    }
}

/// How many letters differ, by place and length: enough to catch a slip of the finger.
fn distance(one: &str, other: &str) -> usize {
    let differing = one
        .bytes()
        .zip(other.bytes())
        .filter(|(left, right)| left != right)
        .count();
    let from_the_end = one
        .bytes()
        .rev()
        .zip(other.bytes().rev())
        .filter(|(left, right)| left != right)
        .count();
    differing.min(from_the_end) + one.len().abs_diff(other.len())
}
