//! What S3 answers, and the one thing it is told in XML.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use quick_xml::{DeError, de, se};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IntoDeserializer as _, value::Error as ValueError},
};

use crate::time::Timestamp;

/// A version of an object, or a marker that hides one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Version {
    pub(crate) key: String,
    #[serde(rename = "VersionId")]
    pub(crate) id: String,
    /// Whether it is what somebody gets who asks for the key.
    #[serde(default, skip_serializing)]
    pub(crate) is_latest: bool,
    /// Its length; a marker has none.
    #[serde(default, skip_serializing)]
    pub(crate) size: Option<u64>,
    /// When it was written, by the bucket's clock.
    #[serde(default, skip_serializing, deserialize_with = "moment")]
    pub(crate) last_modified: Option<Timestamp>,
}

/// An upload that began and did not end. Its parts lie in the bucket, and no listing of objects shows them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Upload {
    pub(crate) key: String,
    #[serde(rename = "UploadId")]
    pub(crate) id: String,
    /// When it began, by the bucket's clock.
    #[serde(default, deserialize_with = "moment")]
    pub(crate) initiated: Option<Timestamp>,
}

/// The end of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    pub(crate) key: String,
    pub(crate) id: String,
}

/// A part of a listing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Where the next one begins, when there is one.
    pub(crate) next: Option<Marker>,
}

impl Version {
    /// Whether XML has a way to write its key that each reader takes for the same: control characters and what is no character
    /// have none, and some readers make a new line of the separator of lines.
    pub(super) fn fits_xml(&self) -> bool {
        let is_odd = |char: char| matches!(char, '\u{2028}' | '\u{fffe}' | '\u{ffff}');
        !self
            .key
            .chars()
            .any(|char| char.is_control() || is_odd(char))
    }
}

/// One that is not understood is no reason to leave something undeleted.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let read: Result<_, ValueError> = Timestamp::deserialize(text.into_deserializer());
    Ok(read.ok())
}

/// Told apart by its first tag: a friendly page of some proxy must not be taken for an empty listing.
#[derive(Deserialize)]
enum Answer {
    ListVersionsResult(ListVersionsResult),
    ListMultipartUploadsResult(ListMultipartUploadsResult),
    DeleteResult(DeleteResult),
    Error(ErrorAnswer),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListVersionsResult {
    encoding_type: Option<String>,
    is_truncated: bool,
    next_key_marker: Option<String>,
    next_version_id_marker: Option<String>,
    #[serde(default)]
    version: Vec<Version>,
    #[serde(default)]
    delete_marker: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListMultipartUploadsResult {
    encoding_type: Option<String>,
    is_truncated: bool,
    next_key_marker: Option<String>,
    next_upload_id_marker: Option<String>,
    #[serde(default)]
    upload: Vec<Upload>,
}

#[derive(Serialize)]
#[serde(rename = "Delete", rename_all = "PascalCase")]
struct Deletion<'v> {
    #[serde(rename = "@xmlns")]
    namespace: &'static str,
    /// Only what went wrong is answered.
    quiet: bool,
    object: Vec<&'v Version>,
}

#[derive(Deserialize)]
struct DeleteResult {
    #[serde(default, rename = "Error")]
    errors: Vec<ErrorAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorAnswer {
    code: String,
}

pub(super) fn versions(body: &[u8]) -> Option<Page<Version>> {
    let Answer::ListVersionsResult(mut list) = read(body)? else {
        return None;
    };
    let is_encoded = list.encoding_type.as_deref() == Some("url");
    list.version.append(&mut list.delete_marker);
    for version in &mut list.version {
        decode(&mut version.key, is_encoded)?;
    }
    let marker = list.next_key_marker.zip(list.next_version_id_marker);
    Some(Page {
        items: list.version,
        next: next(list.is_truncated, marker, is_encoded)?,
    })
}

pub(super) fn uploads(body: &[u8]) -> Option<Page<Upload>> {
    let Answer::ListMultipartUploadsResult(mut list) = read(body)? else {
        return None;
    };
    let is_encoded = list.encoding_type.as_deref() == Some("url");
    for upload in &mut list.upload {
        decode(&mut upload.key, is_encoded)?;
    }
    let marker = list.next_key_marker.zip(list.next_upload_id_marker);
    Some(Page {
        items: list.upload,
        next: next(list.is_truncated, marker, is_encoded)?,
    })
}

/// The request that deletes these.
pub(super) fn deletion(versions: Vec<&Version>) -> Option<Vec<u8>> {
    let deletion = Deletion {
        namespace: "http://s3.amazonaws.com/doc/2006-03-01/",
        quiet: true,
        object: versions,
    };
    se::to_string(&deletion).ok().map(String::into_bytes)
}

/// The codes of what could not be deleted.
pub(super) fn failures(body: &[u8]) -> Option<Vec<String>> {
    let Answer::DeleteResult(result) = read(body)? else {
        return None;
    };
    Some(result.errors.into_iter().map(|error| error.code).collect())
}

/// The code of a refusal.
pub(super) fn error_code(body: &[u8]) -> Option<String> {
    let Answer::Error(error) = read(body)? else {
        return None;
    };
    Some(error.code)
}

fn read(body: &[u8]) -> Option<Answer> {
    let read: Result<Answer, DeError> = de::from_reader(body);
    read.ok()
}

/// A truncated page without a place to go on from cannot be believed: something would never be seen.
#[expect(
    clippy::option_option,
    reason = "no next page, one, or an answer that contradicts itself"
)]
fn next(
    is_truncated: bool,
    marker: Option<(String, String)>,
    is_encoded: bool,
) -> Option<Option<Marker>> {
    if !is_truncated {
        return Some(None);
    }
    let (mut key, id) = marker?;
    decode(&mut key, is_encoded)?;
    Some(Some(Marker { key, id }))
}

/// S3 writes keys as forms do: a plus is a space.
fn decode(key: &mut String, is_encoded: bool) -> Option<()> {
    if is_encoded {
        let spaced = key.replace('+', " ");
        let decoded: Cow<'_, str> = percent_decode_str(&spaced).decode_utf8().ok()?;
        *key = decoded.into_owned();
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(key: &str, id: &str) -> Version {
        Version {
            key: key.to_owned(),
            id: id.to_owned(),
            is_latest: false,
            size: None,
            last_modified: None,
        }
    }

    #[test]
    fn versions_and_markers_are_read_in_any_order_with_their_keys_decoded() {
        let body = br#"<?xml version="1.0"?>
            <ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><MaxKeys>3</MaxKeys>
              <NextKeyMarker>m%2Fb+c</NextKeyMarker><NextVersionIdMarker>2</NextVersionIdMarker>
              <DeleteMarker><Key>m%2Fa</Key><VersionId>3</VersionId><IsLatest>true</IsLatest></DeleteMarker>
              <Version><Key>m%2Fa</Key><VersionId>null</VersionId><Size>1</Size>
                <LastModified>1970-01-01T00:00:01.000Z</LastModified></Version>
              <DeleteMarker><Key>m%2Fb+c</Key><VersionId>2</VersionId><LastModified>yesterday</LastModified></DeleteMarker>
            </ListVersionsResult>"#;

        let page = versions(body).unwrap();

        let file = Version {
            size: Some(1),
            last_modified: Some(Timestamp::from_millis(1_000)),
            ..version("m/a", "null")
        };
        let latest_marker = Version {
            is_latest: true,
            ..version("m/a", "3")
        };
        assert_eq!(page.items, [file, latest_marker, version("m/b c", "2")]);
        let next = page.next.unwrap();
        assert_eq!((next.key.as_str(), next.id.as_str()), ("m/b c", "2"));
    }

    #[test]
    fn what_contradicts_itself_or_comes_from_somebody_else_is_not_believed() {
        let more = b"<ListVersionsResult><IsTruncated>true</IsTruncated></ListVersionsResult>";
        assert_eq!(versions(more), None);
        let page = b"<html><head/><body>We will be back soon</body></html>";
        assert_eq!((versions(page), uploads(page)), (None, None));
        assert_eq!((failures(page), uploads(b"")), (None, None));
    }

    #[test]
    fn what_could_not_be_deleted_is_told_by_its_code() {
        let body = b"<DeleteResult><Error><Key>a</Key><VersionId>1</VersionId><Code>AccessDenied</Code>\
                     <Message>Access Denied</Message></Error><Error><Code>InternalError</Code></Error></DeleteResult>";
        assert_eq!(failures(body).unwrap(), ["AccessDenied", "InternalError"]);
        assert_eq!(failures(b"<DeleteResult/>").unwrap(), [""; 0]);
        assert_eq!(
            error_code(b"<Error><Code>NoSuchBucket</Code><RequestId>1</RequestId></Error>")
                .unwrap(),
            "NoSuchBucket"
        );
    }

    proptest! {
        #[test]
        fn whatever_a_key_holds_it_is_named_exactly_when_it_is_deleted(key in "\\PC{1,40}", id in "[A-Za-z0-9._-]{1,32}") {
            #[derive(Deserialize)]
            struct Read { #[serde(rename = "Object")] objects: Vec<Version> }
            let one = version(&key, &id);
            prop_assume!(one.fits_xml());

            let written = deletion(vec![&one]).unwrap();

            let read: Read = de::from_reader(written.as_slice()).unwrap();
            prop_assert_eq!(read.objects, [one]);
        }

        #[test]
        fn no_answer_whatever_it_holds_breaks_the_reader(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = (versions(&body), uploads(&body), failures(&body), error_code(&body));
        }
    }
}
