//! What lies outside the program, as the configuration names it: the mail server, Meta, media, the number that sends codes.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use erasure::{
    backup::{BackupBucket, BackupFolder, BackupStore},
    graph::{App, Graph, GraphClient, HttpTransport, NoGraph, TimeOuts},
    intake::{IntakeSecret, Mailbox, MailboxAddress},
    mail::{Mail, NoMail, SmtpMail},
    media::{DiskMedia, Media, S3Media},
    meta_app::CodeSender,
    time::{Clock, SystemClock},
};
use secrecy::ExposeSecret as _;

use super::StartError;
use crate::config::{CodeNumber, Config, Place};

/// What somebody else decides about the outside: a demo keeps its letters, a test plays everything.
#[derive(Default)]
pub struct Outside {
    /// Instead of the configured mail server.
    pub mail: Option<Arc<dyn Mail>>,
    /// Instead of the configured Graph API.
    pub graph: Option<Arc<dyn Graph>>,
}

pub(super) fn mail(
    config: &Config,
    instead: Option<Arc<dyn Mail>>,
) -> Result<Arc<dyn Mail>, StartError> {
    Ok(match (instead, &config.smtp_url) {
        (Some(mail), _) => mail,
        (None, Some(url)) => Arc::new(SmtpMail::connect(url.expose_secret())?),
        (None, None) => Arc::new(NoMail),
    })
}

pub(super) fn graph(
    config: &Config,
    instead: Option<Arc<dyn Graph>>,
    clock: &Arc<SystemClock>,
) -> Result<Arc<dyn Graph>, StartError> {
    let (None, Some(url)) = (&instead, &config.graph_url) else {
        return Ok(instead.unwrap_or_else(|| Arc::new(NoGraph)));
    };
    let transport = HttpTransport::new(url, &config.graph_version, TimeOuts::default())?;
    let app = App {
        id: config.meta_app_id.clone(),
        secret: config.meta_app_secret.clone(),
    };
    let clock: Arc<dyn Clock> = clock.clone();
    Ok(Arc::new(GraphClient::new(Arc::new(transport), app, clock)))
}

/// A folder that the operator named has to be there: one that is missing is a disk that is not mounted, and nothing would be
/// found to delete.
pub(super) fn media(config: &Config) -> Result<Arc<dyn Media>, StartError> {
    let folder = match &config.media {
        Place::Bucket(bucket) => return Ok(Arc::new(S3Media::new(bucket.clone()))),
        Place::Folder(folder) => folder,
    };
    let shown = folder.display().to_string();
    if folder.starts_with(&config.data_dir) {
        std::fs::create_dir_all(folder).map_err(|_| StartError::Folder(shown))?;
    } else if !folder.is_dir() {
        return Err(StartError::NoMedia(shown));
    }
    Ok(Arc::new(DiskMedia::new(folder.clone())))
}

/// Where backups are kept; `None`: nowhere.
pub(crate) fn backup_store(config: &Config) -> Option<Arc<dyn BackupStore>> {
    Some(match config.backups.clone()? {
        Place::Folder(folder) => Arc::new(BackupFolder::new(folder)),
        Place::Bucket(bucket) => Arc::new(BackupBucket::new(bucket)),
    })
}

/// What a mail server shows that passes letters on.
pub(super) fn intake_secret(file: &Path) -> Result<IntakeSecret, StartError> {
    IntakeSecret::read(&secret_text(file)?).map_err(|error| StartError::Secret {
        file: file.display().to_string(),
        why: error.to_string(),
    })
}

/// The mailbox that is looked into, with the password from its file.
pub(super) fn mailbox((address, file): &(MailboxAddress, PathBuf)) -> Result<Mailbox, StartError> {
    let text = secret_text(file)?;
    let password = text.trim_end_matches(['\r', '\n']);
    if password.is_empty() || password.contains(char::is_control) {
        return Err(StartError::Secret {
            file: file.display().to_string(),
            why: "it does not hold one password".to_owned(),
        });
    }
    Ok(Mailbox::new(address.clone(), password.into()))
}

fn secret_text(file: &Path) -> Result<String, StartError> {
    std::fs::read_to_string(file).map_err(|error| StartError::Secret {
        file: file.display().to_string(),
        why: error.kind().to_string(),
    })
}

/// The number that sends codes, with the token from its file.
pub(super) fn code_sender(code: &CodeNumber) -> Result<CodeSender, StartError> {
    let refuse = |why: String| StartError::CodeToken {
        file: code.token_file.display().to_string(),
        why,
    };
    let text = std::fs::read_to_string(&code.token_file)
        .map_err(|error| refuse(error.kind().to_string()))?;
    let token = text.trim();
    if token.is_empty() || token.contains(char::is_whitespace) {
        return Err(refuse("it does not hold one token".to_owned()));
    }
    Ok(CodeSender {
        phone_number_id: code.phone_number_id.clone(),
        number: code.number.clone(),
        token: token.into(),
        template: code.template.clone(),
        languages: code.languages.clone(),
    })
}
