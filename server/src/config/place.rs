//! Where files are kept, media and backups: a folder, or a bucket with what is needed to reach it.

use std::path::{Path, PathBuf};

use erasure::s3::{AddressError, Bucket};
use secrecy::SecretString;

use super::reader::Reader;

/// Where files are kept.
#[derive(Clone, Debug)]
pub enum Place {
    /// On this machine.
    Folder(PathBuf),
    /// In a bucket.
    Bucket(Bucket),
}

impl Place {
    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Folder(folder) => format!("file:{}", folder.display()),
            Self::Bucket(bucket) => bucket.address(),
        }
    }
}

/// How a bucket is reached, as far as the operator says it to this program alone.
#[derive(Clone, Debug, Default)]
pub struct S3 {
    /// Where it is, when that is not Amazon.
    pub endpoint: Option<String>,
    /// In which region.
    pub region: Option<String>,
    /// Whether its name stands in the host instead of the path.
    pub in_host: bool,
    /// Who we are to it.
    pub access_key_id: Option<String>,
    /// What proves that.
    pub secret_access_key: Option<SecretString>,
}

impl S3 {
    /// Key by key, as an operator writes them; secrets are hidden.
    pub(super) fn effective(&self, hidden: &str) -> [(&'static str, Option<String>); 5] {
        let addressing = if self.in_host { "host" } else { "path" };
        let secret = self.secret_access_key.as_ref();
        [
            ("s3_endpoint", self.endpoint.clone()),
            ("s3_region", self.region.clone()),
            ("s3_addressing", Some(addressing.to_owned())),
            ("s3_access_key_id", self.access_key_id.clone()),
            ("s3_secret_access_key", secret.map(|_| hidden.to_owned())),
        ]
    }

    /// What the environment says to everybody, and what is said here over it.
    fn over(&self, environment: &[(String, SecretString)]) -> Vec<(String, SecretString)> {
        let is_ours = |name: &str| {
            let of_others = [
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
            ];
            self.access_key_id.is_none() || !of_others.contains(&name)
        };
        let said = |name: &str, value: &Option<String>| {
            let value = value.clone()?;
            Some((name.to_owned(), SecretString::from(value)))
        };
        let secret = self.secret_access_key.clone();
        environment
            .iter()
            .filter(|(name, _)| is_ours(name))
            .cloned()
            .chain(said("aws_endpoint_url_s3", &self.endpoint))
            .chain(said("aws_region", &self.region))
            .chain(said("aws_access_key_id", &self.access_key_id))
            .chain(secret.map(|secret| ("aws_secret_access_key".to_owned(), secret)))
            .chain(said(
                "aws_virtual_hosted_style_request",
                &self.in_host.then(|| "true".to_owned()),
            ))
            .collect()
    }
}

impl Reader {
    pub(super) fn s3(&mut self) -> S3 {
        let addressing = self.text_or("s3_addressing", "path");
        if !matches!(addressing.as_str(), "path" | "host") {
            self.fault("s3_addressing", "is neither path nor host");
        }
        S3 {
            endpoint: self.text("s3_endpoint"),
            region: self.text("s3_region"),
            in_host: addressing == "host",
            access_key_id: self.text("s3_access_key_id"),
            secret_access_key: self.text("s3_secret_access_key").map(SecretString::from),
        }
    }

    pub(super) fn media(&mut self, data_dir: &Path, s3: &S3) -> Place {
        let place = self.place("media_url", s3);
        place.unwrap_or_else(|| Place::Folder(data_dir.join("media")))
    }

    pub(super) fn backups(&mut self, s3: &S3) -> Option<Place> {
        self.place("backup_url", s3)
    }

    fn place(&mut self, name: &'static str, s3: &S3) -> Option<Place> {
        let text = self.text(name)?;
        if text.starts_with("s3:") {
            return match Bucket::new(&text, &s3.over(self.cloud())) {
                Ok(bucket) => Some(Place::Bucket(bucket)),
                Err(error) => {
                    self.fault(blamed(error, name), &error.to_string());
                    None
                }
            };
        }
        let path = text.strip_prefix("file:").unwrap_or_default();
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() {
            self.fault(
                name,
                "is neither file: and the path of a folder nor s3:// and a bucket",
            );
        }
        Some(Place::Folder(PathBuf::from(path)))
    }
}

/// The key that has to change, when this one names the bucket.
const fn blamed(error: AddressError, name: &'static str) -> &'static str {
    match error {
        AddressError::Form => name,
        AddressError::Endpoint | AddressError::PlainHttp => "s3_endpoint",
        AddressError::Credentials => "s3_access_key_id",
    }
}
