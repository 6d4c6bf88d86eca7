//! Buckets that speak S3: what [`crate::media`] and [`crate::backup`] need of them beyond `object_store`.
//!
//! `object_store` finds credentials, signs and uploads. It does not know versions, delete markers and unfinished uploads, and
//! an object deleted without them is still there: those calls are made here ([`call`]), with its credentials, its signatures
//! and its client. [`answer`] reads what comes back; [`incoming`] uploads what comes in pieces.

mod answer;
mod call;
mod incoming;

use std::{fmt, str::FromStr as _, sync::Arc, time::Duration};

use futures::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{
    ClientOptions, ObjectStoreExt as _, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey},
    client::{HttpClient, HttpConnector as _, ReqwestConnector},
    path::Path,
};
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};

pub(crate) use self::{
    answer::{Marker, Upload, Version},
    call::{PAGE, S3Error},
    incoming::Incoming,
};

/// A connection is there within this, or the store is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Deleting a thousand versions takes S3 a second or two.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Uploads and credentials are asked for again so often before the caller hears of it; deletes are the driver's to repeat.
const RETRIES: usize = 2;

/// Why an address is none of ours. Each says what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is not `s3://bucket/prefix`.
    #[error("is not s3:// with the name of a bucket and, behind a slash, a prefix")]
    Form,
    /// The endpoint is no address.
    #[error("is not an http or https address without a path and a password")]
    Endpoint,
    /// What is sent could be read on its way.
    #[error(
        "is http to another machine: take https, or set AWS_ALLOW_HTTP=true where that is safe"
    )]
    PlainHttp,
    /// Half of the credentials, or an option with a value that it cannot have.
    #[error("comes without its secret, or the other way round, or another AWS_ variable is wrong")]
    Credentials,
}

/// A bucket, and the prefix in it that is ours.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<AmazonS3>,
    http: HttpClient,
    /// Where the bucket answers, without a slash at its end.
    endpoint: String,
    region: String,
    name: String,
    prefix: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Bucket {
    /// The bucket at an address such as `s3://bucket/prefix`. The options have the names that `object_store` gives to the
    /// environment's (`aws_region`, `aws_access_key_id` …); unknown ones are another program's, and of two the later counts.
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// When the address or an option is not understood.
    pub fn new(address: &str, options: &[(String, SecretString)]) -> Result<Self, AddressError> {
        let (name, prefix) = parse(address).ok_or(AddressError::Form)?;
        let (builder, mut client) = understand(options);
        let said = |key| builder.get_config_value(&key);
        let region = said(AmazonS3ConfigKey::Region).unwrap_or_else(|| "us-east-1".to_owned());
        let base = said(AmazonS3ConfigKey::S3Endpoint)
            .or_else(|| said(AmazonS3ConfigKey::Endpoint))
            .unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
        let base = checked(&base, &mut client)?;
        let in_host = said(AmazonS3ConfigKey::VirtualHostedStyleRequest).as_deref() == Some("true");
        let (endpoint, for_builder) = if in_host {
            let endpoint = base.replacen("://", &format!("://{name}."), 1);
            (endpoint.clone(), endpoint)
        } else {
            (format!("{base}/{name}"), base)
        };
        let store = builder
            .with_bucket_name(name)
            .with_region(&region)
            .with_config(AmazonS3ConfigKey::S3Endpoint, for_builder)
            .with_client_options(client.clone())
            .build();
        let http = ReqwestConnector::default().connect(&client);
        Ok(Self {
            store: Arc::new(store.map_err(|_| AddressError::Credentials)?),
            http: http.map_err(|_| AddressError::Credentials)?,
            endpoint,
            region,
            name: name.to_owned(),
            prefix: prefix.to_owned(),
        })
    }

    /// `s3://bucket/prefix`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("s3://{}/{}", self.name, self.prefix)
    }

    /// The key of something below the prefix.
    pub(crate) fn key(&self, below: &str) -> String {
        match self.prefix.as_str() {
            "" => below.to_owned(),
            prefix => format!("{prefix}/{below}"),
        }
    }

    /// Uploads an object.
    pub(crate) async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), S3Error> {
        let path = Path::parse(key).map_err(|_| S3Error::Refused("a key is not a path"))?;
        self.store.put(&path, content.into()).await?;
        Ok(())
    }

    /// Begins to download an object; `None` when there is none, or only a delete marker.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<Download>, S3Error> {
        let path = Path::parse(key).map_err(|_| S3Error::Refused("a key is not a path"))?;
        match self.store.get(&path).await {
            Ok(found) => {
                let pieces = found.into_stream().map_ok(Vec::from);
                Ok(Some(Download(pieces.map_err(S3Error::from).boxed())))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Some bytes of an object; fewer than asked for at its end only.
    pub(crate) async fn get_range(
        &self,
        key: &str,
        from: u64,
        at_most: u32,
    ) -> Result<Vec<u8>, S3Error> {
        let path = Path::parse(key).map_err(|_| S3Error::Refused("a key is not a path"))?;
        // S3 refuses a range that begins behind the end.
        let length = match self.store.head(&path).await {
            Err(object_store::Error::NotFound { .. }) => return Err(S3Error::Gone),
            found => found?.size,
        };
        let range = from..length.min(from.saturating_add(u64::from(at_most)));
        if range.is_empty() {
            return Ok(vec![]);
        }
        Ok(self.store.get_range(&path, range).await?.into())
    }
}

/// An object on its way here.
pub(crate) struct Download(BoxStream<'static, Result<Vec<u8>, S3Error>>);

impl Download {
    /// The next piece, as large as the network gave it; `None` behind the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, S3Error> {
        self.0.try_next().await
    }
}

/// What the options say, over what we begin with.
fn understand(options: &[(String, SecretString)]) -> (AmazonS3Builder, ClientOptions) {
    let mut client = ClientOptions::new()
        .with_connect_timeout(CONNECT_TIMEOUT)
        .with_timeout(TIMEOUT);
    let mut builder = AmazonS3Builder::new().with_retry(RetryConfig {
        max_retries: RETRIES,
        retry_timeout: TIMEOUT,
        ..RetryConfig::default()
    });
    for (option, value) in options {
        let value = value.expose_secret();
        match AmazonS3ConfigKey::from_str(&option.to_ascii_lowercase()) {
            Ok(AmazonS3ConfigKey::Client(key)) => client = client.with_config(key, value),
            Ok(key) => builder = builder.with_config(key, value),
            Err(_) => {} // another program's
        }
    }
    (builder, client)
}

/// The bucket's name and the prefix, without slashes around it.
fn parse(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("s3://")?;
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let is_name = (3..=63).contains(&name.len())
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte)
        });
    let prefix = prefix.trim_end_matches('/');
    (is_name && Path::parse(prefix).is_ok()).then_some((name, prefix))
}

/// The endpoint without a slash at its end. Plain http goes to this machine, or where the operator says that it may.
fn checked(endpoint: &str, client: &mut ClientOptions) -> Result<String, AddressError> {
    let url = Url::parse(endpoint).map_err(|_| AddressError::Endpoint)?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    let Some(host) = url.host_str().filter(|_| is_bare) else {
        return Err(AddressError::Endpoint);
    };
    match url.scheme() {
        "https" => {}
        "http" => {
            let may = client.get_config_value(&object_store::ClientConfigKey::AllowHttp);
            let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
            if !is_here && may.as_deref() != Some("true") {
                return Err(AddressError::PlainHttp);
            }
            *client = std::mem::take(client).with_allow_http(true);
        }
        _ => return Err(AddressError::Endpoint),
    }
    Ok(endpoint.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(address: &str, options: &[(&str, &str)]) -> Result<Bucket, AddressError> {
        let options: Vec<_> = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), SecretString::from(*value)))
            .collect();
        Bucket::new(address, &options)
    }

    #[test]
    fn an_address_is_a_bucket_and_a_prefix() {
        let bucket = with("s3://our-media/live/eu/", &[("AWS_REGION", "eu-west-3")]).unwrap();
        assert_eq!(
            bucket.endpoint,
            "https://s3.eu-west-3.amazonaws.com/our-media"
        );
        assert_eq!(bucket.key("a/b"), "live/eu/a/b");
        assert_eq!(with("s3://our-media", &[]).unwrap().key("a"), "a");

        for wrong in [
            "s3:our-media",
            "s3://",
            "s3://Our_Media",
            "s3://our-media/a//b",
            "s3://our-media/../b",
            "https://our-media",
        ] {
            assert_eq!(with(wrong, &[]).unwrap_err(), AddressError::Form, "{wrong}");
        }
    }

    #[test]
    fn another_endpoint_is_asked_by_path_or_by_host() {
        let endpoint = ("AWS_ENDPOINT_URL_S3", "https://minio.internal:9000/");
        let by_path = with("s3://our-media", &[endpoint]).unwrap();
        assert_eq!(by_path.endpoint, "https://minio.internal:9000/our-media");
        let in_host = ("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true");
        let by_host = with("s3://our-media", &[endpoint, in_host]).unwrap();
        assert_eq!(by_host.endpoint, "https://our-media.minio.internal:9000");
    }

    #[test]
    fn what_could_be_read_on_its_way_is_refused_unless_that_is_meant() {
        let plain = ("AWS_ENDPOINT", "http://minio.internal:9000");
        assert_eq!(
            with("s3://our-media", &[plain]).unwrap_err(),
            AddressError::PlainHttp
        );
        assert!(with("s3://our-media", &[plain, ("AWS_ALLOW_HTTP", "true")]).is_ok());
        assert!(
            with(
                "s3://our-media",
                &[("AWS_ENDPOINT", "http://127.0.0.1:9000")]
            )
            .is_ok()
        );
        for wrong in [
            "minio",
            "ftp://minio",
            "https://minio/path",
            "https://a:b@minio",
        ] {
            assert_eq!(
                with("s3://our-media", &[("AWS_ENDPOINT", wrong)]).unwrap_err(),
                AddressError::Endpoint,
                "{wrong}"
            );
        }
    }

    #[test]
    fn half_of_the_credentials_is_refused_and_none_is_printed() {
        let (id, secret) = (
            ("AWS_ACCESS_KEY_ID", "key-id"),
            ("AWS_SECRET_ACCESS_KEY", "top-secret"),
        );
        assert_eq!(
            with("s3://our-media", &[id]).unwrap_err(),
            AddressError::Credentials
        );

        let whole = with("s3://our-media", &[id, secret, ("AWS_PAGER", "less")]).unwrap();

        assert!(!format!("{whole:?}").contains("top-secret"));
    }
}
