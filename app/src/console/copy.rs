//! Files that the console hands out: written while they are read, so that their length does not matter.
//!
//! They are asked for by forms, because to take a copy is an act that goes on record. A refusal leads back to a page, like
//! everywhere else.

use axum::{
    Form, Router,
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::post,
};
use erasure::{
    id::RowId,
    request::desk,
    services::Services,
    staff::{self, ActError, Staff, audit, kept},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::{
    archive_file,
    batches::{Format, written},
    filter_of,
};
use crate::{
    answer::{Cookie, Flash, Message, Outcome, find_cookie, our_fault},
    locales,
    pages::{ConsoleNext, ConsolePlace},
    wire::ConsoleTrouble,
};

/// Where the record's copy is asked for.
pub(crate) const AUDIT: &str = "/api/console/audit-copy";
/// Where the register's is.
pub(crate) const REGISTER: &str = "/api/console/register-copy";
/// Where a record of the archive is opened.
pub(crate) const ARCHIVE: &str = "/api/console/archive-copy";

/// The addresses of the files.
pub(crate) fn routes() -> Router<Services> {
    Router::new()
        .route(AUDIT, post(copy_of_audit))
        .route(REGISTER, post(copy_of_register))
        .route(ARCHIVE, post(open_archive))
}

#[derive(Debug, Deserialize)]
struct AuditForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    who: String,
    #[serde(default)]
    act: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    about: String,
}

async fn copy_of_audit(
    State(services): State<Services>,
    headers: HeaderMap,
    Form(form): Form<AuditForm>,
) -> Response {
    let filter = filter_of(|name| match name {
        "who" => form.who.clone(),
        "act" => form.act.clone(),
        "outcome" => form.outcome.clone(),
        _ => form.about.clone(),
    });
    let begun = match signed_in(&services, &headers).await {
        Ok(staff) => audit::copy(&services, &staff, filter).await,
        Err(error) => Err(error),
    };
    match begun {
        Ok(copy) => file("journal", form.format, written(copy, form.format)),
        Err(error) => back(&services, &form.lang, ConsolePlace::Audit, error.into()),
    }
}

#[derive(Debug, Deserialize)]
struct RegisterForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    format: Format,
}

async fn copy_of_register(
    State(services): State<Services>,
    headers: HeaderMap,
    Form(form): Form<RegisterForm>,
) -> Response {
    let begun = match signed_in(&services, &headers).await {
        Ok(staff) => desk::register(&services, &staff).await,
        Err(error) => Err(error.into()),
    };
    match begun {
        Ok(copy) => file("register", form.format, written(copy, form.format)),
        Err(error) => back(&services, &form.lang, ConsolePlace::Figures, error.into()),
    }
}

#[derive(Deserialize)]
struct ArchiveForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    reason: String,
}

async fn open_archive(
    State(services): State<Services>,
    headers: HeaderMap,
    Form(form): Form<ArchiveForm>,
) -> Response {
    match opened(&services, &headers, &form).await {
        Ok(opened) => archive_file::answer(services, opened),
        Err(outcome) => back(&services, &form.lang, ConsolePlace::Retention, outcome),
    }
}

async fn opened(
    services: &Services,
    headers: &HeaderMap,
    form: &ArchiveForm,
) -> Result<erasure::archive::open::Opened, Outcome> {
    let staff = signed_in(services, headers).await?;
    let id: RowId = form
        .record
        .parse()
        .map_err(|_| ConsoleTrouble::RecordUnknown)?;
    let basis =
        erasure::archive::LegalBasis::named(&form.basis).ok_or(ConsoleTrouble::ChoiceMissing)?;
    let reason = form
        .reason
        .parse()
        .map_err(|_| ConsoleTrouble::ReasonUnfit)?;
    Ok(kept::open_archive(services, &staff, &id, (basis, reason)).await?)
}

async fn signed_in(services: &Services, headers: &HeaderMap) -> Result<Staff, ActError> {
    let Some(token) = find_cookie(headers, Cookie::STAFF) else {
        return Err(ActError::Ended);
    };
    staff::resume(services, &token)
        .await?
        .ok_or(ActError::Ended)
}

fn file(name: &str, format: Format, body: Body) -> Response {
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
    };
    attachment(&format!("qliento-{name}.{ending}"), kind, body)
}

/// A file that the browser keeps and that nothing between us does.
pub(super) fn attachment(name: &str, kind: &'static str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body).into_response()
}
/// Back to the page that asked, which says why; or to the proof or the sign-in first.
fn back(services: &Services, lang: &str, place: ConsolePlace, outcome: Outcome) -> Response {
    let locale = locales::of_form(lang);
    let page = place.path(locale);
    let (location, trouble) = match outcome {
        Outcome::Said(trouble) => (page.clone(), Some(trouble)),
        Outcome::ProofNeeded => {
            let next = ConsoleNext::to(place);
            (next.through(ConsolePlace::Prove, locale), None)
        }
        Outcome::Ended => {
            let next = ConsoleNext::to(place);
            (next.through(ConsolePlace::SignIn, locale), None)
        }
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    let cookie = trouble.map(|trouble| {
        let flash = Flash::new(&page, Message::Trouble(trouble), "");
        Cookie::flash(&flash.seal(&services.vault)).to_header()
    });
    match cookie {
        Some(Ok(cookie)) => {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Some(Err(error)) => {
            our_fault(&error);
        }
        None => {}
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
