//! The deletions that the staff begins: what waits for a second officer, what was confirmed, and the form that proposes one.

use erasure::{
    staff::{
        Act, Staff,
        deletion::{self, Basis, Begun, Shown, Waiting, What},
    },
    time::Timestamp,
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{ConsolePlace, Visit, inside};
use crate::{
    answer::Flash,
    api::console::ActOnDeletion,
    console::deletions::Draft,
    context,
    locales::sentence,
    pages::{Detour, Page},
    parts::{Ledger, LineField, NoticeBox, Problems, Select},
    wire::Trouble,
};

/// What the parts of the page need.
struct Sheet<'a> {
    visit: &'a Visit,
    staff: &'a Staff,
    /// What was typed into the form that was not taken.
    draft: Draft,
    /// Why it was not taken.
    trouble: Option<Trouble>,
}

impl Sheet<'_> {
    fn may(&self, act: Act) -> bool {
        self.staff.role().may(act)
    }

    fn date(&self, at: Timestamp) -> String {
        let zone = &context::services().settings.time_zone;
        zone.date(at, self.visit.locale)
    }

    /// What was typed before into a field of this form.
    fn typed(&self, act: Act, proposal: &str, field: impl Fn(&Draft) -> &String) -> String {
        if self.draft.is_of(act, proposal) {
            field(&self.draft).clone()
        } else {
            String::new()
        }
    }

    /// Why this form was not taken.
    fn fault(&self, act: Act, proposal: &str) -> Option<AnyView> {
        let trouble = self.trouble.filter(|_| self.draft.is_of(act, proposal))?;
        let words = sentence(self.visit.locale, trouble, context::services().now());
        Some(view! { <p class="field-error">{words}</p> }.into_any())
    }
}

/// The page; only officers see its forms.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let place = ConsolePlace::Deletions;
    let staff = visit.staff(place).await?;
    let (waiting, begun) = match deletion::open(&context::services(), &staff).await {
        Ok(shown) => shown,
        Err(error) => return Err(visit.instead(error, staff, place)),
    };
    let flash = visit.take_flash();
    let sheet = Sheet {
        visit: &visit,
        staff: &staff,
        draft: Draft::read(flash.as_ref().map_or("", Flash::typed)),
        trouble: flash.as_ref().and_then(Flash::trouble),
    };
    let words = &visit.console().deletions;
    let body = view! {
        <Problems locale=visit.locale trouble=sheet.trouble />
        <h1 tabindex="-1">{words.title}</h1>
        {visit.good_news(flash.as_ref()).map(|text| view! { <NoticeBox>{text}</NoticeBox> })}
        <p class="lead">{words.intro}</p>
        {what_waits(&sheet, &waiting)}
        {proposing(&sheet)}
        {what_began(&sheet, &begun)}
    }
    .into_any();
    Ok(inside(words.title, staff, place, body).reporting(&visit, flash.as_ref()))
}

fn what_waits(sheet: &Sheet<'_>, waiting: &[Waiting]) -> AnyView {
    let words = &sheet.visit.console().deletions;
    let (class, body) = if waiting.is_empty() {
        ("card", view! { <p>{words.nothing_waits}</p> }.into_any())
    } else {
        let each = waiting.iter().map(|one| proposal(sheet, one));
        ("card card-waiting", each.collect_view().into_any())
    };
    view! {
        <section class=class aria-labelledby="waiting">
            <h2 id="waiting">{words.waiting}</h2>
            {body}
        </section>
    }
    .into_any()
}

fn proposal(sheet: &Sheet<'_>, waiting: &Waiting) -> AnyView {
    let texts = sheet.visit.console();
    let words = &texts.deletions;
    let what = waiting.shown.as_ref().map_or_else(
        || view! { <strong>{words.gone}</strong> }.into_any(),
        |shown| what(sheet, shown),
    );
    let ground = (words.basis_name)(waiting.basis);
    let article = (texts.desk.request.article)(waiting.basis.article());
    let is_frozen = waiting.shown.as_ref().is_none_or(|shown| shown.is_frozen);
    let notes = [
        waiting.is_own.then_some(words.own),
        is_frozen.then_some(words.frozen),
        (!waiting.is_by_officer).then_some(words.proposer_left),
    ];
    let notes = notes.into_iter().flatten();
    let may_confirm =
        !waiting.is_own && !is_frozen && waiting.is_by_officer && sheet.may(Act::ConfirmDeletion);
    let confirm = waiting
        .shown
        .as_ref()
        .filter(|_| may_confirm)
        .map(|shown| confirming(sheet, waiting, shown));
    view! {
        <div class="part">
            <p>{what}</p>
            <p>{ground} ", " {article}</p>
            <blockquote dir="auto">{waiting.reason.expose().to_owned()}</blockquote>
            <p class="hint">{(words.proposed_by)(&waiting.by, &sheet.date(waiting.expires_at))}</p>
            {notes.map(|note| view! { <p>{note}</p> }).collect_view()}
            {confirm}
            {declining(sheet, waiting)}
        </div>
    }
    .into_any()
}

/// What is to go: the name alone could be another's.
fn what(sheet: &Sheet<'_>, shown: &Shown) -> AnyView {
    let words = &sheet.visit.console().deletions;
    let part = match &shown.what {
        What::Whole => words.whole.to_owned(),
        What::Contact(number) => (words.contact)(number.as_deref()),
    };
    view! {
        <strong>
            <bdi>{shown.name.clone()}</bdi>
        </strong>
        " "
        <code>{shown.slug.clone()}</code>
        ", "
        <bdi>{part}</bdi>
    }
    .into_any()
}

/// What every form says besides its own fields.
fn hidden(sheet: &Sheet<'_>, act: Act, proposal: &str) -> AnyView {
    view! {
        <input type="hidden" name="lang" value=sheet.visit.locale.as_str() />
        <input type="hidden" name="act" value=act.as_str() />
        <input type="hidden" name="proposal" value=proposal.to_owned() />
    }
    .into_any()
}

/// The second officer says once more what is to go, so that nobody confirms by habit.
fn confirming(sheet: &Sheet<'_>, waiting: &Waiting, shown: &Shown) -> AnyView {
    let words = &sheet.visit.console().deletions;
    let (act, id) = (Act::ConfirmDeletion, waiting.id.as_str());
    let label = match shown.what {
        What::Whole => words.retype_slug,
        What::Contact(_) => words.retype_contact,
    };
    view! {
        <form method="post" action=ActOnDeletion::url() class="decision">
            {hidden(sheet, act, id)} <p class="hint">{words.confirm_text}</p>
            {sheet.fault(act, id)}
            <LineField
                id=format!("retyped-{id}")
                name="retyped"
                label
                value=sheet.typed(act, id, |draft| &draft.retyped)
            />
            <button class="button button-danger" type="submit">
                {words.confirm}
            </button>
        </form>
    }
    .into_any()
}

fn declining(sheet: &Sheet<'_>, waiting: &Waiting) -> Option<AnyView> {
    let words = &sheet.visit.console().deletions;
    let label = if waiting.is_own {
        words.withdraw
    } else {
        words.decline
    };
    sheet.may(Act::DeclineDeletion).then(|| {
        view! {
            <form method="post" action=ActOnDeletion::url() class="inline">
                {hidden(sheet, Act::DeclineDeletion, waiting.id.as_str())}
                <button class="button" type="submit">
                    {label}
                </button>
            </form>
        }
        .into_any()
    })
}

fn proposing(sheet: &Sheet<'_>) -> Option<AnyView> {
    let texts = sheet.visit.console();
    let words = &texts.deletions;
    let act = Act::ProposeDeletion;
    if !sheet.may(act) {
        return None;
    }
    let mut grounds = vec![("", texts.desk.choose)];
    grounds.extend(
        Basis::ALL
            .iter()
            .map(|basis| (basis.as_str(), (words.basis_name)(*basis))),
    );
    let typed = sheet.typed(act, "", |draft| &draft.basis);
    let chosen = grounds
        .iter()
        .map(|(value, _)| *value)
        .find(|value| *value == typed);
    let line = |name: &'static str, label: &'static str, value: String| {
        view! { <LineField id=name.to_owned() name label value /> }
    };
    let form = view! {
        <section class="card">
            <details class="fold" open=sheet.draft.is_of(act, "")>
                <summary>{words.propose}</summary>
                <form method="post" action=ActOnDeletion::url() class="decision">
                    {hidden(sheet, act, "")} <p class="hint">{words.propose_text}</p>
                    {sheet.fault(act, "")}
                    {line(
                        "organization",
                        words.organization,
                        sheet.typed(act, "", |draft| &draft.organization),
                    )}
                    {line("identity", words.identity, sheet.typed(act, "", |draft| &draft.identity))}
                    <Select
                        id="basis".to_owned()
                        name="basis"
                        label=words.basis.to_owned()
                        options=grounds
                        chosen=chosen.unwrap_or_default()
                    /> {line("reason", words.reason, sheet.typed(act, "", |draft| &draft.reason))}
                    <button class="button button-danger-quiet" type="submit">
                        {words.propose_submit}
                    </button>
                </form>
            </details>
        </section>
    };
    Some(form.into_any())
}

fn what_began(sheet: &Sheet<'_>, begun: &[Begun]) -> AnyView {
    let words = &sheet.visit.console().deletions;
    let table = if begun.is_empty() {
        view! { <p>{words.nothing_begun}</p> }.into_any()
    } else {
        let rows = begun.iter().map(|one| row(sheet, one)).collect_view();
        let columns = vec![
            words.reference,
            words.what,
            words.basis,
            words.proposed,
            words.confirmed,
            words.day,
            words.state,
        ];
        view! {
            <Ledger caption=words.begun columns in_section=true>
                {rows}
            </Ledger>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="begun">
            <h2 id="begun">{words.begun}</h2>
            {table}
        </section>
    }
    .into_any()
}

fn row(sheet: &Sheet<'_>, begun: &Begun) -> AnyView {
    let words = &sheet.visit.console().deletions;
    let what = if begun.is_whole {
        words.one_organization
    } else {
        words.one_contact
    };
    let name = |email: &Option<String>| email.clone().unwrap_or_else(|| words.unknown.to_owned());
    view! {
        <tr>
            <th scope="row" class="unbroken">
                {begun.reference.clone()}
            </th>
            <td>{what}</td>
            <td>{(words.basis_name)(begun.basis)}</td>
            <td class="breakable">{name(&begun.proposed_by)}</td>
            <td class="breakable">{name(&begun.confirmed_by)}</td>
            <td class="unbroken">{sheet.date(begun.confirmed_at)}</td>
            <td class="unbroken">
                <span class="tag">{(words.state_name)(begun.state)}</span>
            </td>
        </tr>
    }
    .into_any()
}
