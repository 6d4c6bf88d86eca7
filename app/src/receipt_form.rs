//! The form in which somebody brings a receipt: read a piece at a time, and never kept.
//!
//! What is too long for a receipt is read to its end all the same and forgotten: a browser shows an answer only when it could
//! say everything.

use axum::{
    body::Body,
    extract::{
        FromRequest as _, Multipart, Request,
        multipart::{Field, MultipartError},
    },
};
use erasure::{
    db::Error,
    receipt::{self, LONGEST, VerifyError},
    services::Services,
};
use http::request::Parts;

use crate::pages::Checked;

/// More than this is not read to its end.
pub(crate) const LONGEST_FORM: usize = 32 * 1024 * 1024;

/// Checks the receipt that this form brings; hands the request back without its body.
///
/// # Errors
/// When the database fails.
pub(crate) async fn checked(
    services: &Services,
    request: Request,
) -> Result<(Request, Checked), Error> {
    let (parts, body) = request.into_parts();
    let text = text_of(parts.clone(), body).await;
    let checked = match text {
        Ok(text) => {
            let keys = receipt::key_set(&services.db).await?;
            receipt::verify(&text, &keys).map(Box::new)
        }
        Err(why) => Err(why),
    };
    let bare = Request::from_parts(parts, Body::empty());
    Ok((bare, Checked(checked)))
}

/// The file, or else what was pasted.
async fn text_of(parts: Parts, body: Body) -> Result<Vec<u8>, VerifyError> {
    let request = Request::from_parts(parts, body);
    // What is no such form brings nothing.
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| VerifyError::Empty)?;
    let mut found = Vec::new();
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(found),
            Err(error) => return Err(broken(&error)),
        };
        let text = beginning(field).await.map_err(|error| broken(&error))?;
        if found.is_empty() {
            found = text;
        }
    }
}

/// As much of a field as it takes to see that it is too long.
async fn beginning(mut field: Field<'_>) -> Result<Vec<u8>, MultipartError> {
    let mut text = Vec::new();
    while let Some(piece) = field.chunk().await? {
        let room = (LONGEST + 1).saturating_sub(text.len());
        text.extend(piece.iter().take(room));
    }
    Ok(text)
}

fn broken(error: &MultipartError) -> VerifyError {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        VerifyError::TooLong
    } else {
        VerifyError::NotJson
    }
}
