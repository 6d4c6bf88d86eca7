//! What an opened record of the archive holds, as a file: one invoice a line, read page by page while it is sent.

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use erasure::{
    archive::open::{OpenError, Opened},
    services::Services,
};
use futures::stream;

use super::copy::attachment;

/// The file. A page that is missing or was changed breaks it off: half a record must not look whole.
pub(super) fn answer(services: Services, opened: Opened) -> Response {
    let name = format!("qliento-archive-{}.jsonl", opened.id());
    let lines = stream::try_unfold((services, opened), |(services, mut opened)| async move {
        let Some(page) = opened.next_page(&services).await? else {
            return Ok::<_, OpenError>(None);
        };
        let invoices: Vec<serde_json::Value> = serde_json::from_slice(&page)
            .map_err(|_| OpenError::Damaged(opened.id().to_owned()))?;
        let lines: Vec<String> = invoices.iter().map(ToString::to_string).collect();
        let text = format!(
            "{}
",
            lines.join(
                "
"
            )
        );
        Ok(Some((Bytes::from(text), (services, opened))))
    });
    attachment(&name, "application/jsonl", Body::from_stream(lines))
}
