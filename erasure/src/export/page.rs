//! The page that people open first: what is in the ZIP and how to read it, in every language. No script, nothing from elsewhere.

use std::{collections::BTreeMap, fmt::Write as _};

use super::GROUPS;
use crate::{
    locale::Locale, manifest::Group, services::Services, session::Session, time::Timestamp,
};

const STYLE: &str = "body{margin:0 auto;max-width:44rem;padding:2rem 1rem;font:1rem/1.6 system-ui,sans-serif;color:#17211e;background:#fff}\
    table{width:100%;border-collapse:collapse}th,td{padding:.5rem;text-align:left;border-bottom:1px solid #d8e0dd}\
    td:last-child,th:last-child{text-align:right}section+section{margin-top:3rem;border-top:2px solid #0b5c4a}\
    @media(prefers-color-scheme:dark){body{color:#e8efec;background:#121917}a{color:#7fd6bd}}";

/// What the page tells.
pub(super) struct Summary {
    controller: String,
    privacy_address: String,
    organizations: Vec<String>,
    first: Locale,
    at: Timestamp,
    rows: BTreeMap<Group, u64>,
    files: u64,
    missing: u64,
}

impl Summary {
    pub(super) fn new(
        services: &Services,
        session: &Session,
        organizations: Vec<String>,
        at: Timestamp,
    ) -> Self {
        Self {
            controller: services.settings.controller.clone(),
            privacy_address: services.settings.privacy_address.clone(),
            first: session.locale,
            rows: BTreeMap::new(),
            files: 0,
            missing: 0,
            organizations,
            at,
        }
    }

    pub(super) fn count(&mut self, group: Group, rows: u64) {
        self.rows.insert(group, rows);
    }

    pub(super) const fn count_files(&mut self, files: u64, missing: u64) {
        (self.files, self.missing) = (files, missing);
    }

    /// The page, the person's own language first.
    pub(super) fn html(&self) -> String {
        let mut locales = Locale::ALL;
        locales.sort_by_key(|locale| *locale != self.first);
        let title = escape(&format!("{} · export", self.controller));
        let mut html = format!(
            "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <title>{title}</title><style>{STYLE}</style></head><body>",
            self.first.as_str()
        );
        for locale in locales {
            self.section(&mut html, locale);
        }
        html.push_str("</body></html>\n");
        html
    }

    fn section(&self, html: &mut String, locale: Locale) {
        let words = words(locale);
        let moment = self.at.to_moment(locale);
        let _ = write!(
            html,
            "<section lang=\"{}\"><h1>{}</h1><p>{}</p>",
            locale.as_str(),
            words.title,
            escape(&(words.intro)(&self.controller, &moment))
        );
        let whose = if self.organizations.is_empty() {
            words.only_yours.to_owned()
        } else {
            (words.organizations)(&self.organizations.join(", "))
        };
        let _ = write!(
            html,
            "<p>{}</p><table><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>",
            escape(&whose),
            words.file,
            words.what,
            words.records
        );
        for group in GROUPS {
            let name = group.as_str();
            let rows = self.rows.get(&group).copied().unwrap_or_default();
            let _ = write!(
                html,
                "<tr><td><a href=\"{name}.jsonl\">{name}.jsonl</a></td><td>{}</td><td>{rows}</td></tr>",
                (words.group)(group)
            );
        }
        let _ = write!(
            html,
            "<tr><td>media/</td><td>{}</td><td>{}</td></tr></tbody></table><p>{}</p><p>{}</p>",
            words.files, self.files, words.format, words.left_out
        );
        if self.missing > 0 {
            let _ = write!(html, "<p>{}</p>", (words.missing)(self.missing));
        }
        let _ = write!(
            html,
            "<p>{} {}</p></section>",
            words.questions,
            escape(&self.privacy_address)
        );
    }
}

struct Words {
    title: &'static str,
    intro: fn(&str, &str) -> String,
    organizations: fn(&str) -> String,
    only_yours: &'static str,
    file: &'static str,
    what: &'static str,
    records: &'static str,
    group: fn(Group) -> &'static str,
    files: &'static str,
    format: &'static str,
    left_out: &'static str,
    missing: fn(u64) -> String,
    questions: &'static str,
}

const fn words(locale: Locale) -> &'static Words {
    match locale {
        Locale::Fr => &FRENCH,
        Locale::En => &ENGLISH,
    }
}

static FRENCH: Words = Words {
    title: "Vos données",
    intro: |controller, moment| {
        format!("Voici une copie de ce que {controller} conserve pour vous, faite le {moment}.")
    },
    organizations: |names| {
        format!("Elle contient tout ce que contiennent vos organisations : {names}.")
    },
    only_yours: "Elle contient vos informations personnelles. Les données des organisations dont vous n’êtes pas propriétaire n’en font pas partie.",
    file: "Fichier",
    what: "Contenu",
    records: "Éléments",
    group: |group| match group {
        Group::Account => "Compte et organisation",
        Group::WhatsappProfiles => "Profils WhatsApp",
        Group::Contacts => "Contacts",
        Group::Messages => "Messages et conversations",
        Group::Automations => "Scénarios, campagnes, agents IA et modèles",
        Group::Analytics => "Statistiques d’usage",
        Group::Media => "Liste des fichiers, avec leurs noms d’origine",
        Group::Billing => "Factures",
        Group::SecurityLogs => "Journaux de sécurité",
        Group::Internal => "",
    },
    files: "Les fichiers eux-mêmes : images, sons, vidéos, documents",
    format: "Chaque fichier .jsonl contient un élément par ligne, au format JSON. Un éditeur de texte suffit pour le lire, et la plupart des logiciels de données savent l’importer. Les dates sont en millisecondes depuis le 1er janvier 1970 (UTC).",
    left_out: "Les mots de passe, les clés d’accès et les jetons n’y figurent pas : ils ouvrent des portes et ne doivent pas voyager.",
    missing: |count| {
        format!("{count} fichier(s) manquaient dans notre stockage : voir missing-files.txt.")
    },
    questions: "Une question ? Écrivez à",
};

static ENGLISH: Words = Words {
    title: "Your data",
    intro: |controller, moment| {
        format!("This is a copy of what {controller} keeps for you, made on {moment}.")
    },
    organizations: |names| format!("It holds everything that your organizations hold: {names}."),
    only_yours: "It holds your personal information. Data of organizations that you do not own is not part of it.",
    file: "File",
    what: "Content",
    records: "Records",
    group: |group| match group {
        Group::Account => "Account and organization",
        Group::WhatsappProfiles => "WhatsApp profiles",
        Group::Contacts => "Contacts",
        Group::Messages => "Messages and conversations",
        Group::Automations => "Flows, campaigns, AI agents and templates",
        Group::Analytics => "Usage analytics",
        Group::Media => "List of the files, with their original names",
        Group::Billing => "Invoices",
        Group::SecurityLogs => "Security logs",
        Group::Internal => "",
    },
    files: "The files themselves: images, audio, video, documents",
    format: "Each .jsonl file holds one record a line, as JSON. Any text editor opens it, and most data tools import it. Dates are milliseconds since 1 January 1970 (UTC).",
    left_out: "Passwords, access keys and tokens are not in it: they open doors and must not travel.",
    missing: |count| {
        format!("{count} file(s) were missing from our storage: see missing-files.txt.")
    },
    questions: "Questions? Write to",
};

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
