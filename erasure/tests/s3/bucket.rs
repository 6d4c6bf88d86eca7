//! A bucket of a test's own, filled and looked into by plain requests: what the product believes of S3 is not asked.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use erasure::{
    backup::{BackupBucket, BackupStore},
    id::OrganizationId,
    media::S3Media,
    random::ChaChaRandom,
    s3::Bucket,
    time::Timestamp,
};
use reqwest::{Client, Method};

/// Who we say we are; nobody checks the signature, but anonymous people may not do much.
const SOMEBODY: &str = "AWS4-HMAC-SHA256 Credential=somebody/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
/// Below this prefix everything of this platform lies; beside it are others.
pub(crate) const PREFIX: &str = "live/media";
/// Below this one backups lie.
pub(crate) const BACKUPS: &str = "live/backups";

pub(crate) struct TestBucket {
    client: Client,
    server: String,
    name: String,
}

impl TestBucket {
    pub(crate) async fn fresh() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let bucket = Self {
            client: Client::builder().no_proxy().build().unwrap(),
            server: server(),
            name: format!("bucket-{}-{count}", std::process::id()),
        };
        bucket.send(Method::PUT, "", "").await;
        bucket
    }

    pub(crate) async fn versioned() -> Self {
        let bucket = Self::fresh().await;
        let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        bucket.send(Method::PUT, "?versioning", on).await;
        bucket
    }

    /// One in which objects can be locked.
    pub(crate) async fn locked() -> Self {
        let bucket = Self::fresh().await;
        let url = format!("{}/{}-locked", bucket.server, bucket.name);
        let request = bucket.client.put(url);
        let made = request
            .header("x-amz-bucket-object-lock-enabled", "true")
            .send();
        assert!(made.await.unwrap().status().is_success());
        Self {
            name: format!("{}-locked", bucket.name),
            ..bucket
        }
    }

    /// Nobody may delete this for years.
    pub(crate) async fn lock(&self, key: &str) {
        let until = "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2099-01-01T00:00:00Z</RetainUntilDate></Retention>";
        let path = format!("{}?retention", in_path(key));
        self.send(Method::PUT, &path, until).await;
    }

    /// `host:port` of the server.
    pub(crate) fn server(&self) -> &str {
        self.server.strip_prefix("http://").unwrap()
    }

    pub(crate) fn media(&self) -> S3Media {
        self.media_through(&self.server, "5s")
    }

    /// The same by another address, with so much patience.
    pub(crate) fn media_through(&self, address: &str, patience: &str) -> S3Media {
        S3Media::new(self.through(address, patience, PREFIX))
    }

    pub(crate) fn backups(&self) -> Arc<dyn BackupStore> {
        self.backups_through(&self.server)
    }

    pub(crate) fn backups_through(&self, address: &str) -> Arc<dyn BackupStore> {
        Arc::new(BackupBucket::new(self.through(address, "5s", BACKUPS)))
    }

    fn through(&self, address: &str, patience: &str, prefix: &str) -> Bucket {
        let options = [
            ("AWS_ENDPOINT_URL", address),
            ("AWS_ACCESS_KEY_ID", "somebody"),
            ("AWS_SECRET_ACCESS_KEY", "a secret"),
            ("AWS_TIMEOUT", patience),
        ]
        .map(|(name, value)| (name.to_owned(), value.into()));
        Bucket::new(&format!("s3://{}/{prefix}", self.name), &options).unwrap()
    }

    pub(crate) async fn put(&self, key: &str, content: &str) {
        self.send(Method::PUT, &in_path(key), content).await;
    }

    /// As a program does that knows nothing of versions.
    pub(crate) async fn delete(&self, key: &str) {
        self.send(Method::DELETE, &in_path(key), "").await;
    }

    /// Begins an upload, sends a part and never comes back.
    pub(crate) async fn begin_upload(&self, key: &str) {
        let path = in_path(key);
        let begun = self
            .send(Method::POST, &format!("{path}?uploads"), "")
            .await;
        let id = begun
            .split(['<', '>'])
            .skip_while(|tag| *tag != "UploadId")
            .nth(1);
        let part = format!("{path}?partNumber=1&uploadId={}", id.unwrap());
        self.send(Method::PUT, &part, "half of it").await;
    }

    /// Versions, delete markers and unfinished uploads whose keys begin so.
    pub(crate) async fn left(&self, prefix: &str) -> usize {
        let versions = format!("?versions&max-keys=100000&prefix={prefix}");
        let versions = self.send(Method::GET, &versions, "").await;
        let uploads = format!("?uploads&prefix={prefix}");
        let uploads = self.send(Method::GET, &uploads, "").await;
        let said = |text: &str, tag| text.matches(tag).count();
        said(&versions, "<Version>")
            + said(&versions, "<DeleteMarker>")
            + said(&uploads, "<Upload>")
    }

    /// What lies under this key, as it lies there.
    pub(crate) async fn bytes(&self, key: &str) -> Vec<u8> {
        let url = format!("{}/{}/{}", self.server, self.name, in_path(key));
        let request = self.client.get(url).header("authorization", SOMEBODY);
        request.send().await.unwrap().bytes().await.unwrap().into()
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &str) -> String {
        let url = format!("{}/{}/{path}", self.server, self.name);
        let request = self.client.request(method, url).body(body.to_owned());
        let request = request.header("authorization", SOMEBODY);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.text().await.unwrap()
    }
}

pub(crate) fn organization(number: u64) -> OrganizationId {
    let random = ChaChaRandom::from_number(number);
    OrganizationId::mint(Timestamp::from_millis(0), &random)
}

/// The prefix of an organization's files.
pub(crate) fn prefix(organization: &OrganizationId) -> String {
    format!("{PREFIX}/{organization}/")
}

/// Every byte but letters, digits and slashes encoded, so that nobody on the way reads something into it.
fn in_path(key: &str) -> String {
    key.bytes()
        .map(|byte| match byte {
            b'/' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test runner says where its server is"
)]
fn server() -> String {
    std::env::var("QLIENTO_TEST_S3_URL")
        .expect("these tests need an S3: run them as 'scripts/s3 cargo test -p erasure --test s3'")
}
