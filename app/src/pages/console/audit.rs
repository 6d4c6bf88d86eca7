//! The record of what staff looked at and did: filtered, page by page, and as a copy to take away.

use erasure::{
    id::StaffId,
    locale::Locale,
    staff::{
        Act, Role,
        audit::{self, Filter, Outcome, Recorded},
    },
    time::Timestamp,
};
use leptos::prelude::*;

use super::{ConsolePlace, Visit, inside};
use crate::{
    answer::Flash,
    console::{copy, filter_of},
    context,
    locales::ConsoleTexts,
    pages::{Detour, Page},
    parts::{Ledger, Problems, Select},
};

/// The newest entries that fit, or the older ones that were asked for.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let staff = visit.staff(ConsolePlace::Audit).await?;
    let filter = filter_of(|name| visit.parameter(name).unwrap_or_default().to_owned());
    let before = visit.parameter("before").and_then(|at| at.parse().ok());
    let services = context::services();
    let page = match audit::page(&services, &staff, &filter, before).await {
        Ok(page) => page,
        Err(error) => return Err(visit.instead(error, staff, ConsolePlace::Audit)),
    };
    let flash = visit.take_flash();
    let texts = visit.console();
    let words = &texts.audit;
    let here = ConsolePlace::Audit.path(visit.locale);
    let chosen = query(&filter);
    let older = page
        .older
        .map(|position| format!("{here}?{chosen}before={position}"));
    let rows = page
        .entries
        .iter()
        .map(|entry| row(texts, entry, visit.locale))
        .collect_view();
    let table = if page.entries.is_empty() {
        view! { <p>{words.nothing}</p> }.into_any()
    } else {
        table(texts, rows.into_any())
    };
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{words.intro}</p>
        {form(&visit, &filter)}
        {table}
        <p class="buttons">
            {older.map(|address| view! { <a class="button" href=address>{words.older}</a> })}
            {before.map(|_: i64| view! { <a class="button button-quiet" href=format!("{here}?{chosen}")>{words.newest}</a> })}
        </p>
        {take_copy(&visit, &filter)}
    };
    Ok(
        inside(words.title, staff, ConsolePlace::Audit, body.into_any())
            .reporting(&visit, flash.as_ref()),
    )
}

fn table(texts: &'static ConsoleTexts, rows: AnyView) -> AnyView {
    let words = &texts.audit;
    view! {
        <Ledger caption=words.caption columns=vec![words.number, words.when, words.who, words.act, words.outcome, words.detail]>
            {rows}
        </Ledger>
    }
    .into_any()
}

fn row(texts: &'static ConsoleTexts, entry: &Recorded, locale: Locale) -> AnyView {
    let words = &texts.audit;
    let act = entry.act.parse().map_or_else(
        |_| entry.act.clone(),
        |act| (words.act_name)(act).to_owned(),
    );
    let outcome = [Outcome::Done, Outcome::Refused]
        .into_iter()
        .find(|outcome| outcome.as_str() == entry.outcome);
    let who = match (&entry.email, entry.role.parse::<Role>()) {
        (Some(email), Ok(role)) => format!("{email} · {}", (texts.common.role)(role)),
        (None, Ok(role)) => (texts.common.role)(role).to_owned(),
        (_, Err(_)) if entry.role == "operator" => words.operator.to_owned(),
        (_, Err(_)) => words.stranger.to_owned(),
    };
    let class = if outcome == Some(Outcome::Refused) {
        "tag tag-alert"
    } else {
        "tag"
    };
    let detail = entry.detail.as_deref().map(|word| match word.parse() {
        Ok(role) => (texts.common.role)(role),
        Err(_) => (words.detail_name)(word).unwrap_or_default(),
    });
    let subject = entry.subject.clone();
    let at = Timestamp::from_millis(entry.occurred_at);
    view! {
        <tr>
            <td class="number">{entry.position}</td>
            <td class="unbroken">
                <time datetime=at.to_rfc3339()>{at.to_moment(locale)}</time>
            </td>
            <td>
                {match &entry.staff_id {
                    Some(id) => view! { <a href=format!("?who={id}")>{who}</a> }.into_any(),
                    None => who.into_any(),
                }}
            </td>
            <td>{act}</td>
            <td>
                <span class=class>{outcome.map(words.outcome_name)}</span>
            </td>
            <td class="small">
                {detail}
                {subject.map(|id| view! { " " <code class="id">{id}</code> })}
            </td>
        </tr>
    }
    .into_any()
}

fn form(visit: &Visit, filter: &Filter) -> AnyView {
    let texts = visit.console();
    let words = &texts.audit;
    let mut acts = vec![("", words.everything)];
    acts.extend(
        Act::ALL
            .iter()
            .map(|act| (act.as_str(), (words.act_name)(*act))),
    );
    let mut outcomes = vec![("", words.everything)];
    outcomes.extend(
        [Outcome::Done, Outcome::Refused]
            .map(|outcome| (outcome.as_str(), (words.outcome_name)(outcome))),
    );
    let here = ConsolePlace::Audit.path(visit.locale);
    let everybody = filter.staff.as_ref().map(|_| {
        view! {
            <a class="button button-quiet" href=here.clone()>
                {words.everybody}
            </a>
        }
    });
    let who = filter
        .staff
        .as_ref()
        .map(|id| view! { <input type="hidden" name="who" value=id.to_string() /> });
    view! {
        <form
            class="filters"
            role="search"
            method="get"
            action=here.clone()
            aria-label=words.filter
        >
            {who}
            <Select
                id="act".to_owned()
                name="act"
                label=words.act.to_owned()
                options=acts
                chosen=filter.act.map(Act::as_str).unwrap_or_default()
            />
            <Select
                id="outcome".to_owned()
                name="outcome"
                label=words.outcome.to_owned()
                options=outcomes
                chosen=filter.outcome.map(Outcome::as_str).unwrap_or_default()
            />
            <div class="field">
                <label for="about">{words.about}</label>
                <input
                    id="about"
                    name="about"
                    type="text"
                    maxlength="36"
                    spellcheck="false"
                    value=filter.subject.clone().unwrap_or_default()
                />
            </div>
            <button class="button" type="submit">
                {words.show}
            </button>
            {everybody}
        </form>
    }
    .into_any()
}

/// The filter as it stands in an address, with an `&` at its end if there is one.
fn query(filter: &Filter) -> String {
    let parts = [
        ("who", filter.staff.as_ref().map(StaffId::as_str)),
        ("act", filter.act.map(Act::as_str)),
        ("outcome", filter.outcome.map(Outcome::as_str)),
        ("about", filter.subject.as_deref()),
    ];
    parts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}&", value?)))
        .collect()
}

fn take_copy(visit: &Visit, filter: &Filter) -> AnyView {
    let words = &visit.console().audit;
    let field = |name: &'static str, value: Option<&str>| {
        value.map(|value| view! { <input type="hidden" name=name value=value.to_owned() /> })
    };
    view! {
        <section class="card" aria-labelledby="copy">
            <h2 id="copy">{words.copy}</h2>
            <p>{words.copy_text}</p>
            <form method="post" action=copy::AUDIT>
                <input type="hidden" name="lang" value=visit.locale.as_str() />
                {field("who", filter.staff.as_ref().map(StaffId::as_str))}
                {field("act", filter.act.map(Act::as_str))}
                {field("outcome", filter.outcome.map(Outcome::as_str))}
                {field("about", filter.subject.as_deref())} <div class="buttons">
                    <button class="button" type="submit" name="format" value="csv">
                        {words.copy_csv}
                    </button>
                    <button class="button" type="submit" name="format" value="json">
                        {words.copy_json}
                    </button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
