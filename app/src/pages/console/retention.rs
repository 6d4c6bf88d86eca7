//! What is kept: for how many, until when and why, what ends next; and the archive, which an officer opens with a reason.

use erasure::{
    archive::{LegalBasis, Listed},
    retention::{KeptTable, Overview, Purge},
    staff::{Act, kept},
    time::Timestamp,
};
use leptos::prelude::*;

use super::{ConsolePlace, Visit, inside};
use crate::{
    answer::Flash,
    console::copy,
    context,
    pages::{Detour, Page},
    parts::{Ledger, LineField, Problems, Select},
};

/// The overview, and for officers the archive.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let place = ConsolePlace::Retention;
    let staff = visit.staff(place).await?;
    let services = context::services();
    let overview = match kept::overview(&services, &staff).await {
        Ok(overview) => overview,
        Err(error) => return Err(visit.instead(error, staff, place)),
    };
    let records = if staff.role().may(Act::OpenArchive) {
        Some(erasure::archive::list(&services).await?)
    } else {
        None
    };
    let flash = visit.take_flash();
    let words = &visit.console().retention;
    let holds = overview.holds;
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{words.intro}</p>
        <p>
            {(words.holds)(holds.active, holds.past_review, holds.held_erasures)} " "
            {(words.backups)(overview.backups_end_after_days)}
        </p>
        {tables(&visit, &overview)}
        {purges(&visit, &overview.next_purges)}
        {records.map(|records| archive(&visit, &records))}
    };
    let body = body.into_any();
    Ok(inside(words.title, staff, place, body).reporting(&visit, flash.as_ref()))
}

fn date(visit: &Visit, at: Timestamp) -> String {
    let zone = &context::services().settings.time_zone;
    zone.date(at, visit.locale)
}

fn tables(visit: &Visit, overview: &Overview) -> AnyView {
    let words = &visit.console().retention;
    let row = |table: &KeptTable| {
        let next = table.next_end.map(|at| date(visit, at));
        view! {
            <tr>
                <th scope="row">
                    <code>{table.table.clone()}</code>
                </th>
                <td class="number">{table.rows}</td>
                <td lang="en">{table.basis.clone()}</td>
                <td lang="en">{table.until.clone()}</td>
                <td class="unbroken">{next.unwrap_or_else(|| "–".to_owned())}</td>
            </tr>
        }
    };
    let rows = overview.tables.iter().map(row).collect_view();
    view! {
        <section class="card" aria-labelledby="tables">
            <h2 id="tables">{words.tables}</h2>
            <Ledger caption=words.tables columns=vec![words.table, words.rows, words.basis, words.until, words.next] in_section=true>
                {rows}
            </Ledger>
        </section>
    }
    .into_any()
}

fn purges(visit: &Visit, purges: &[Purge]) -> AnyView {
    let words = &visit.console().retention;
    if purges.is_empty() {
        return ().into_any();
    }
    let row = |purge: &Purge| {
        view! {
            <tr>
                <th scope="row" class="unbroken">
                    {date(visit, purge.at)}
                </th>
                <td class="number">{purge.organizations}</td>
                <td class="number">{purge.invoices}</td>
                <td>{purge.basis.clone()}</td>
            </tr>
        }
    };
    let rows = purges.iter().map(row).collect_view();
    view! {
        <section class="card" aria-labelledby="purges">
            <h2 id="purges">{words.purges}</h2>
            <Ledger caption=words.purges columns=vec![words.day, words.organizations, words.invoices, words.basis] in_section=true>
                {rows}
            </Ledger>
        </section>
    }
    .into_any()
}

/// The records, and behind each the form that opens it. What comes is a file; that it was opened is on two records.
fn archive(visit: &Visit, records: &[Listed]) -> AnyView {
    let words = &visit.console().retention;
    if records.is_empty() {
        return ().into_any();
    }
    let row = |record: &Listed| {
        view! {
            <tr>
                <th scope="row">
                    <code>{record.reference.clone()}</code>
                </th>
                <td>{record.country.clone()}</td>
                <td class="number">{record.records}</td>
                <td class="unbroken">{date(visit, record.keep_until)}</td>
                <td>{open_form(visit, record)}</td>
            </tr>
        }
    };
    let rows = records.iter().map(row).collect_view();
    view! {
        <section class="card" aria-labelledby="archive">
            <h2 id="archive">{words.archive}</h2>
            <p>{words.archive_text}</p>
            <Ledger caption=words.archive columns=vec![words.reference, words.country, words.invoices, words.day, words.actions] in_section=true>
                {rows}
            </Ledger>
        </section>
    }
    .into_any()
}

fn open_form(visit: &Visit, record: &Listed) -> AnyView {
    let texts = visit.console();
    let words = &texts.retention;
    let mut bases = vec![("", texts.desk.choose)];
    bases.extend(LegalBasis::ALL.map(|basis| (basis.as_str(), (words.legal_basis)(basis))));
    view! {
        <details class="fold">
            <summary>
                {words.open} <span class="visually-hidden">{record.reference.clone()}</span>
            </summary>
            <form method="post" action=copy::ARCHIVE>
                <input type="hidden" name="lang" value=visit.locale.as_str() />
                <input type="hidden" name="record" value=record.id.clone() />
                <Select
                    id=format!("basis-{}", record.id)
                    name="basis"
                    label=words.on_basis.to_owned()
                    options=bases
                    chosen=""
                />
                <LineField
                    id=format!("reason-{}", record.id)
                    name="reason"
                    label=words.reason
                    value=String::new()
                />
                <button class="button" type="submit">
                    {words.open_submit}
                </button>
            </form>
        </details>
    }
    .into_any()
}
