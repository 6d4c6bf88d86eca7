//! Signed calls that `object_store` has no function for: versions and unfinished uploads.
//!
//! What went wrong is told apart by S3's own code, not by the status alone: whoever calls either tries again later or asks a
//! person. Neither an address nor an answer's text gets into an error.

use std::fmt::Write as _;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{Method, Request, StatusCode, header::CONTENT_TYPE};
use md5::Md5;
use object_store::{
    aws::AwsAuthorizer,
    client::{HttpRequest, HttpRequestBody},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use super::{
    Bucket,
    answer::{self, Marker, Page, Upload, Version},
};

/// So many versions S3 lists in one answer, and deletes in one call.
pub(crate) const PAGE: usize = 1_000;
/// What S3 leaves as it is when it checks a signature.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The same for a key in a path.
const IN_PATH: AsciiSet = UNRESERVED.remove(b'/');

/// The store did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum S3Error {
    /// There is nothing to do it to.
    Gone,
    /// Not now: it is down, busy or slow.
    Later(&'static str),
    /// Not before a person has changed something.
    Refused(&'static str),
}

const SILENT: S3Error = S3Error::Later("the bucket does not answer");
const BUSY: S3Error = S3Error::Later("the bucket is busy or out of order");
const NO_CREDENTIALS: S3Error = S3Error::Later("no credentials for the bucket can be had");
const NO_ENTRY: S3Error = S3Error::Refused(
    "the bucket refuses: look at its credentials, their rights and locks on its objects",
);
const NO_BUCKET: S3Error = S3Error::Refused("there is no bucket of this name");
const ELSEWHERE: S3Error = S3Error::Refused("the bucket is in another region");
const UNABLE: S3Error = S3Error::Refused("the bucket cannot list versions and uploads");
const UNNAMEABLE: S3Error =
    S3Error::Refused("a key in the bucket cannot be asked for by its address");
const STRANGE: S3Error = S3Error::Refused("the bucket's answer is not understood");

impl Bucket {
    /// Lists versions and delete markers whose keys begin with `prefix`, from the first one or behind a page.
    pub(crate) async fn versions(
        &self,
        prefix: &str,
        behind: Option<&Marker>,
        at_most: usize,
    ) -> Result<Page<Version>, S3Error> {
        let at_most = at_most.min(PAGE);
        let mut query = format!("versions&max-keys={at_most}&{}", beginning_with(prefix));
        if let Some(Marker { key, id }) = behind {
            let (key, id) = (encode(key), encode(id));
            let _ = write!(query, "&key-marker={key}&version-id-marker={id}");
        }
        let body = self.call(Method::GET, "", &query, vec![]).await?;
        answer::versions(&body).ok_or(STRANGE)
    }

    /// Lists unfinished uploads whose keys begin with `prefix`, from the first one or behind a page.
    pub(crate) async fn uploads(
        &self,
        prefix: &str,
        behind: Option<&Marker>,
    ) -> Result<Page<Upload>, S3Error> {
        let mut query = format!("uploads&{}", beginning_with(prefix));
        if let Some(Marker { key, id }) = behind {
            let (key, id) = (encode(key), encode(id));
            let _ = write!(query, "&key-marker={key}&upload-id-marker={id}");
        }
        let body = self.call(Method::GET, "", &query, vec![]).await?;
        answer::uploads(&body).ok_or(STRANGE)
    }

    /// Deletes versions for good, at most [`PAGE`] of them.
    pub(crate) async fn delete(&self, versions: &[Version]) -> Result<(), S3Error> {
        let (plain, odd): (Vec<_>, Vec<_>) = versions.iter().partition(|one| one.fits_xml());
        for version in odd {
            let query = format!("versionId={}", encode(&version.id));
            let deleted = self
                .call(Method::DELETE, &version.key, &query, vec![])
                .await;
            deleted.map(drop).or_else(S3Error::unless_gone)?;
        }
        if plain.is_empty() {
            return Ok(());
        }
        let deletion = answer::deletion(plain).ok_or(STRANGE)?;
        let body = self.call(Method::POST, "", "delete", deletion).await?;
        for code in answer::failures(&body).ok_or(STRANGE)? {
            classify(StatusCode::OK, &code).unless_gone()?;
        }
        Ok(())
    }

    /// Gives up an unfinished upload, with the parts that have arrived.
    pub(crate) async fn abort(&self, upload: &Upload) -> Result<(), S3Error> {
        let query = format!("uploadId={}", encode(&upload.id));
        let given_up = self.call(Method::DELETE, &upload.key, &query, vec![]).await;
        given_up.map(drop).or_else(S3Error::unless_gone)
    }

    async fn call(
        &self,
        method: Method,
        key: &str,
        query: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, S3Error> {
        if key.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(UNNAMEABLE); // every client on the way would take it for another address
        }
        let path = utf8_percent_encode(key, &IN_PATH);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/{path}?{query}", self.endpoint));
        if !body.is_empty() {
            // S3 wants one of the two, and some that speak its language know only the older.
            request = request
                .header(CONTENT_TYPE, "application/xml")
                .header("content-md5", BASE64_STANDARD.encode(Md5::digest(&body)))
                .header(
                    "x-amz-checksum-sha256",
                    BASE64_STANDARD.encode(Sha256::digest(&body)),
                );
        }
        let mut request: HttpRequest = request
            .body(HttpRequestBody::from(body))
            .map_err(|_| STRANGE)?;
        let provider = self.store.credentials();
        let credential = provider
            .get_credential()
            .await
            .map_err(|_| NO_CREDENTIALS)?;
        AwsAuthorizer::new(&credential, "s3", &self.region).authorize(&mut request, None);
        let answer = self.http.execute(request).await.map_err(|_| SILENT)?;
        let status = answer.status();
        let body = answer.into_body().bytes().await.map_err(|_| SILENT)?;
        if status.is_success() {
            return Ok(body.into());
        }
        let code = answer::error_code(&body).unwrap_or_default();
        Err(classify(status, &code))
    }
}

impl S3Error {
    /// What is gone already is deleted.
    fn unless_gone(self) -> Result<(), Self> {
        if self == Self::Gone {
            Ok(())
        } else {
            Err(self)
        }
    }
}

impl From<object_store::Error> for S3Error {
    fn from(error: object_store::Error) -> Self {
        use object_store::Error;
        if matches!(error, Error::NotFound { .. }) {
            NO_BUCKET
        } else if matches!(
            error,
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
        ) {
            NO_ENTRY
        } else {
            SILENT
        }
    }
}

/// Names as they are, for every character that a key may have.
fn beginning_with(prefix: &str) -> String {
    format!("encoding-type=url&prefix={}", encode(prefix))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, &UNRESERVED).to_string()
}

/// By S3's code: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>. Where there is none, by the status.
fn classify(status: StatusCode, code: &str) -> S3Error {
    match (code, status.as_u16()) {
        ("NoSuchKey" | "NoSuchVersion" | "NoSuchUpload", _) => S3Error::Gone,
        ("NoSuchBucket", _) => NO_BUCKET,
        (
            "PermanentRedirect"
            | "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException",
            _,
        )
        | (_, 301 | 307) => ELSEWHERE,
        ("NotImplemented" | "MethodNotAllowed", _) | (_, 405 | 501) => UNABLE,
        (
            "InternalError" | "SlowDown" | "ServiceUnavailable" | "RequestTimeout"
            | "OperationAborted",
            _,
        )
        | (_, 408 | 429 | 500..=599) => BUSY,
        ("AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "ExpiredToken", _)
        | (_, 401 | 403) => NO_ENTRY,
        _ => STRANGE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_is_told_apart_by_s3s_code() {
        for (status, code, meant) in [
            (404, "NoSuchVersion", S3Error::Gone),
            (404, "NoSuchUpload", S3Error::Gone),
            (404, "NoSuchBucket", NO_BUCKET),
            (301, "PermanentRedirect", ELSEWHERE),
            (400, "AuthorizationHeaderMalformed", ELSEWHERE),
            (501, "NotImplemented", UNABLE),
            (503, "SlowDown", BUSY),
            (200, "InternalError", BUSY),
            (500, "", BUSY),
            (429, "", BUSY),
            (403, "AccessDenied", NO_ENTRY),
            (200, "AccessDenied", NO_ENTRY),
            (403, "SignatureDoesNotMatch", NO_ENTRY),
            (404, "", STRANGE),
            (400, "MalformedXML", STRANGE),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(classify(status, code), meant, "{status} {code}");
        }
    }

    #[test]
    fn a_key_is_written_as_the_signature_is_checked() {
        assert_eq!(encode("a/b c+ü"), "a%2Fb%20c%2B%C3%BC");
        assert_eq!(
            utf8_percent_encode("a/b c", &IN_PATH).to_string(),
            "a/b%20c"
        );
    }
}
