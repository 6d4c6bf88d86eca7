//! One request: what is known, who holds something, what waits for a second person, what happened.

use erasure::{
    request::desk::{self, CaseShown, Dossier, Event, refusal::Proposed},
    staff::{Act, Staff},
    time::Timestamp,
};
use leptos::prelude::*;

use super::{ConsolePlace, Visit, inside, request_forms as forms};
use crate::{
    answer::Flash,
    console::desk::Draft,
    context,
    pages::{Detour, Page, RequestKey},
    parts::{NoticeBox, Problems},
};

/// What the parts of the page need.
pub(super) struct Sheet<'a> {
    pub(super) visit: &'a Visit,
    pub(super) staff: &'a Staff,
    pub(super) dossier: &'a Dossier,
    /// What was typed into the form that was not taken.
    pub(super) draft: Draft,
    /// Why it was not taken.
    pub(super) trouble: Option<crate::wire::Trouble>,
}

impl Sheet<'_> {
    pub(super) fn may(&self, act: Act) -> bool {
        self.staff.role().may(act)
    }

    pub(super) fn date(&self, at: Timestamp) -> String {
        let zone = &context::services().settings.time_zone;
        zone.date(at, self.visit.locale)
    }
}

/// The page; with `?show=all` the number or address is shown in full, and that is on record.
pub(super) async fn page(visit: Visit, key: RequestKey) -> Result<Page, Detour> {
    let place = ConsolePlace::Request(key);
    let staff = visit.staff(place).await?;
    let id = key.id().ok_or(Detour::NotFound)?;
    let whole = visit.parameter("show") == Some("all");
    let dossier = match desk::open(&context::services(), &staff, &id, whole).await {
        Ok(dossier) => dossier,
        Err(error) => return Err(visit.instead_of_desk(error, staff, place)),
    };
    let flash = visit.take_flash();
    let sheet = Sheet {
        visit: &visit,
        staff: &staff,
        dossier: &dossier,
        draft: Draft::read(flash.as_ref().map_or("", Flash::typed)),
        trouble: flash.as_ref().and_then(Flash::trouble),
    };
    let words = &visit.console().desk.request;
    let title = (words.title)(&dossier.request.reference);
    let body = view! {
        <Problems locale=visit.locale trouble=sheet.trouble />
        <p>
            <a href=ConsolePlace::Requests.path(visit.locale)>{words.back}</a>
        </p>
        <h1 tabindex="-1">{title.clone()}</h1>
        {visit.good_news(flash.as_ref()).map(|text| view! { <NoticeBox>{text}</NoticeBox> })}
        {facts(&sheet, place)}
        {proposals(&sheet)}
        {parts(&sheet)}
        {forms::decisions(&sheet)}
        {forms::note(&sheet)}
        {history(&sheet)}
    }
    .into_any();
    Ok(inside(title, staff, place, body).reporting(&visit, flash.as_ref()))
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd class="breakable">{value}</dd>
        </div>
    }
    .into_any()
}

fn facts(sheet: &Sheet<'_>, place: ConsolePlace) -> AnyView {
    let desk = &sheet.visit.console().desk;
    let words = &desk.request;
    let request = &sheet.dossier.request;
    let late = request.ends_at() <= context::services().now() && !request.state.is_closed();
    let first = request
        .extended_to
        .map(|_| (words.extended_from)(&sheet.date(request.due_at)));
    let due = view! {
        {sheet.date(request.ends_at())}
        {late.then(|| view! { " " <span class="tag tag-alert">{desk.queue.late}</span> })}
        {first.map(|text| view! { <span class="hint">{text}</span> })}
    };
    let proven = request
        .proven_at
        .map_or_else(|| words.not_proven.to_owned(), |at| sheet.date(at));
    view! {
        <section class="card" aria-labelledby="facts">
            <h2 id="facts">{words.facts}</h2>
            <dl class="facts">
                {fact(words.state, (desk.stage)(request.state.stage()).into_any())}
                {fact(words.received, sheet.date(request.received_at).into_any())}
                {fact(words.due, due.into_any())} {fact(words.proven, proven.into_any())}
                {fact(words.channel, (desk.channel)(request.channel).into_any())}
                {fact(words.who_asks, (desk.role)(request.role).into_any())}
                {fact(words.language, request.locale.as_str().into_any())}
                {fact(words.identity, identity(sheet, place))} {whole(sheet)}
                {fact(words.assignee, forms::assignee(sheet))}
            </dl>
        </section>
    }
    .into_any()
}

/// The number or address, masked, and the way to see it in full.
fn identity(sheet: &Sheet<'_>, place: ConsolePlace) -> AnyView {
    let words = &sheet.visit.console().desk.request;
    let shown = &sheet.dossier.shown;
    let request = &sheet.dossier.request;
    if request.role.is_none() && !request.state.is_closed() {
        return (sheet.visit.console().desk.role)(None).into_any();
    }
    if shown.kind.is_none() {
        return words.destroyed.into_any();
    }
    let path = place.path(sheet.visit.locale);
    let text = shown.identity.clone();
    let text = text.unwrap_or_else(|| words.hidden.to_owned());
    let link = if shown.is_whole {
        view! { <a href=path>{words.hide}</a> }.into_any()
    } else if sheet.may(Act::RevealIdentity) {
        view! {
            <a href=format!("{path}?show=all") aria-describedby="reveal">
                {words.reveal}
            </a>
            <span class="hint" id="reveal">
                {words.reveal_note}
            </span>
        }
        .into_any()
    } else {
        ().into_any()
    };
    view! {
        <span dir="ltr">{text}</span>
        " "
        {link}
    }
    .into_any()
}

/// What is shown besides when everything is.
fn whole(sheet: &Sheet<'_>) -> Option<AnyView> {
    let words = &sheet.visit.console().desk.request;
    let shown = &sheet.dossier.shown;
    let text = |value: &Option<String>| {
        let value = value.clone().unwrap_or_else(|| words.nothing.to_owned());
        view! { <bdi>{value}</bdi> }.into_any()
    };
    shown.is_whole.then(|| {
        view! {
            {fact(words.business, text(&shown.business))}
            {fact(words.contact, text(&shown.contact))}
        }
        .into_any()
    })
}

/// What a part of a request is called.
fn name_of(sheet: &Sheet<'_>, case: &CaseShown) -> String {
    let words = &sheet.visit.console().desk.request;
    if case.is_account {
        return words.own_account.to_owned();
    }
    let business = case.business.clone();
    business.unwrap_or_else(|| words.gone.to_owned())
}

fn parts(sheet: &Sheet<'_>) -> AnyView {
    let desk = &sheet.visit.console().desk;
    let words = &desk.request;
    let cases = &sheet.dossier.cases;
    if cases.is_empty() {
        return view! {
            <section class="card" aria-labelledby="parts">
                <h2 id="parts">{words.parts}</h2>
                <p>{words.parts_none}</p>
            </section>
        }
        .into_any();
    }
    let parts = cases
        .iter()
        .map(|case| {
            let ends = sheet.date(case.extended_to.unwrap_or(case.due_at));
            let named = case.is_named.then_some(words.named);
            view! {
                <li class="part">
                    <p>
                        <strong>
                            <bdi>{name_of(sheet, case)}</bdi>
                        </strong>
                        " "
                        <span class="tag">{(desk.case_stage)(case.stage)}</span>
                        " "
                        <span class="hint">
                            {words.due} " " {ends}
                            {named.map(|text| view! { " · " {text} })}
                        </span>
                    </p>
                    {forms::of_case(sheet, case)}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="parts">
            <h2 id="parts">{words.parts}</h2>
            <ul class="parts">{parts}</ul>
        </section>
    }
    .into_any()
}

fn proposals(sheet: &Sheet<'_>) -> Option<AnyView> {
    let words = &sheet.visit.console().desk.request;
    let proposed = &sheet.dossier.proposed;
    (!proposed.is_empty()).then(|| {
        let each = proposed
            .iter()
            .map(|proposed| proposal(sheet, proposed))
            .collect_view();
        view! {
            <section class="card card-waiting" aria-labelledby="proposals">
                <h2 id="proposals">{words.proposals}</h2>
                {each}
            </section>
        }
        .into_any()
    })
}

fn proposal(sheet: &Sheet<'_>, proposed: &Proposed) -> AnyView {
    let desk = &sheet.visit.console().desk;
    let words = &desk.request;
    let refusal = &proposed.refusal;
    let case = proposed.case.as_ref().and_then(|id| {
        let mut cases = sheet.dossier.cases.iter();
        cases.find(|case| case.id == *id)
    });
    let about = case.map_or_else(|| words.whole.to_owned(), |case| name_of(sheet, case));
    let kept = refusal
        .keep_until
        .map(|at| (words.kept_until)(&sheet.date(at)));
    let law = [
        Some((desk.ground)(refusal.ground).to_owned()),
        Some((words.article)(refusal.ground.article())),
        refusal.statute.clone(),
        kept,
    ];
    let law: Vec<String> = law.into_iter().flatten().collect();
    view! {
        <div class="part">
            <p>
                <strong>
                    <bdi>{about}</bdi>
                </strong>
                " "
                {law.join(", ")}
            </p>
            <blockquote dir="auto">{refusal.explanation.as_str().to_owned()}</blockquote>
            <p class="hint">
                {(words.proposed_by)(&proposed.by, &sheet.date(proposed.expires_at))}
            </p>
            {forms::of_proposal(sheet, proposed)}
        </div>
    }
    .into_any()
}

fn history(sheet: &Sheet<'_>) -> AnyView {
    let words = &sheet.visit.console().desk.request;
    let events = sheet
        .dossier
        .events
        .iter()
        .rev()
        .map(|event| line(sheet, event))
        .collect_view();
    view! {
        <section class="card" aria-labelledby="history">
            <h2 id="history">{words.history}</h2>
            <ol class="history" reversed>
                {events}
            </ol>
        </section>
    }
    .into_any()
}

fn line(sheet: &Sheet<'_>, event: &Event) -> AnyView {
    let desk = &sheet.visit.console().desk;
    let words = &desk.request;
    let case = event.case.as_ref().and_then(|id| {
        let mut cases = sheet.dossier.cases.iter();
        cases.find(|case| case.id.as_str() == id)
    });
    let what = match (&event.case, event.what.parse(), event.what.parse()) {
        (None, Ok(stage), _) => (desk.stage)(stage),
        (Some(_), _, Ok(stage)) => (desk.case_stage)(stage),
        _ => (desk.event)(&event.what).unwrap_or_default(),
    };
    let reasons = event.reasons.iter().map(|word| {
        let ground = word.parse().map(desk.ground).ok();
        ground.or_else(|| word.parse().map(desk.reason).ok())
    });
    let mut notes: Vec<String> = reasons.flatten().map(str::to_owned).collect();
    notes.extend(event.statute.clone());
    notes.extend(event.until.map(|at| (words.until)(&sheet.date(at))));
    notes.extend(event.by.as_deref().map(words.by));
    let zone = &context::services().settings.time_zone;
    view! {
        <li>
            <p>
                <time datetime=event.at.to_rfc3339() class="hint">
                    {zone.moment(event.at, sheet.visit.locale)}
                </time>
                " "
                <strong>{what}</strong>
                {case.map(|case| view! { " · " <bdi>{name_of(sheet, case)}</bdi> })}
                {(!notes.is_empty())
                    .then(|| view! { " " <span class="hint">{notes.join(", ")}</span> })}
            </p>
            {event
                .words
                .clone()
                .map(|text| view! { <blockquote dir="auto">{text}</blockquote> })}
        </li>
    }
    .into_any()
}
