//! The queue: what is open, the nearest end first.

use erasure::{
    id::RequestId,
    request::{
        Channel, Stage,
        desk::{self, Assignee, Filter, Item, Need, Position},
    },
    staff::{Act, Staff},
    time::Timestamp,
};
use leptos::prelude::*;

use super::{ConsolePlace, Visit, inside};
use crate::{
    answer::Flash,
    context,
    pages::{Detour, Page, RequestKey},
    parts::{Ledger, NoticeBox, Problems, Select},
};

/// The states in which a request can be open.
const OPEN: [Stage; 5] = [
    Stage::Received,
    Stage::Acknowledged,
    Stage::Proven,
    Stage::InReview,
    Stage::Erasing,
];

/// What fits, from the nearest end on.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let place = ConsolePlace::Requests;
    let staff = visit.staff(place).await?;
    let filter = filter_of(&visit, &staff);
    let services = context::services();
    let behind = position_of(&visit);
    let page = match desk::queue(&services, &staff, &filter, behind.as_ref()).await {
        Ok(page) => page,
        Err(error) => return Err(visit.instead_of_desk(error, staff, place)),
    };
    let totals = match desk::totals(&services, &staff).await {
        Ok(totals) => totals,
        Err(error) => return Err(visit.instead_of_desk(error, staff, place)),
    };
    let flash = visit.take_flash();
    let words = &visit.console().desk.queue;
    let here = place.path(visit.locale);
    let chosen = query(&visit);
    let more = page.more.map(|position| {
        let ends = position.ends_at.as_millis();
        format!("{here}?{chosen}ends={ends}&id={}", position.id)
    });
    let table = if page.items.is_empty() {
        view! { <p>{words.nothing}</p> }.into_any()
    } else {
        table(&visit, &page.items)
    };
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        {visit.good_news(flash.as_ref()).map(|text| view! { <NoticeBox>{text}</NoticeBox> })}
        <p class="lead">{(words.totals)(totals.open, totals.overdue, totals.waiting)}</p>
        {form(&visit)}
        {table}
        <p class="buttons">
            {more.map(|address| view! { <a class="button" href=address>{words.more}</a> })}
            {behind
                .map(|_| view! { <a class="button button-quiet" href=format!("{here}?{chosen}")>{words.first}</a> })}
        </p>
    };
    Ok(inside(words.title, staff, place, body.into_any()).reporting(&visit, flash.as_ref()))
}

/// From the address; what is not understood filters nothing.
fn filter_of(visit: &Visit, staff: &Staff) -> Filter {
    let value = |name: &str| visit.parameter(name).unwrap_or_default();
    let reference = value("reference").trim().to_uppercase();
    Filter {
        stage: value("state").parse().ok(),
        channel: value("channel").parse().ok(),
        names_business: match value("named") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        assignee: match value("assignee") {
            "me" => Some(Assignee::Member(staff.id().clone())),
            "nobody" => Some(Assignee::Nobody),
            _ => None,
        },
        overdue: value("only") == "overdue",
        waiting: value("only") == "waiting",
        reference: (!reference.is_empty()).then_some(reference),
    }
}

fn position_of(visit: &Visit) -> Option<Position> {
    let ends_at: i64 = visit.parameter("ends")?.parse().ok()?;
    let id: RequestId = visit.parameter("id")?.parse().ok()?;
    Some(Position {
        ends_at: Timestamp::from_millis(ends_at),
        id,
    })
}

/// The filter as it stands in an address, with an `&` at its end; only what one of ours could have written.
fn query(visit: &Visit) -> String {
    let is_word = |one: char| one.is_ascii_lowercase() || one == '_';
    ["state", "channel", "named", "assignee", "only"]
        .into_iter()
        .filter_map(|name| {
            let value = visit.parameter(name)?;
            let fits = !value.is_empty() && value.chars().all(is_word);
            fits.then(|| format!("{name}={value}&"))
        })
        .collect()
}

fn form(visit: &Visit) -> AnyView {
    let desk = &visit.console().desk;
    let words = &desk.queue;
    let mut states = vec![("", words.everything)];
    states.extend(OPEN.map(|stage| (stage.as_str(), (desk.stage)(stage))));
    let mut channels = vec![("", words.everything)];
    channels.extend(
        Channel::ALL
            .iter()
            .map(|channel| (channel.as_str(), (desk.channel)(*channel))),
    );
    let assignees = vec![
        ("", words.everything),
        ("me", words.mine),
        ("nobody", words.nobody),
    ];
    let named = vec![
        ("", words.everything),
        ("yes", words.named_yes),
        ("no", words.named_no),
    ];
    let only = vec![
        ("", words.everything),
        ("overdue", words.overdue),
        ("waiting", words.waiting),
    ];
    let select = |name: &'static str,
                  label: &'static str,
                  options: Vec<(&'static str, &'static str)>| {
        let typed = visit.parameter(name).unwrap_or_default();
        let chosen = options
            .iter()
            .map(|(value, _)| *value)
            .find(|value| *value == typed);
        view! {
            <Select id=name.to_owned() name label=label.to_owned() options chosen=chosen.unwrap_or_default() />
        }
    };
    let reference = visit.parameter("reference").unwrap_or_default().to_owned();
    view! {
        <form
            class="filters"
            role="search"
            method="get"
            action=ConsolePlace::Requests.path(visit.locale)
            aria-label=words.filter
        >
            {select("only", words.only, only)}
            {select("state", words.state, states)}
            {select("channel", words.channel, channels)}
            {select("assignee", words.assignee, assignees)}
            {select("named", words.named, named)}
            <div class="field">
                <label for="reference">{words.reference}</label>
                <input
                    id="reference"
                    name="reference"
                    type="text"
                    maxlength="40"
                    spellcheck="false"
                    value=reference
                />
            </div>
            <button class="button" type="submit">
                {words.show}
            </button>
        </form>
    }
    .into_any()
}

fn table(visit: &Visit, items: &[Item]) -> AnyView {
    let words = &visit.console().desk.queue;
    let rows = items.iter().map(|item| row(visit, item)).collect_view();
    view! {
        <Ledger caption=words.caption columns=vec![words.ends, words.reference, words.state, words.who_asks, words.channel, words.assignee]>
            {rows}
        </Ledger>
    }
    .into_any()
}

fn row(visit: &Visit, item: &Item) -> AnyView {
    let desk = &visit.console().desk;
    let words = &desk.queue;
    let services = context::services();
    let is_late = item.ends_at <= services.now();
    let ends = services.settings.time_zone.date(item.ends_at, visit.locale);
    let address = RequestKey::of(&item.id).map(|key| ConsolePlace::Request(key).path(visit.locale));
    let need = match item.need {
        // Its state says so already.
        Some(Need::Decision) if item.stage == Stage::InReview => None,
        Some(Need::Decision) => Some(words.to_decide),
        Some(Need::Second) => Some(words.to_confirm),
        None => None,
    };
    let tag =
        |text: &'static str, class: &'static str| view! { " " <span class=class>{text}</span> };
    view! {
        <tr>
            <td class="unbroken">
                <time datetime=item.ends_at.to_rfc3339()>{ends}</time>
                {is_late.then(|| tag(words.late, "tag tag-alert"))}
                {item.is_extended.then(|| tag(words.extended, "tag"))}
            </td>
            <th scope="row" class="unbroken">
                <a href=address>{item.reference.clone()}</a>
            </th>
            <td>
                {(desk.stage)(item.stage)}
                {need.map(|text| tag(text, "tag tag-due"))}
            </td>
            <td>{(desk.role)(item.role)}</td>
            <td>{(desk.channel)(item.channel)}</td>
            <td class="breakable">
                {item.assignee.clone().unwrap_or_else(|| words.nobody.to_owned())}
            </td>
        </tr>
    }
    .into_any()
}

/// Whether somebody in this role decides anything here.
pub(super) fn works(staff: &Staff) -> bool {
    staff.role().may(Act::AssignRequest)
}
